import { maxBeside } from '../../../../engine/fetch/ask-beside.ts';
import { Gathering } from '../../../../engine/fetch/gathering.ts';
import { FetchFailed, fetchInOrder } from '../../../../engine/fetch/fetch-queue.ts';
import { Overtaken } from '../../../../engine/fetch/overtaken.ts';
import { IdleLimit } from '../../../../base/idle-limit.ts';
import { joinSignals } from '../../../../base/tasks.ts';
import { Backoff } from '../../../../base/backoff.ts';
import type { Clock } from '../../../../base/clock.ts';
import type { Random } from '../../../../base/random.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import { bareBytes } from '../../wire/bare-bytes.ts';
import type { MacroChain } from '../../wire/requests.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { MacroBlock } from '../../wire/types.ts';
import type { Asker } from '../ask/asker.ts';
import { AskError } from '../ask/asker.ts';
import type { BulkVerifier } from '../past/bulk-verifier.ts';
import { verifyElections } from '../past/election-run.ts';
import type { Refusal } from '../past/election-run.ts';
import { finalHash } from '../ask/head-verdict.ts';
import { macroLocators } from '../ask/locators.ts';
import { macroChainFault } from '../ask/macro-chain-answer.ts';
import type { PeerId, PeerReport } from '../../../../engine/peers/peer-net.ts';
import type { SyncPeer } from '../net.ts';
import { maxRoundPeers } from '../settings.ts';
import type { SyncSettings } from '../settings.ts';
import { gatherCopies } from '../ask/validator-lists.ts';

/** How many times the patience with one peer an offer may bring no block, while there are others: as many peers as are asked beside each other. */
const idlePatiences = maxBeside;

/** Peers whose macro chain has another hash at a height that the chain holds as final. */
export interface Contradiction {
  readonly peers: readonly PeerId[];
  readonly height: number;
  readonly theirs: Hash;
  readonly ours: Hash;
}

export interface CatchUpOutcome {
  /** Macro blocks by which the chain grew. */
  readonly applied: number;
  readonly refusals: readonly Refusal[];
  readonly contradictions: readonly Contradiction[];
  /** Peers that know none of our locators. */
  readonly strangers: readonly PeerId[];
  /** Peers that gave no usable answer. */
  readonly silent: readonly PeerId[];
  /** Peers that had nothing after our locators. */
  readonly empty: readonly PeerId[];
}

export interface CatchUpOptions {
  readonly chain: LightChain;
  readonly asker: Asker;
  readonly bulk: BulkVerifier;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: SyncSettings;
  /** The peers to ask. */
  readonly peers: readonly SyncPeer[];
  /** Peers that turned out to be ahead since the round began: they may have the blocks too. */
  readonly newcomers: () => readonly PeerId[];
  /** From now on each newcomer is passed to `ask`, which returns whether it takes part, until this is called with undefined. */
  readonly onNewcomer: (ask: ((peer: SyncPeer) => boolean) | undefined) => void;
  /** A peer has nothing after our locators. */
  readonly onEmpty: (peer: SyncPeer) => void;
  /** All peers that can be asked for a second copy of a block, whether or not they take part in this round. */
  readonly others: () => readonly SyncPeer[];
  /** Whether a peer may still be asked. */
  readonly usable: (peer: PeerId) => boolean;
  readonly report: (peer: PeerId, report: PeerReport) => void;
  /** Heights of election blocks: our current one, and the end of the longest offered chain. */
  readonly onProgress?: ((height: number, target: number) => void) | undefined;
  readonly signal: AbortSignal;
}

/** A macro chain as offered, with all peers that offer its last block too. */
export interface Offer {
  readonly epochs: readonly Hash[];
  readonly checkpoint: MacroChain['checkpoint'];
  readonly peers: readonly SyncPeer[];
}

