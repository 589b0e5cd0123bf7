import type { Verify, ZkProofJob } from '../../../../crypto/jobs.ts';
import { fromHex } from '../../../../base/bytes.ts';
import type { ZkProof } from '../../wire/requests.ts';
import type { MacroBlock } from '../../wire/types.ts';
import { blockKind } from '../block-kind.ts';
import { loadGenesis } from '../genesis.ts';
import { blockHash, macroVoteHash } from '../hashes.ts';
import type { NetworkParameters } from '../network.ts';
import { policyOf } from '../policy-of.ts';
import type { BlockErrorCode } from './codes.ts';
import { intrinsicRules } from './intrinsic.ts';
import { firstBrokenCheck } from './run-rules.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/**
 * Why a zero-knowledge proof was refused, besides the rules that its election block breaks:
 *
 * - `zkp-no-key`: the network has no verifying key, so no proof should have been requested.
 * - `zkp-block-missing`: the proof came without the election block it is about.
 * - `zkp-block-differs`: it names a height other than that block's.
 * - `zkp-missing`: a message without a proof, which is right for the genesis block alone.
 * - `zkp-invalid`: the proof is invalid, or is for another block, another genesis block or other circuits.
 */
export type ZkpErrorCode = BlockErrorCode | 'zkp-no-key' | 'zkp-block-missing' | 'zkp-block-differs' | 'zkp-missing' | 'zkp-invalid';

export interface ZkpContext {
  readonly message: ZkProof;
  /** The block that came with the proof, or our own block of that height. Its body and justification are not checked. */
  readonly block: MacroBlock | undefined;
  readonly network: NetworkParameters;
  /** Our clock, unix milliseconds. */
  readonly now: number;
}

/** `job`: its result decides; `genesis`: the message says that there is no proof yet, which needs no proof. */
export type ZkpCheck = { readonly code: ZkpErrorCode } | { readonly job: ZkProofJob } | { readonly genesis: true };

/**
 * Checks a proof as far as possible without verifying it. The proof binds only the BLAKE2s hash of the header, so the block's height and
 * kind are checked here. Whether it is newer than what we have is left to the sync. Albatross cryptography reference, 7.5.
 */
export function checkZkProof({ message, block, network, now }: ZkpContext): ZkpCheck {
  if (!network.zkp) return { code: 'zkp-no-key' };
  const policy = policyOf(network);
  if (!message.proof) {
    if (message.blockNumber !== policy.genesisNumber) return { code: 'zkp-missing' };
    return !block || blockHash(block) === network.genesisHash ? { genesis: true } : { code: 'zkp-block-differs' };
  }
  if (!block) return { code: 'zkp-block-missing' };
  if (block.header.blockNumber !== message.blockNumber) return { code: 'zkp-block-differs' };
  const kind = blockKind(block);
  const code = firstBrokenCheck(intrinsicRules, { block, hash: blockHash(block), kind, network, policy, now });
  if (code) return { code };
  if (kind !== 'election') return { code: 'not-an-election-block' };
  const { verifyingKey, keysCommitment } = network.zkp;
  return {
    job: {
      kind: 'zk-proof',
      proof: message.proof,
      verifyingKey: fromHex(verifyingKey),
      keysCommitment: fromHex(keysCommitment),
      genesisHash: macroVoteHash(loadGenesis(network).header),
      finalHash: macroVoteHash(block.header),
    },
  };
}

/** The code of the refusal. Undefined: the block is proven, or the message correctly says that there is no proof yet. Rejects only when `verify` does. */
export async function judgeZkProof(context: ZkpContext, verify: Verify, signal?: AbortSignal): Promise<ZkpErrorCode | undefined> {
  const check = checkZkProof(context);
  if ('code' in check) return check.code;
  if ('genesis' in check) return undefined;
  return (await verify(check.job, { signal })).valid ? undefined : 'zkp-invalid';
}

/** What a refusal says about the peer that sent the message. */
export function zkpVerdictOf(code: ZkpErrorCode): Verdict {
  switch (code) {
    case 'zkp-no-key':
    // The peer may have dropped the block meanwhile, or the request did not ask for it.
    case 'zkp-block-missing':
      return 'ignore';
    case 'zkp-block-differs':
    case 'zkp-missing':
    case 'zkp-invalid':
      return 'ban';
    default:
      return verdictOf(code);
  }
}
