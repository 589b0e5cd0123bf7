import { readFile } from 'node:fs/promises';
import type { BrowserProcess } from './browser.ts';

/** The kind of memory figure. PSS counts a page shared by n processes as 1/n in each; RSS counts it whole in each. */
export type MemoryKind = 'PSS' | 'RSS';

export interface Memory {
  readonly kind: MemoryKind;
  /** Bytes of all processes of the browser. */
  readonly total: number;
  /** Bytes of its renderer processes, where pages and workers run. */
  readonly renderers: number;
}

/** Memory of a browser from Linux's /proc: PSS where it is readable for every process, otherwise RSS. Undefined on other systems. */
export async function memoryOf(processes: readonly BrowserProcess[]): Promise<Memory | undefined> {
  if (process.platform !== 'linux') return undefined;
  for (const [kind, file] of [['PSS', 'smaps_rollup'], ['RSS', 'status']] as const) {
    const read = await Promise.all(processes.map(({ id }) => bytesOf(`/proc/${id}/${file}`, kind)));
    if (read.some((bytes) => bytes === undefined)) continue;
    const sum = (fits: (type: string) => boolean): number => processes.reduce((total, { type }, i) => total + (fits(type) ? read[i]! : 0), 0);
    return { kind, total: sum(() => true), renderers: sum((type) => type === 'renderer') };
  }
  return undefined;
}

async function bytesOf(path: string, kind: MemoryKind): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const kilobytes = (kind === 'PSS' ? /^Pss:\s+(\d+) kB/mu : /^VmRSS:\s+(\d+) kB/mu).exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