/**
 * One round of catching up. Every peer is asked for its macro chain from our locators; silent peers are waited for only while no offer is of
 * use. The chain whose end most peers offer is fetched
 * block by block, by hash, from all peers that offer the block. The blocks are pushed in order, each checked against the validators before
 * it; then the next offer is taken. An offer proves nothing until its blocks pass, so the order only saves time. Once the chain has grown,
 * offers of few peers wait for the next round: most peers may be done by then, and need not wait for a peer that offers more than it
 * delivers. Albatross block reference, 6.4.
 */
export async function catchUp(options: CatchUpOptions): Promise<CatchUpOutcome> {
  const { chain, asker, clock, settings, signal } = options;
  const start = chain.electionHead.height;
  const outcome = { applied: 0, refusals: [] as Refusal[], contradictions: [] as Contradiction[], strangers: [] as PeerId[], silent: [] as PeerId[], empty: [] as PeerId[] };
  const locators = macroLocators(chain);
  const all: Offer[] = [];
  // Ends the requests of peers that are still silent when the round is over.
  const round = new AbortController();
  const joined = joinSignals(signal, round.signal);
  /** Resolves with whether the peer offers anything. */
  const offerOf = async (peer: SyncPeer): Promise<boolean> => {
    try {
      const answer = await asker.macroChain(peer.id, locators, settings.maxEpochs, joined.signal);
      if (!answer.ok) {
        (answer.error === 'UnknownLocators' ? outcome.strangers : outcome.silent).push(peer.id);
        return false;
      }
      const fault = macroChainFault(answer.value, chain.policy, start, settings.maxEpochs);
      const empty = answer.value.epochs.length === 0 && !answer.value.checkpoint;
      if (empty) {
        outcome.empty.push(peer.id);
        options.onEmpty(peer);
      }
      if (fault) options.report(peer.id, { kind: 'lie', ...fault });
      else all.push({ ...answer.value, peers: [peer] });
      return !fault && !empty;
    } catch (error) {
      joined.signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      outcome.silent.push(peer.id);
      return false;
    }
  };
  const gathering = new Gathering<boolean>(clock, () => asker.patience, (offers) => offers);
  const asked = new Set<PeerId>();
  const ask = (peer: SyncPeer): boolean => {
    if (asked.has(peer.id) || asked.size >= maxRoundPeers) return asked.has(peer.id);
    asked.add(peer.id);
    gathering.add(offerOf(peer));
    return true;
  };
  try {
    options.peers.forEach(ask);
    options.onNewcomer(ask);
    await gathering.most();
    const tried: Offer[] = [];
    const putOff: Offer[] = [];
    let taken = 0;
    for (;;) {
      // Ranked anew each time: offers of slow peers may have come.
      const fresh = nextOffer(all, tried);
      if (!fresh && outcome.applied > 0) break;
      if (!fresh && !gathering.complete) {
        // So far nothing was of use. The silent peers may have it.
        await gathering.all();
        continue;
      }
      // Only the best of those that were put off is tried again in this round: other peers may be ahead by now.
      const offer = fresh ?? putOff.splice(0)[0];
      if (!offer || offer.peers.length * 2 < taken) break;
      if (fresh) tried.push(offer);
      // Peers that keep the blocks of their offer back do not delay the next offer. Theirs is tried again if no other one is of use.
      const limit = new IdleLimit(clock, () => idlePatiences * asker.patience, () => fresh !== undefined && nextOffer(all, tried) !== undefined, signal);
      try {
        await takeOffer(options, offer, (place) => offeringAt(all, place, start, chain.policy.blocksPerEpoch), start, outcome, limit);
      } catch (error) {
        signal.throwIfAborted();
        if (!limit.reached) throw error;
        putOff.push(offer);
        outcome.silent.push(...offer.peers.map(({ id }) => id));
      } finally {
        limit.clear();
      }
      if (outcome.applied > 0) taken ||= offer.peers.length;
    }
  } finally {
    options.onNewcomer(undefined);
    gathering.stop();
    round.abort(new Overtaken());
    joined.release();
  }
  return outcome;
}

