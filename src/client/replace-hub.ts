import { ClientError } from '../bridge/errors.ts';
import { holdLock, stealLock, type Locks } from '../bridge/life/liveness-lock.ts';
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

/**
 * Replaces the silent hub of `generation`, and resolves with the result of `start` for the new hub's generation. One tab does this for all;
 * a tab that comes later finds it done. The owner lock is taken away only from the silent hub, never from a working hub of another build.
 *
 * `silent`: the hub never sent a message, because it hangs or because it was ended while it loaded. Its name is not used again, because the
 * name may still lead to what is left of it. If the next hub is silent too, one more is started. `seize` takes the seat for this tab from
 * an elected tab that brings no hub, or a hub that hangs.
 * @throws ClientError `hub-hangs` if more than `MAX_HUNG_HUBS` hang, and what `start` throws.
 */
export async function replaceHub<T>(options: Options & { readonly generation: number; readonly silent?: boolean; readonly seize?: ((least: number) => Promise<void>) | undefined }, start: (generation: number) => Promise<T>): Promise<T> {
  const { names, locks, clock, generation, silent, seize } = options;
  const release = await takeTurn(options, clock);
  try {
    const hubs = await hubLocks(names, locks);
    const newest = Math.max(0, ...hubs.map((hub) => hub.generation));
    if (newest > generation) return await start(newest);
    const hung = hubs.filter((hub) => hub.generation === generation);
    if (hung.length === 0 && !silent) return await start(generation);
    if (hubs.length > MAX_HUNG_HUBS) throw new ClientError('hub-hangs', { times: hubs.length });
    const { held = [] } = await locks.query();
    const owner = held.find(({ name }) => name === names.owner);
    if (owner && hung.some(({ clientId }) => clientId === owner.clientId)) await stealLock(locks, names.owner);
    await seize?.(generation + 1);
    return await start(generation + 1).catch((error: unknown) => {
      if (seize || !(error instanceof ClientError && error.code === 'hub-unreachable')) throw error;
      return start(generation + 2);
    });
  } finally {
    release();
  }
}

async function hubLocks(names: Names, locks: Locks): Promise<readonly { readonly generation: number; readonly clientId: string | undefined }[]> {
  const { held = [] } = await locks.query();
  return held.flatMap(({ name = '', clientId }) => {
    const generation = name.includes('/hub/') ? names.generationOf(name) : undefined;
    return generation === undefined ? [] : [{ generation, clientId }];
  });
}

/** Waits until other tabs have finished replacing; the returned function ends our turn. */
async function takeTurn({ names, locks }: Options, clock: Clock): Promise<() => void> {
  const waiting = new AbortController();
  const cancel = clock.after(REPLACING_TIMEOUT, () => waiting.abort());
  try {
    const turn = await holdLock(locks, names.replacing, { signal: waiting.signal });
    return turn.release;
  } catch (error) {
    if (!waiting.signal.aborted) throw error;
    // The tab that has the turn is frozen. When it wakes up it will find our hub.
    return () => undefined;
  } finally {
    cancel();
  }
}
