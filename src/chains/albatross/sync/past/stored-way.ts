import type { Clock } from '../../../../base/clock.ts';
import { nothingChecked } from '../../../../engine/trust.ts';
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

/** Election blocks verified as one batch. Up to this many in all are verified urgently; if there are more, all run at background priority. */
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
 * Verifies the stored election chain as if peers had sent it: the zero-knowledge proof, then block by block all rules and the justification
 * under the preceding validators, up to the target. Rejects with the signal's reason, or when `verify` does.
 */
export async function verifyStoredWay(options: WayOptions): Promise<WayOutcome> {
  const { way, clock, origin, target, signal } = options;
  const begun = clock.monotonic();
  const hashes = [target.hash, ...way.below(target.block).values()];
  const base = baseOf(options, hashes);
  if (!base) return { kind: 'incomplete' };
  // The archive does not contain the genesis block: then every block of the row is above it.
  const at = hashes.indexOf(base.hash);
  const row = (at < 0 ? hashes : hashes.slice(0, at)).toReversed();
  const background = row.length > urgentSteps;
  if (origin === 'pinned') {
    // The pinned block is known by its hash alone, and a version 1 hash does not cover the bands.
    const code = isBlock(base.block, base.hash) ? slotBandsFault(base.block.header.validators ?? []) : 'wrong-block';
    if (code) return { kind: 'refused', code, height: base.block.header.blockNumber, hash: base.hash };
  }
  if (base.proof) {
    const refused = await refusedProof(options, base, base.proof, background);
    if (refused) return refused;
  }
  let before: ElectionStep['before'] = base;
  for (let start = 0; start < row.length; start += urgentSteps) {
    const step = await verifySteps(options, row.slice(start, start + urgentSteps), before, background);
    signal.throwIfAborted();
    if ('kind' in step) return step;
    before = step;
  }
  // If no step was needed, the head is the base itself, whose signatures nothing verifies.
  const head: ProvenBlock = before === base ? { ...target, block: unsigned(target.block), peer: '' } : { ...before, peer: '' };
  const count = row.length;
  const checked = { ...nothingChecked, electionBlocks: count, justifications: count, proofs: base.proof ? 1 : 0, milliseconds: Math.round(clock.monotonic() - begun) };
  const start = origin === 'pinned' ? base : options.chain.genesis;
  const proof = base.proof && { height: base.block.header.blockNumber, hash: base.hash };
  return { kind: 'verified', record: { origin, from: { height: start.block.header.blockNumber, hash: start.hash }, head, proof, checked }, row, base: base.hash };
}

/** The block from which no trust is needed, if the hashes (newest first) reach it. */
function baseOf({ way, chain, origin, target }: WayOptions, hashes: readonly Hash[]): Base | undefined {
  const { genesis, network } = chain;
  const blockOf = (hash: Hash) => way.get(hash) ?? (hash === target.hash ? target.block : undefined);
  const hash = origin === 'pinned' ? network.pinnedElection?.hash : network.zkp && way.proof?.block;
  const block = hash !== undefined && hashes.includes(hash) ? blockOf(hash) : undefined;
  if (hash !== undefined && block) return origin === 'pinned' ? { block, hash } : { block, hash, proof: way.proof!.message };
  if (origin === 'pinned') return undefined;
  const oldest = blockOf(hashes.at(-1)!);
  return oldest?.header.parentElectionHash === genesis.hash && genesis.block.type === 'macro' ? { block: genesis.block, hash: genesis.hash } : undefined;
}

async function refusedProof({ chain, bulk, signal }: WayOptions, { block, hash }: Base, message: ZkProof, background: boolean): Promise<WayOutcome | undefined> {
  const check = checkZkProof({ message, block, network: chain.network, now: always });
  const code = 'code' in check ? check.code : 'genesis' in check || !isBlock(block, hash) || !(await bulk.verifyProof(check.job, { signal, background })).valid ? 'zkp-invalid' : undefined;
  return code === undefined ? undefined : { kind: 'refused', code, height: block.header.blockNumber, hash };
}

/** The copy whose signatures can be verified, if any. */
function signedCopy({ way, target }: WayOptions, hash: Hash): MacroBlock | undefined {
  return [way.get(hash), hash === target.hash ? target.block : undefined].find((block) => block?.justification !== undefined);
}

/** Verifies the steps of the row. Returns the last one if all are good. */
async function verifySteps(options: WayOptions, row: readonly Hash[], base: ElectionStep['before'], background: boolean): Promise<ElectionStep['before'] | WayOutcome> {
  const { bulk, signal } = options;
  const steps: ElectionStep[] = [];
  let before = base;
  const blocks = row.map((hash) => signedCopy(options, hash));
  await Promise.all(blocks.map((block) => block && bulk.roots.prepare(block, background, signal)));
  for (const [index, hash] of row.entries()) {
    const block = blocks[index];
    if (!block) return { kind: 'incomplete' };
    const refused = (code: string) => ({ kind: 'refused', code, height: block.header.blockNumber, hash }) as const;
    if (!isBlock(block, hash)) return refused('wrong-block');
    const step = { block, hash, before };
    const code = bulk.brokenCheck(step, always);
    if (code) return refused(code);
    steps.push(step);
    before = { block, hash };
  }
  const { good, code } = await bulk.verify(steps, { signal, background });
  const bad = steps[good];
  if (code && bad) return { kind: 'refused', code, height: bad.block.header.blockNumber, hash: bad.hash };
  return before;
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