/** Merges offers with the same content; every peer that offers the last block supports the offer. Most supporters first, then the longest. */
export function rankOffers(answers: readonly Offer[]): Offer[] {
  const distinct = answers.filter((answer, index) => answers.findIndex((other) => sameOffer(answer, other)) === index);
  return distinct
    .flatMap((offer) => {
      if (offer.epochs.length === 0 && !offer.checkpoint) return [];
      return [{ ...offer, peers: answers.filter((answer) => endsIn(answer, offer)).flatMap(({ peers }) => peers) }];
    })
    .toSorted((a, b) => b.peers.length - a.peers.length || b.epochs.length - a.epochs.length || (b.checkpoint?.blockNumber ?? 0) - (a.checkpoint?.blockNumber ?? 0));
}

/** The best offer that was not tried yet. */
export function nextOffer(answers: readonly Offer[], tried: readonly Offer[]): Offer | undefined {
  return rankOffers(answers).find((one) => !tried.some((other) => sameOffer(one, other)));
}

/** Whether `answer` has the last block of `offer` at the same height. */
function endsIn(answer: Offer, { epochs, checkpoint }: Offer): boolean {
  if (checkpoint) return answer.checkpoint?.hash === checkpoint.hash && answer.checkpoint.blockNumber === checkpoint.blockNumber;
  return answer.epochs[epochs.length - 1] === epochs.at(-1);
}

interface Place {
  readonly hash: Hash;
  readonly height: number;
}

/** The peers that offer this block at this height. A liar can name a true block at a wrong height; other peers that have the block are not to blame. */
export function offeringAt(answers: readonly Offer[], { hash, height }: Place, base: number, blocksPerEpoch: number): PeerId[] {
  const index = (height - base) / blocksPerEpoch - 1;
  const has = ({ epochs, checkpoint }: Offer) => epochs[index] === hash || (checkpoint?.hash === hash && checkpoint.blockNumber === height);
  return answers.filter(has).flatMap(({ peers }) => peers.map(({ id }) => id));
}

function sameOffer(a: Offer, b: Offer): boolean {
  return a.checkpoint?.hash === b.checkpoint?.hash && a.epochs.length === b.epochs.length && a.epochs.every((hash, index) => hash === b.epochs[index]);
}

