import { createHash, randomUUID } from 'node:crypto';
import { closeSync, cpSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FORMAT } from '../../devnet/chain-file.ts';
import { openChain } from '../../devnet/open-chain.ts';
import { checkOptions } from '../../devnet/options.ts';

export interface HistoryOptions {
  readonly seed: string;
  readonly epochs: number;
  readonly validators: number;
  /** Block version that the chain reaches, one step per election block from the first one on. */
  readonly version?: number;
}

/** 1300 epochs, with the sets, bands and signers of each drawn anew. Tests of proving from genesis measure on it. */
export const LONG_HISTORY: HistoryOptions = { seed: 'long history', epochs: 1300, validators: 60 };

/** Unix milliseconds of the end of every history, so that it is the same on all machines. */
const END = Date.UTC(2026, 8, 1);
/** Raised when the devnet makes different blocks from the same options. */
const CONTENT = 1;
/** Milliseconds between two checks of a lock that another process holds. */
const POLL = 100;
/** Milliseconds. The long history takes half a minute to make, several times that on a busy machine. */
const PATIENCE = 300_000;
const SEAL = 'seal.json';

/** The folder where histories are made and kept between runs; a test can give another. */
export const HISTORIES = join(tmpdir(), 'petrel-histories');

/**
 * Copies the devnet data directory with this history to `into`, which it creates. The caller may change the copy: start a devnet
 * with `data: into`, and leave `epochs` out. The original is made once and kept; a damaged one, or one of another devnet format, is
 * made anew.
 */
export async function copyHistory(options: HistoryOptions, into: string, histories = HISTORIES): Promise<void> {
  const original = await ensureHistory(options, histories);
  mkdirSync(into, { recursive: true });
  for (const file of readdirSync(original)) if (file !== SEAL) cpSync(join(original, file), join(into, file));
}

/** The directory of the original, to which no caller may write. */
export async function ensureHistory(options: HistoryOptions, histories = HISTORIES): Promise<string> {
  mkdirSync(histories, { recursive: true });
  const key = createHash('sha256').update(JSON.stringify([FORMAT, CONTENT, END, options.seed, options.epochs, options.validators, options.version])).digest('hex').slice(0, 16);
  const directory = join(histories, key);
  const unlock = await locked(`${directory}.lock`);
  try {
    if (sealed(directory)) return directory;
    const making = `${directory}.${randomUUID()}`;
    make(options, making);
    rmSync(directory, { recursive: true, force: true });
    renameSync(making, directory);
    return directory;
  } finally {
    unlock();
  }
}

function make(options: HistoryOptions, data: string): void {
  const { file } = openChain(checkOptions({ ...options, data }), options.seed, undefined, () => END);
  file?.close();
  writeFileSync(join(data, SEAL), JSON.stringify(sums(data)));
}

/** SHA-256 of every file by name. */
function sums(directory: string): Readonly<Record<string, string>> {
  const files = readdirSync(directory).filter((file) => file !== SEAL).toSorted();
  return Object.fromEntries(files.map((file) => [file, createHash('sha256').update(readFileSync(join(directory, file))).digest('hex')]));
}

/** Whether the history is complete: all files are as they were after the last write. */
function sealed(directory: string): boolean {
  try {
    return readFileSync(join(directory, SEAL), 'utf8') === JSON.stringify(sums(directory));
  } catch {
    return false;
  }
}

/** Takes the lock file when no living process holds it. Returns a function that releases it. */
async function locked(path: string): Promise<() => void> {
  const until = performance.now() + PATIENCE;
  for (;;) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (abandoned(path)) rmSync(path, { force: true });
    else if (performance.now() > until) throw new Error(`${path} is held for longer than ${PATIENCE} ms`);
    else await sleep(POLL);
  }
}

/**
 * Whether the holder ended without releasing the lock. Two processes that notice this at once may both continue: each makes the
 * same history, and the later one stays.
 */
function abandoned(path: string): boolean {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    // The lock file has no process id yet, or never will: its process was killed before it wrote one.
    if (holder === 0) return Date.now() - statSync(path).mtimeMs > 10 * POLL;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    // ENOENT: the lock was released meanwhile. EPERM: the process is alive and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
