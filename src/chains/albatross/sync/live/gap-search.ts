import { Backoff } from '../../../../base/backoff.ts';
import type { Clock } from '../../../../base/clock.ts';
import { FetchFailed, fetchInOrder } from '../../../../engine/fetch/fetch-queue.ts';
import type { Random } from '../../../../base/random.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { Asker } from '../ask/asker.ts';
import { blockLocators } from '../ask/locators.ts';
import type { HashedBlock } from '../ask/gap-answer.ts';
import type { PeerId, PeerReport } from '../../../../engine/peers/peer-net.ts';

export interface GapSearchOptions {
  readonly chain: LightChain;
  readonly asker: Asker;
  readonly clock: Clock;
  readonly random: Random;
  /** The peers in live sync, best first. */
  readonly live: () => readonly PeerId[];
  /** All peers that have announced a block that builds on the target. */
  readonly announcers: (target: Hash) => readonly PeerId[];
  /** How often in a row a peer has not given what it had announced: such peers are asked last. */
  readonly withheld: (peer: PeerId) => number;
  readonly report: (peer: PeerId, report: PeerReport) => void;
  /** The peer knows none of our locators. */
  readonly onStranger: (peer: PeerId) => void;
}

/** A search for the blocks up to a target, over several answers. */
export interface GapSearch {
  readonly target: Hash;
  /** Asked first: this peer announced a block that builds on the target. */
  readonly first: PeerId;
  /** Peers that did not announce it may have the target too, so they are asked whatever its announcers answer. */
  readonly ofRound: boolean;
  /** A further locator. */
  readonly extra: Hash | undefined;
  /** Peers whose answers did not help. */
  readonly spent: ReadonlySet<PeerId>;
  /** Peers that say they lack the target, or do not answer. Filled here. */
  readonly without: Set<PeerId>;
}

/**
 * Asks for missing blocks until one peer gives some: first the announcer, then other peers, beside a silent one. If all announcers deny having the target, there
 * is no reason to believe that it exists, and no other peer is asked.
 */
export async function searchGap(options: GapSearchOptions, search: GapSearch, signal: AbortSignal): Promise<{ readonly blocks: readonly HashedBlock[]; readonly peer: PeerId } | undefined> {
  const { target, first, ofRound, extra, spent, without } = search;
  const { chain, asker, clock, random, report } = options;
  const backoff = new Backoff(random, { base: 200, cap: 2000 });
  const denied = new Set<PeerId>();
  const announcers = () => {
    const live = options.live();
    return [first, ...options.announcers(target)].filter((peer, index, all) => all.indexOf(peer) === index && live.includes(peer));
  };
  const peers = () => {
    const standing = announcers();
    const byMerit = (all: readonly PeerId[]) => all.filter((peer) => !spent.has(peer)).toSorted((a, b) => options.withheld(a) - options.withheld(b));
    const others = options.live().filter((peer) => !standing.includes(peer));
    // Announcers must show their blocks first: made-up targets must not burden other peers.
    return ofRound ? byMerit([...standing, ...others]) : [...byMerit(standing), ...byMerit(others)];
  };
  // An announcer is asked first even if it was silent lately: made-up targets must not burden other peers.
  const silent = (peer: PeerId) => ofRound && asker.wasSilent(peer);
  const attempt = async (_: Hash, peer: PeerId, signal: AbortSignal) => {
    if (!ofRound && announcers().every((announcer) => denied.has(announcer))) throw new FetchFailed('exhausted', 'nobody stands by it');
    without.add(peer);
    const answer = await asker.missingBlocks(peer, { target, locators: blockLocators(chain, extra) }, chain.policy, signal);
    if (answer.kind === 'usable') {
      without.delete(peer);
      return answer.blocks;
    }
    if (answer.kind === 'refused') {
      report(peer, { kind: 'useless', code: `missing-blocks-${answer.error}` });
      if (answer.error === 'UnknownLocators') options.onStranger(peer);
      if (answer.error === 'TargetHashNotFound' || answer.error === 'TargetBlockNotOnMainChain') denied.add(peer);
    } else if (answer.kind === 'empty') report(peer, { kind: 'useless', code: 'missing-blocks-empty' });
    throw new Error(answer.kind);
  };
  try {
    for await (const { value, peer } of fetchInOrder({ items: [target], inFlight: 1, peers, fetch: attempt, clock, wait: () => backoff.next(), patience: () => asker.patience, silent, signal })) return { blocks: value, peer };
  } catch (error) {
    if (!(error instanceof FetchFailed)) throw error;
  }
  return undefined;
}
