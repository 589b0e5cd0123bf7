import type { Verify, ZkProofJob } from '../../../crypto/jobs.ts';
import { fromHex } from '../../wire/bytes.ts';
import type { ZkProof } from '../../wire/requests.ts';
import type { MacroBlock } from '../../wire/types.ts';
import { blockKind } from '../block-kind.ts';
import { loadGenesis } from '../genesis.ts';
import { blockHash, macroVoteHash } from '../hashes.ts';
import type { NetworkParameters } from '../network-parameters.ts';
import { policyOf } from '../policy.ts';
import type { BlockErrorCode } from './codes.ts';
import { intrinsicRules } from './intrinsic.ts';
import { firstBrokenCheck } from './run-rules.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/**
 * Why a zero-knowledge proof was refused, besides the rules that its election block breaks:
 *
 * - `zkp-no-key`: the network has no verifying key; nothing should have been asked.
 * - `zkp-block-missing`: the proof came without the election block it is about.
 * - `zkp-block-differs`: it names another height than that block has.
 * - `zkp-missing`: a message without a proof, which is right for the genesis block alone.
 * - `zkp-invalid`: the proof is none, or of another block, another genesis block or other circuits.
 */
export type ZkpErrorCode = BlockErrorCode | 'zkp-no-key' | 'zkp-block-missing' | 'zkp-block-differs' | 'zkp-missing' | 'zkp-invalid';

export interface ZkpContext {
  readonly message: ZkProof;
  /** The block that came with it, or our own of that height. Its body and justification are not looked at. */
  readonly block: MacroBlock | undefined;
  readonly network: NetworkParameters;
  /** Our clock, unix milliseconds. */
  readonly now: number;
}

/** `job` decides; `genesis`: the message says that there is no proof yet, which needs none. */
export type ZkpCheck = { readonly code: ZkpErrorCode } | { readonly job: ZkProofJob } | { readonly genesis: true };

/**
 * What can be said of a proof without verifying it. The proof binds the BLAKE2s of the header alone, so the block's height and kind are
 * looked at here. Whether it is newer than what we have is for the sync. Albatross cryptography reference, 7.5.
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

/** The code of the refusal; undefined: the block is proven, or the message rightly says that there is no proof yet. Rejects only when `verify` does. */
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
    // It may have dropped the block meanwhile, or never have been asked for it.
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
