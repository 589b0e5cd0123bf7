// Tests: `src/chains/albatross/client/stored-check.test.ts`.
import type { Clock } from '../../../../base/clock.ts';
import { joinSignals } from '../../../../base/tasks.ts';
import { nothingChecked } from '../../chain/checked-counts.ts';
import { unsigned } from '../../chain/block-store.ts';
import { blockHash, forgetKeyRoot } from '../../chain/hashes.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import type { ProofRecord, ProvenBlock } from '../../chain/proof-record.ts';
import { slotBandsFault } from '../../chain/rules/slot-bands.ts';
import { checkZkProof } from '../../chain/rules/zk-proof.ts';
import type { ZkProof } from '../../wire/requests.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { MacroBlock } from '../../wire/types.ts';
import type { BulkVerifier, ElectionStep } from './bulk-verifier.ts';

/**
 * Election blocks verified as one batch; the batches run in parallel. Up to this many in all are verified urgently; if there are more, all
 * run at background priority.
 */
export const urgentSteps = 32;

/** Timestamps were compared with the clock when the blocks arrived; the clock may have been set back since. */
const always = Number.MAX_SAFE_INTEGER;

/** What is stored of the way from genesis or the pinned block. All of it is verified before use. */
export interface StoredWay {
  /** Whole election blocks by hash. */
  get(hash: Hash): MacroBlock | undefined;
  /** The hashes of the stored chain of blocks below an election block, by height. */
  below(block: MacroBlock): ReadonlyMap<number, Hash>;
  readonly proof: { readonly message: ZkProof; readonly block: Hash } | undefined;
}

export interface WayOptions {
  readonly way: StoredWay;
  readonly chain: Pick<LightChain, 'genesis' | 'network'>;
  readonly bulk: BulkVerifier;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly origin: ProofRecord['origin'];
  /** The election block at which the way must end. */
  readonly target: { readonly block: MacroBlock; readonly hash: Hash };
  /** A step whose block was already verified by the rules of `BulkVerifier`. */
  readonly known?: ((step: ElectionStep) => boolean) | undefined;
  /** Called when the first job that decides the outcome was handed over; not called if there is none. */
  readonly onAsked?: (() => void) | undefined;
  readonly signal: AbortSignal;
}

/** `incomplete`: what is stored does not suffice to decide. */
export type WayOutcome =
  /** `row`: the blocks whose signatures are now verified. `base`: where the way begins; its signatures are not verified. */
  | { readonly kind: 'verified'; readonly record: ProofRecord; readonly row: readonly Hash[]; readonly base: Hash }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'refused'; readonly code: string; readonly height: number; readonly hash: Hash };

interface Base {
  readonly block: MacroBlock;
  readonly hash: Hash;
  /** The proof that the base rests on, which is verified first. */
  readonly proof?: ZkProof;
}

/**
 * Verifies the stored election chain as if peers had sent it: the zero-knowledge proof, and block by block all rules and the justification
 * under the preceding validators, up to the target. All jobs run in parallel. Rejects with the signal's reason, or when `verify` does.
 */
export async function verifyStoredWay(options: WayOptions): Promise<WayOutcome> {
  const { way, clock, origin, target } = options;
  const begun = clock.monotonic();
  const hashes = [target.hash, ...way.below(target.block).values()];
  const base = baseOf(options, hashes);
  if (!base) return { kind: 'incomplete' };
  // The archive does not contain the genesis block: then every block of the row is above it.
  const at = hashes.indexOf(base.hash);
  const row = (at < 0 ? hashes : hashes.slice(0, at)).toReversed();
  if (origin === 'pinned') {
    // The pinned block is known by its hash alone, and a version 1 hash does not cover the bands.
    const code = isBlock(base.block, base.hash) ? slotBandsFault(base.block.header.validators ?? []) : 'wrong-block';
    if (code) return { kind: 'refused', code, height: base.block.header.blockNumber, hash: base.hash };
  }
  const outcome = await verifyParts(options, base, row);
  if (outcome) return outcome;
  // If no step was needed, the head is the base itself, whose signatures nothing verifies.
  const head: ProvenBlock = row.length === 0 ? { ...target, block: unsigned(target.block), peer: '' } : { block: signedCopy(options, target.hash)!, hash: target.hash, peer: '' };
  const count = row.length;
  const checked = { ...nothingChecked, electionBlocks: count, justifications: count, proofs: base.proof ? 1 : 0, milliseconds: Math.round(clock.monotonic() - begun) };
  const start = origin === 'pinned' ? base : options.chain.genesis;
  const proof = base.proof && { height: base.block.header.blockNumber, hash: base.hash };
  return { kind: 'verified', record: { origin, from: { height: start.block.header.blockNumber, hash: start.hash }, head, proof, checked }, row, base: base.hash };
}

