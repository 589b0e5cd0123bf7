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
  /** Block version from the first election block on, one step at each. */
  readonly version?: number;
}

/** 1300 epochs, the sets, bands and signers of each drawn anew: what proving from genesis is measured on. */
export const LONG_HISTORY: HistoryOptions = { seed: 'long history', epochs: 1300, validators: 60 };

/** Unix milliseconds at which every history ends, so that it is the same on all machines. */
const END = Date.UTC(2026, 8, 1);
/** Raised when the devnet makes other blocks from the same options. */
const CONTENT = 1;
/** Milliseconds between two looks at a lock that another process has. */
const POLL = 100;
/** Milliseconds; the long history takes half a minute to make, several times that on a busy machine. */
const PATIENCE = 300_000;
const SEAL = 'seal.json';

/** Where histories are made and kept, from run to run; a test gives its own. */
export const HISTORIES = join(tmpdir(), 'petrel-histories');

/**
 * A devnet's data directory with this history, at `into` (which is made), for the caller to use up: start a devnet with `data: into`, and leave `epochs` out.
 * The original is made once and kept; what is damaged, and what another devnet's format made, is made anew.
 */
export async function copyHistory(options: HistoryOptions, into: string, histories = HISTORIES): Promise<void> {
  const original = await ensureHistory(options, histories);
  mkdirSync(into, { recursive: true });
  for (const file of readdirSync(original)) if (file !== SEAL) cpSync(join(original, file), join(into, file));
}

/** The directory of the original; nobody may write there. */
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

/** Whether it is whole: every file as it was when the last was written. */
function sealed(directory: string): boolean {
  try {
    return readFileSync(join(directory, SEAL), 'utf8') === JSON.stringify(sums(directory));
  } catch {
    return false;
  }
}

/** Takes the lock file, when its holder is done or dead. Returns what gives it back. */
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

/** Its holder has ended without giving it back. Two that find this out at once may both go on: each makes the same, and the later one stays. */
function abandoned(path: string): boolean {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    // Not written yet, or never: by a process that was killed between the two.
    if (holder === 0) return Date.now() - statSync(path).mtimeMs > 10 * POLL;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    // ENOENT: it was given back meanwhile. EPERM: alive, and another user's.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
