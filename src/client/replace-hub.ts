import { ClientError } from '../bridge/errors.ts';
import { holdLock, seizeLock, stealLock, type HeldLock, type Locks } from '../bridge/life/liveness-lock.ts';
import type { Names } from '../bridge/life/names.ts';
import type { Clock } from '../base/clock.ts';

/**
 * Hubs of one build that may hang at the same time; each of them may occupy a core. They end with the last tab, or by themselves if they
 * wake up.
 */
export const MAX_HUNG_HUBS = 3;

/**
 * Milliseconds that another tab may take to start a new hub: two waits for a worker's answer. A frozen tab would keep the lock for ever.
 */
const REPLACING_TIMEOUT = 60_000;

interface Options {
  readonly names: Names;
  readonly locks: Locks;
  readonly clock: Clock;
}

/**
 * The generation of this build's newest living hub; 0 if there is none. It is read from the locks that hubs hold. So it needs no storage,
 * is the same for all tabs, and starts again at 0 when all hubs are gone.
 */
export async function newestGeneration({ names, locks }: Pick<Options, 'names' | 'locks'>): Promise<number> {
  return Math.max(0, ...(await livingGenerations(names, locks)));
}

/** The generations of this build's living hubs. */
export async function livingGenerations(names: Names, locks: Locks): Promise<readonly number[]> {
  return (await hubLocks(names, locks)).map(({ generation }) => generation);
}

interface ReplaceOptions extends Options {
  readonly generation: number;
  readonly silent?: boolean;
  readonly seize?: ((least: number) => Promise<void>) | undefined;
}

/**
 * Replaces the silent hub of `generation`, and resolves with the result of `start` for the new hub's generation. One tab does this for all;
 * a tab that comes later finds it done. The owner lock is taken away only from the silent hub, never from a working hub of another build.
 *
 * `silent`: the hub never sent a message, because it hangs or because it was ended while it loaded. Its name is not used again, because the
 * name may still lead to what is left of it. If the next hub is silent too, one more is started. `seize` takes the seat for this tab from
 * an elected tab that brings no hub, or a hub that hangs.
 * @throws ClientError `hub-hangs` if more than `MAX_HUNG_HUBS` hang, and what `start` throws.
 */
export async function replaceHub<T>(options: ReplaceOptions, start: (generation: number) => Promise<T>): Promise<T> {
  const { generation, seize } = options;
  for (;;) {
    const turn = await takeTurn(options);
    try {
      const next = await nextStep(options, turn);
      if (next === 'lost-turn') continue;
      if (next !== 'replace') return await start(next);
      await seize?.(generation + 1);
      return await start(generation + 1).catch((error: unknown) => {
        if (seize || !(error instanceof ClientError && error.code === 'hub-unreachable')) throw error;
        return start(generation + 2);
      });
    } finally {
      turn.release();
    }
  }
}

/**
 * The generation to connect to, or `replace`: a new hub must be started. `lost-turn`: this tab was frozen, and another one has the turn now.
 * The newest generation is read again at the end, because this tab may have been frozen after it was read.
 */
async function nextStep(options: ReplaceOptions, turn: Turn): Promise<number | 'replace' | 'lost-turn'> {
  const { names, locks, generation, silent } = options;
  const hubs = await hubLocks(names, locks);
  const newest = Math.max(0, ...hubs.map((hub) => hub.generation));
  if (newest > generation) return newest;
  const hung = hubs.filter((hub) => hub.generation === generation);
  if (hung.length === 0 && !silent) return turn.lost ? 'lost-turn' : generation;
  if (hubs.length > MAX_HUNG_HUBS) throw new ClientError('hub-hangs', { times: hubs.length });
  const owner = await holderOf(names.owner, locks);
  if (owner !== undefined && hung.some(({ clientId }) => clientId === owner)) await stealLock(locks, names.owner);
  const now = await newestGeneration(options);
  if (now > generation) return now;
  return turn.lost ? 'lost-turn' : 'replace';
}

async function hubLocks(names: Names, locks: Locks): Promise<readonly { readonly generation: number; readonly clientId: string | undefined }[]> {
  const { held = [] } = await locks.query();
  return held.flatMap(({ name = '', clientId }) => {
    const generation = name.includes('/hub/') ? names.generationOf(name) : undefined;
    return generation === undefined ? [] : [{ generation, clientId }];
  });
}

/** The client that holds the lock; undefined if none does. */
async function holderOf(name: string, locks: Locks): Promise<string | undefined> {
  const { held = [] } = await locks.query();
  return held.find((lock) => lock.name === name)?.clientId;
}

/** This tab's turn to replace a hub. */
interface Turn {
  /** Another tab has taken it, because this one was frozen for long. */
  readonly lost: boolean;
  release(): void;
}

function turnOf({ ended, release }: HeldLock): Turn {
  const turn = { lost: false, release };
  void ended.then((how) => (turn.lost = how === 'taken'));
  return turn;
}

/** Waits until other tabs have finished replacing. A tab that does not finish in time is frozen, and loses its turn to one that waits. */
async function takeTurn({ names, locks, clock }: Options): Promise<Turn> {
  for (;;) {
    const waiting = new AbortController();
    const cancel = clock.after(REPLACING_TIMEOUT, () => waiting.abort());
    const first = holderOf(names.replacing, locks);
    first.catch(() => undefined);
    try {
      return turnOf(await holdLock(locks, names.replacing, { signal: waiting.signal }));
    } catch (error) {
      if (!waiting.signal.aborted) throw error;
    } finally {
      cancel();
    }
    // If several tabs wait, the turn may have passed to another one, which gets the same time.
    const now = await holderOf(names.replacing, locks);
    if (now !== undefined && now === (await first)) return turnOf(await seizeLock(locks, names.replacing));
  }
}