async function takeOffer(options: CatchUpOptions, offer: Offer, offering: (place: Place) => readonly PeerId[], start: number, outcome: { applied: number; refusals: Refusal[]; contradictions: Contradiction[]; silent: PeerId[] }, limit: IdleLimit): Promise<void> {
  const { chain } = options;
  const { signal } = limit;
  const items = offer.epochs.map((hash, index) => ({ hash, height: start + (index + 1) * chain.policy.blocksPerEpoch }));
  const target = items.at(-1)?.height ?? start;
  if (offer.checkpoint) items.push({ hash: offer.checkpoint.hash, height: offer.checkpoint.blockNumber });
  const wanted: typeof items = [];
  for (const item of items) {
    const ours = finalHash(chain, item.height);
    if (ours !== undefined && ours !== item.hash) {
      const peers = offer.peers.map(({ id }) => id);
      outcome.contradictions.push({ peers, height: item.height, theirs: item.hash, ours });
      return;
    }
    if (item.height > chain.macroHead.height) wanted.push(item);
  }
  const peers = (place: Place) => {
    const present = offering(place).filter(options.usable);
    // If no usable peer offers the block, the newcomers are not asked for it either: only a liar may have named it.
    return present.length === 0 ? [] : [...present, ...options.newcomers().filter(options.usable)];
  };
  // For a wrong height the peers that offered the block there are blamed. The peer that gave the block only answered the question.
  const misplaced = (place: Place): Refusal[] => offering(place).map((peer) => ({ peer, code: 'wrong-height', height: place.height, hash: place.hash }));
  // All election blocks but the last, if there are several. They are verified in bulk, since only the last one's signing keys are ever
  // used.
  const many = wanted.filter(({ height }) => chain.policy.isElection(height)).slice(0, -1);
  if (many.length > 1) {
    const run = await verifyElections({
      ...options,
      signal,
      limit,
      start: { block: chain.electionHead.block, hash: chain.electionHead.hash },
      items: many,
      peers,
      past: undefined,
      onVerified: async (blocks) => {
        const adopted = await chain.adoptVerified(blocks.map(({ block }) => block));
        outcome.applied += adopted;
        options.onProgress?.(chain.electionHead.height, target);
        return adopted === blocks.length;
      },
    });
    if (run.refusal) outcome.refusals.push(...(run.refusal.code === 'wrong-height' ? misplaced(run.refusal) : [run.refusal]));
    if (run.silent) outcome.silent.push(...offering(many[run.verified]!));
    if (run.verified < many.length) return;
    wanted.splice(0, many.length);
  }
  const backoff = new Backoff(options.random, { base: 200, cap: 2000 });
  let got = 0;
  try {
    const fetched = fetchInOrder({
      items: wanted,
      inFlight: options.settings.fetchInFlight,
      peers,
      fetch: async ({ hash }, peer, own) => {
        const block = await options.asker.macroBlock(peer, hash, own);
        limit.progress();
        return block;
      },
      clock: options.clock,
      wait: () => backoff.next(),
      patience: () => options.asker.patience,
      silent: (peer) => options.asker.wasSilent(peer),
      signal,
    });
    for await (const { item, value, peer } of fetched) {
      backoff.reset();
      got += 1;
      if (value.header.blockNumber !== item.height) {
        outcome.refusals.push(...misplaced(item));
        return;
      }
      const last = item === wanted.findLast(({ height }) => chain.policy.isElection(height));
      // Ask for second copies only if the block's signatures are good.
      if (last && (await limit.during(chain.verifyMacroJustification(value, chain.validators, { signal }))) === undefined) await gatherLists({ ...options, signal }, { hash: item.hash, block: value, peer });
      const result = await limit.during(chain.pushMacro(value));
      if (result.result === 'invalid') {
        outcome.refusals.push({ peer, code: result.code, height: item.height, hash: item.hash });
        return;
      }
      if (result.result === 'extended') {
        outcome.applied += 1;
        options.report(peer, { kind: 'useful', bytes: bareBytes(value).length });
      }
      options.onProgress?.(chain.electionHead.height, target);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof FetchFailed)) throw error;
    outcome.silent.push(...offering(wanted[got]!));
  }
}

/**
 * The last election block elects the validators whose signing keys the live sync needs, and a version 1 hash does not cover these. So
 * copies of other peers are gathered before it is used, including those of peers that have left meanwhile.
 */
export async function gatherLists({ asker, clock, others, usable, signal }: Pick<CatchUpOptions, 'asker' | 'clock' | 'others' | 'usable' | 'signal'>, { hash, block, peer }: { readonly hash: Hash; readonly block: MacroBlock; readonly peer: PeerId }): Promise<void> {
  const known = asker.copies.of(hash);
  const silentLast = others().toSorted((a, b) => Number(asker.wasSilent(a.id)) - Number(asker.wasSilent(b.id)));
  const present = silentLast.map(({ id, subnet, witness }) => ({ peer: id, subnet, witness }));
  const { subnet, witness } = known.find((copy) => copy.peer === peer) ?? { subnet: peer, witness: false };
  await gatherCopies({ peer, subnet, witness, block }, [...known, ...present.filter((other) => known.every((copy) => copy.peer !== other.peer))], clock, async (other) => {
    const copy = known.find((given) => given.peer === other)?.block;
    return copy ?? (usable(other) ? await asker.copyOf(other, hash, signal) : undefined);
  });
}
