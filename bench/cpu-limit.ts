import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';

/** Microseconds of the period in which Linux enforces the share. */
const PERIOD = 20_000;

/** A Linux control group that limits a process and its children to a share of one core. Needs root. */
export class CpuLimit {
  readonly #folder: string;

  /** @param percent of one core. @throws where the system has no control groups, or this process may not create them. */
  constructor(percent: number) {
    const quota = (PERIOD * percent) / 100;
    // Version 1 has a separate tree for each controller, version 2 has one tree.
    const first = existsSync('/sys/fs/cgroup/cpu/cpu.shares');
    this.#folder = `/sys/fs/cgroup/${first ? 'cpu/' : ''}petrel-bench-${process.pid}`;
    mkdirSync(this.#folder);
    if (first) {
      this.#write('cpu.cfs_period_us', PERIOD);
      this.#write('cpu.cfs_quota_us', quota);
    } else this.#write('cpu.max', `${quota} ${PERIOD}`);
  }

  /** Adds the process, and all processes that it starts from now on. */
  add(pid: number): void {
    this.#write('cgroup.procs', pid);
  }

  /** Removes the group. All of its processes must have ended. */
  close(): void {
    rmdirSync(this.#folder);
  }

  #write(file: string, value: string | number): void {
    writeFileSync(`${this.#folder}/${file}`, String(value));
  }
}
