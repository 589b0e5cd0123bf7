import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';

/** Microseconds in which the share is counted. */
const PERIOD = 20_000;

/** A control group of Linux that holds a process and its children to a share of one core. Needs to be root. */
export class CpuLimit {
  readonly #folder: string;

  /** @param percent of one core. @throws where there are no control groups, or they are not ours to make. */
  constructor(percent: number) {
    const quota = (PERIOD * percent) / 100;
    // Version 1 has a tree for each controller, version 2 one for all.
    const first = existsSync('/sys/fs/cgroup/cpu/cpu.shares');
    this.#folder = `/sys/fs/cgroup/${first ? 'cpu/' : ''}petrel-bench-${process.pid}`;
    mkdirSync(this.#folder);
    if (first) {
      this.#write('cpu.cfs_period_us', PERIOD);
      this.#write('cpu.cfs_quota_us', quota);
    } else this.#write('cpu.max', `${quota} ${PERIOD}`);
  }

  /** The process, and whatever it starts from now on. */
  add(pid: number): void {
    this.#write('cgroup.procs', pid);
  }

  /** When all of its processes have ended. */
  close(): void {
    rmdirSync(this.#folder);
  }

  #write(file: string, value: string | number): void {
    writeFileSync(`${this.#folder}/${file}`, String(value));
  }
}