/** Verifies the proof and all batches in parallel. Returns the first outcome against the way, in their order; undefined: all is good. */
async function verifyParts(options: WayOptions, base: Base, row: readonly Hash[]): Promise<WayOutcome | undefined> {
  const over = new AbortController();
  const joined = joinSignals(options.signal, over.signal);
  const within = { ...options, signal: joined.signal };
  const background = row.length > urgentSteps;
  const parts: Promise<WayOutcome | undefined>[] = base.proof ? [refusedProof(within, base, base.proof, background)] : [];
  const blocks = row.map((hash) => signedCopy(options, hash));
  for (let start = 0; start < row.length; start += urgentSteps) {
    const before = start === 0 ? base : { block: blocks[start - 1], hash: row[start - 1]! };
    parts.push(verifySteps(within, row.slice(start, start + urgentSteps), blocks.slice(start, start + urgentSteps), before, background));
  }
  try {
    for (const part of parts) {
      // Only the first one that fails counts. It ends the others, which then reject unheard.
      part.catch(() => {});
    }
    for (const part of parts) {
      const outcome = await part;
      if (outcome) return outcome;
    }
    options.signal.throwIfAborted();
    return undefined;
  } finally {
    over.abort(new Error('the way is refused'));
    joined.release();
  }
}

/** The block from which no trust is needed, if the hashes (newest first) reach it. */
function baseOf({ way, chain, origin, target }: WayOptions, hashes: readonly Hash[]): Base | undefined {
  const { genesis, network } = chain;
  // The target's own copy comes first, because its hash is computed already.
  const blockOf = (hash: Hash) => (hash === target.hash ? target.block : way.get(hash));
  const hash = origin === 'pinned' ? network.pinnedElection?.hash : network.zkp && way.proof?.block;
  const block = hash !== undefined && hashes.includes(hash) ? blockOf(hash) : undefined;
  if (hash !== undefined && block) return origin === 'pinned' ? { block, hash } : { block, hash, proof: way.proof!.message };
  if (origin === 'pinned') return undefined;
  const oldest = blockOf(hashes.at(-1)!);
  return oldest?.header.parentElectionHash === genesis.hash && genesis.block.type === 'macro' ? { block: genesis.block, hash: genesis.hash } : undefined;
}

async function refusedProof({ chain, bulk, onAsked, signal }: WayOptions, { block, hash }: Base, message: ZkProof, background: boolean): Promise<WayOutcome | undefined> {
  const check = checkZkProof({ message, block, network: chain.network, now: always });
  const valid = async () => {
    if (!('job' in check) || !isBlock(block, hash)) return false;
    const result = bulk.verifyProof(check.job, { signal, background });
    onAsked?.();
    return (await result).valid;
  };
  const code = 'code' in check ? check.code : (await valid()) ? undefined : 'zkp-invalid';
  return code === undefined ? undefined : { kind: 'refused', code, height: block.header.blockNumber, hash };
}

/** The copy whose signatures can be verified, if any. */
function signedCopy({ way, target }: WayOptions, hash: Hash): MacroBlock | undefined {
  return [way.get(hash), hash === target.hash ? target.block : undefined].find((block) => block?.justification !== undefined);
}

/** Verifies consecutive steps of the row as one batch. Returns the outcome against the way; undefined: all are good. */
async function verifySteps(options: WayOptions, row: readonly Hash[], blocks: readonly (MacroBlock | undefined)[], base: { readonly block: MacroBlock | undefined; readonly hash: Hash }, background: boolean): Promise<WayOutcome | undefined> {
  const { bulk, known, onAsked, signal } = options;
  const steps: ElectionStep[] = [];
  let before = base;
  await Promise.all(blocks.map((block) => block && bulk.roots.prepare(block, background, signal)));
  for (const [index, hash] of row.entries()) {
    const block = blocks[index];
    if (!block || !before.block) return { kind: 'incomplete' };
    const refused = (code: string) => ({ kind: 'refused', code, height: block.header.blockNumber, hash }) as const;
    if (!isBlock(block, hash)) return refused('wrong-block');
    const step = { block, hash, before: { block: before.block, hash: before.hash } };
    const code = bulk.brokenCheck(step, always);
    if (code) return refused(code);
    if (!known?.(step)) steps.push(step);
    before = { block, hash };
  }
  if (steps.length === 0) return undefined;
  const { good, code } = await bulk.verify(steps, { signal, background, onAsked });
  const bad = steps[good];
  return code && bad ? { kind: 'refused', code, height: bad.block.header.blockNumber, hash: bad.hash } : undefined;
}

/** Whether the block has this hash. A verifier may have computed a wrong root for its list. */
function isBlock(block: MacroBlock, hash: Hash): boolean {
  const is = () => {
    try {
      return blockHash(block) === hash;
    } catch {
      return false;
    }
  };
  if (is()) return true;
  forgetKeyRoot(block.header);
  return is();
}
