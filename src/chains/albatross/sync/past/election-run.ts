// Tests: `src/chains/albatross/sync/past/past-verifier.test.ts`.
import { Backoff } from '../../../../base/backoff.ts';
import type { IdleLimit } from '../../../../base/idle-limit.ts';
import type { Clock } from '../../../../base/clock.ts';
import { FetchFailed, fetchInOrder } from '../../../../engine/fetch/fetch-queue.ts';
import type { Random } from '../../../../base/random.ts';
import { joinSignals } from '../../../../base/tasks.ts';
import { bareBytes } from '../../wire/bare-bytes.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { PastWay } from './past-doubt.ts';
import type { MacroBlock } from '../../wire/types.ts';
import type { Asker } from '../ask/asker.ts';
import type { BatchVerdict, BulkVerifier, ElectionStep } from './bulk-verifier.ts';
import type { PeerId, PeerReport } from '../../../../engine/peers/peer-net.ts';
import type { BackgroundRateLimit } from './background-rate-limit.ts';
import type { SyncSettings } from '../settings.ts';

/** A macro block that breaks a rule on top of the chain, and the peer that sent it. */
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
  /** The verified election block that the items build on. */
  readonly start: { readonly block: MacroBlock; readonly hash: Hash };
  /** One item for each epoch. */
  readonly items: readonly { readonly hash: Hash; readonly height: number }[];
  /** The peers that can be asked for an item now. */
  readonly peers: (item: { readonly hash: Hash; readonly height: number }) => readonly PeerId[];
  readonly report: (peer: PeerId, report: PeerReport) => void;
  /** Set if the blocks are of the past: see `PeerReport`. */
  readonly past: PastWay | undefined;
  /** Set for background work: it has the lowest priority and keeps to this rate. */
  readonly background?: BackgroundRateLimit | undefined;
  /** Is told when a block comes, and how long blocks are being verified. */
  readonly limit?: IdleLimit | undefined;
  /** Receives verified blocks, in order, batch by batch. Returns false when no more are wanted. */
  readonly onVerified: (blocks: readonly VerifiedElection[]) => Promise<boolean> | boolean;
  readonly signal: AbortSignal;
}

export interface ElectionRunOutcome {
  /** Number of blocks handed to `onVerified`. */
  readonly verified: number;
  readonly refusal?: Refusal | undefined;
  /** No peer gave the next block. */
  readonly silent: boolean;
}

/** Milliseconds after which an incomplete batch is verified as it is. */
const batchPatience = 1000;

type Batch = readonly (ElectionStep & { readonly peer: PeerId })[];

/**
 * Fetches election blocks by hash from many peers at once, checks the cheap rules block by block and the signatures in batches, several at
 * the same time, and passes verified blocks on in order. Ends at the first block that breaks a rule. Albatross block reference, 6.4.
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
  /** Batches in order. A batch leaves the list when it was passed on. The first batch that ends the run stays, and later batches resolve with its outcome. */
  const verifying: Promise<ElectionRunOutcome | undefined>[] = [];
  let verified = 0;
  let gathered: (ElectionStep & { readonly peer: PeerId })[] = [];
  let gatheredSince = 0;
  const flush = () => {
    if (gathered.length === 0) return;
    const steps = gathered;
    gathered = [];
    const verifyingNow = bulk.verify(steps, { signal, background: options.background !== undefined });
    const verdict = options.limit?.during(verifyingNow) ?? verifyingNow;
    const settled = settle(steps, verdict, verifying.at(-1));
    // Errors are handled where these are awaited, or ignored when an earlier batch fails.
    verdict.catch(() => {});
    settled.catch(() => {});
    verifying.push(settled);
  };
  /** Passes on a verified batch as soon as all earlier ones are, so that an interruption loses only work under way. Returns the outcome if the run is over. */
  const settle = async (steps: Batch, verdict: Promise<BatchVerdict>, previous: Promise<ElectionRunOutcome | undefined> | undefined): Promise<ElectionRunOutcome | undefined> => {
    const earlier = await previous;
    if (earlier) return earlier;
    const { good, code } = await verdict;
    const blocks = steps.slice(0, good).map(({ block, hash, peer }) => ({ block, hash, peer }));
    for (const { block, peer } of blocks) report(peer, { kind: 'useful', bytes: bareBytes(block).length });
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
      // An earlier block may still fail; then that failure is reported instead of this one.
      const code = value.header.blockNumber === item.height ? bulk.brokenCheck(step) : 'wrong-height';
      if (code) {
        refusal = { peer, code, height: item.height, hash: item.hash };
        break;
      }
      if (gathered.length === 0) gatheredSince = clock.monotonic();
      gathered.push(step);
      before = { block: value, hash: item.hash };
      // While another batch is being verified, waiting for more blocks costs nothing.
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
  const { asker, bulk, clock, settings, peers, past, background, limit } = options;
  const backoff = new Backoff(options.random, { base: 200, cap: 2000 });
  return fetchInOrder({
    items,
    inFlight: settings.bulkInFlight,
    peers,
    fetch: async (item, peer, fetchSignal, at) => {
      at('waiting');
      await background?.turn(peer, fetchSignal);
      const prepare = (macro: MacroBlock) => bulk.roots.prepare(macro, background !== undefined, fetchSignal);
      const block = await asker.oneOfMany(peer, item.hash, { prepare, last: item === items.at(-1), past, at }, fetchSignal);
      backoff.reset();
      limit?.progress();
      return block;
    },
    clock,
    wait: () => backoff.next(),
    patience: () => asker.patience,
    silent: (peer) => asker.wasSilent(peer),
    signal,
  });
}
