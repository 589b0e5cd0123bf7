import { stealLock, type Locks } from '../../bridge/life/liveness-lock.ts';
import type { Names } from '../../bridge/life/names.ts';
import { fieldsOf } from '../../bridge/ports/port.ts';
import type { Clock } from '../../base/clock.ts';

/** Milliseconds between two requests to the owner: an owner that has just started missed the first one. */
const ASK_INTERVAL = 1_000;

/**
 * Milliseconds an older owner has for its flush, counted while this hub runs. A transaction takes at most a second on a slow phone; a hung
 * owner says nothing.
 */
const PATIENCE = 10_000;

/** How often one hub may take the lock from an owner that does not answer. More hung owners in a row are no accident. */
const MAX_STEALS = 3;

/**
 * The build of the hub that holds the owner lock, compared with ours. A hub that hung and was replaced is an older generation: the next
 * generation sees it as `older`, and it sees the next one as `successor`.
 */
export type OwnerBuild = 'older' | 'same' | 'successor' | 'newer';

/** The used part of a `BroadcastChannel` that all hubs of this origin and network share. */
export type HandoverChannel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'removeEventListener'>;

export interface HandoverOptions {
  readonly names: Names;
  readonly build: string;
  /** For a hub for all tabs: the name of its worker, which contains its generation. */
  readonly worker?: string | undefined;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly channel: HandoverChannel;
}

/**
 * Two builds open at once: the newer one asks the older for the owner lock, and the older closes in order and releases it. Generations of
 * one build do the same.
 */
export class Handover {
  readonly #options: HandoverOptions;
  #steals = 0;

  constructor(options: HandoverOptions) {
    this.#options = options;
  }

  /** Calls `listener` whenever a newer build or our successor asks for the lock. The returned function removes the listener. */
  onAsked(listener: (by: 'successor' | 'newer') => void): () => void {
    const { channel, build } = this.#options;
    const onMessage = ({ data }: MessageEvent) => {
      const { kind, build: theirs, worker } = fieldsOf(data) ?? {};
      if (kind !== 'hand-over' || typeof theirs !== 'string') return;
      const by = theirs === build && typeof worker === 'string' ? this.#compare(worker) : theirs > build ? 'newer' : 'older';
      if (by === 'newer' || by === 'successor') listener(by);
    };
    channel.addEventListener('message', onMessage);
    return () => channel.removeEventListener('message', onMessage);
  }

  /**
   * For a hub that waits in line for the owner lock: asks an older owner to release it until the returned function is called, and takes it
   * away from an owner that has not released it in time. `onOwner` is told at every check which build holds it.
   */
  insist(onOwner: (build: OwnerBuild) => void): () => void {
    const { channel, build, worker, clock, locks, names } = this.#options;
    let ended = false;
    let asked = 0;
    let cancel = () => {};
    const look = async () => {
      const owner = await this.#ownerBuild();
      if (ended) return;
      if (owner) onOwner(owner);
      asked = owner === 'older' ? asked + 1 : 0;
      if (asked > PATIENCE / ASK_INTERVAL && this.#steals < MAX_STEALS) {
        this.#steals++;
        asked = 0;
        await stealLock(locks, names.owner);
      } else if (asked > 0) {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none: it is of one origin
        channel.postMessage({ kind: 'hand-over', build, worker });
      }
      if (!ended) cancel = clock.after(ASK_INTERVAL, again);
    };
    const again = () => void look().catch(() => undefined);
    again();
    return () => {
      ended = true;
      cancel();
    };
  }

  /** Undefined if no hub holds the lock, or the holder's build is unknown. */
  async #ownerBuild(): Promise<OwnerBuild | undefined> {
    const { locks, names, build } = this.#options;
    const { held = [] } = await locks.query();
    const owner = held.find(({ name }) => name === names.owner);
    const [hub] = held.flatMap(({ name = '', clientId }) => (owner && clientId === owner.clientId && names.buildOf(name) !== undefined ? [name] : []));
    if (hub === undefined) return undefined;
    const theirs = names.buildOf(hub) as string;
    return theirs < build ? 'older' : theirs > build ? 'newer' : this.#compare(hub);
  }

  /** Compares with a hub of our build, by the name of its worker or of its lock. */
  #compare(other: string): 'older' | 'same' | 'successor' {
    const { names, worker = '' } = this.#options;
    const [ours, theirs] = [names.generationOf(worker), names.generationOf(other)];
    if (ours === undefined || theirs === undefined || ours === theirs) return 'same';
    return theirs < ours ? 'older' : 'successor';
  }
}
