import { Backoff } from '../../engine/backoff.ts';
import type { Clock } from '../../engine/clock.ts';
import { FetchFailed, fetchInOrder } from '../../engine/fetch-queue.ts';
import type { Random } from '../../engine/random.ts';
import { joinSignals } from '../../engine/tasks.ts';
import { macroBlock } from '../wire/blocks.ts';
import { encode } from '../wire/postcard/codec.ts';
import type { Hash, MacroBlock } from '../wire/types.ts';
import type { Asker } from './asker.ts';
import type { BatchVerdict, BulkVerifier, ElectionStep } from './bulk-verifier.ts';
import type { PeerId, PeerReport } from './net.ts';
import type { Pace } from './pace.ts';
import type { SyncSettings } from './settings.ts';

/** A macro block that breaks a rule on top of the chain, and who sent it. */
export interface Refusal {
  readonly peer: PeerId;
  readonly code: string;
  readonly height: number;
  readonly hash: Hash;
}

/** A verified election block. */
export interface VerifiedElection {
  readonly block: MacroBlock;
  readonly hash: Hash;
  readonly peer: PeerId;
}

export interface ElectionRunOptions {
  readonly asker: Asker;
  readonly bulk: BulkVerifier;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: SyncSettings;
  /** The verified election block that the items follow. */
  readonly start: { readonly block: MacroBlock; readonly hash: Hash };
  /** One for each epoch. */
  readonly items: readonly { readonly hash: Hash; readonly height: number }[];
  /** Who can be asked for one of them now. */
  readonly peers: (item: { readonly hash: Hash; readonly height: number }) => readonly PeerId[];
  readonly report: (peer: PeerId, report: PeerReport) => void;
  /** Given for what must not disturb: verified after everything else, and at this pace. */
  readonly background?: Pace | undefined;
  /** Verified blocks, in order, batch by batch. False: no more is wanted. */
  readonly onVerified: (blocks: readonly VerifiedElection[]) => Promise<boolean> | boolean;
  readonly signal: AbortSignal;
}

export interface ElectionRunOutcome {
  /** Blocks handed to `onVerified`. */
  readonly verified: number;
  readonly refusal?: Refusal | undefined;
  /** Nobody could give the next block. */
  readonly silent: boolean;
}

/** A batch that has waited for its other blocks so long goes without them. Milliseconds. */
const batchPatience = 1000;

type Batch = readonly (ElectionStep & { readonly peer: PeerId })[];

/**
 * Fetches election blocks by hash from many peers at once, checks the cheap rules one after another and the signatures in batches, several
 * at the same time, and hands on what is verified in order. Ends at the first block that breaks a rule. Albatross block reference, 6.4.
 */
export async function verifyElections(options: ElectionRunOptions): Promise<ElectionRunOutcome> {
  const own = new AbortController();
  const joined = joinSignals(options.signal, own.signal);
  try {
    return await run(options, joined.signal);
  } finally {
    own.abort(new FetchFailed('exhausted', 'no longer wanted'));
    joined.release();
  }
}

async function run(options: ElectionRunOptions, signal: AbortSignal): Promise<ElectionRunOutcome> {
  const { bulk, clock, settings, report, items } = options;
  /** In order. Each leaves when it is handed on; the first that ends the run stays, and those behind it say the same. */
  const verifying: Promise<ElectionRunOutcome | undefined>[] = [];
  let verified = 0;
  let gathered: (ElectionStep & { readonly peer: PeerId })[] = [];
  let gatheredSince = 0;
  const flush = () => {
    if (gathered.length === 0) return;
    const steps = gathered;
    gathered = [];
    const verdict = bulk.verify(steps, { signal, background: options.background !== undefined });
    const settled = settle(steps, verdict, verifying.at(-1));
    // They are awaited later, or never when an earlier one fails.
    verdict.catch(() => {});
    settled.catch(() => {});
    verifying.push(settled);
  };
  /** Hands on what is verified as soon as all before it is: an interruption costs no more than what is under way. Defined: the run is over. */
  const settle = async (steps: Batch, verdict: Promise<BatchVerdict>, previous: Promise<ElectionRunOutcome | undefined> | undefined): Promise<ElectionRunOutcome | undefined> => {
    const earlier = await previous;
    if (earlier) return earlier;
    const { good, code } = await verdict;
    const blocks = steps.slice(0, good).map(({ block, hash, peer }) => ({ block, hash, peer }));
    for (const { block, peer } of blocks) report(peer, { kind: 'useful', bytes: encode(macroBlock, block).length });
    verified += blocks.length;
    const more = blocks.length === 0 || (await options.onVerified(blocks));
    const bad = steps[good];
    if (code && bad) return { verified, refusal: { peer: bad.peer, code, height: bad.block.header.blockNumber, hash: bad.hash }, silent: false };
    if (!more) return { verified, silent: false };
    void verifying.shift();
    return undefined;
  };

  let before: ElectionStep['before'] = options.start;
  let refusal: Refusal | undefined;
  let silent = false;
  try {
    for await (const { item, value, peer } of fetched(options, items, signal)) {
      const step = { block: value, hash: item.hash, before, peer };
      // What comes before it may not stand; then that is said, and not this.
      const code = value.header.blockNumber === item.height ? bulk.brokenCheck(step) : 'wrong-height';
      if (code) {
        refusal = { peer, code, height: item.height, hash: item.hash };
        break;
      }
      if (gathered.length === 0) gatheredSince = clock.monotonic();
      gathered.push(step);
      before = { block: value, hash: item.hash };
      // While others are verified nothing is lost by waiting.
      if (gathered.length >= bulk.size.current || (verifying.length === 0 && clock.monotonic() - gatheredSince >= batchPatience)) flush();
      while (verifying.length >= settings.bulkBatches) {
        const over = await verifying[0];
        if (over) return over;
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof FetchFailed)) throw error;
    silent = true;
  }
  flush();
  while (verifying.length > 0) {
    const over = await verifying[0];
    if (over) return over;
  }
  return { verified, refusal, silent };
}

function fetched(options: ElectionRunOptions, items: ElectionRunOptions['items'], signal: AbortSignal) {
  const { asker, bulk, clock, settings, peers, background } = options;
  const backoff = new Backoff(options.random, { base: 200, cap: 2000 });
  return fetchInOrder({
    items,
    inFlight: settings.bulkInFlight,
    peers,
    fetch: async (item, peer, fetchSignal) => {
      await background?.turn(peer, fetchSignal);
      const prepare = (macro: MacroBlock) => bulk.roots.prepare(macro, background !== undefined, fetchSignal);
      const block = await asker.oneOfMany(peer, item.hash, { prepare, last: item === items.at(-1), past: background !== undefined }, fetchSignal);
      backoff.reset();
      return block;
    },
    clock,
    wait: () => backoff.next(),
    signal,
  });
}
