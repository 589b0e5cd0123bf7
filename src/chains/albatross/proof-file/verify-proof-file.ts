import type { Hash } from '../../../base/hash.ts';
import type { AnswerBlock } from '../../../engine/questions.ts';
import { reaches, type TrustLevel } from '../../../engine/trust.ts';
import type { FiledAnchor, ProofFile } from './proof-file.ts';
import { ProofFileError } from './proof-file-error.ts';
import { proveStatement } from './prove-statement.ts';
import type { RestsOn, VerifiedProof } from './verified-proof.ts';
import { type Reached, StepVerifier, type StepsOptions } from './verify-steps.ts';

export interface ProofFileOptions extends StepsOptions {
  /** Hashes of election blocks that the caller trusts, beside the one that is pinned in the network's parameters. */
  readonly trusted?: readonly Hash[] | undefined;
  /** Less is refused. Default `pinned`: a file that rests on a block which only the file names proves nothing by itself. */
  readonly minLevel?: TrustLevel | undefined;
}

/**
 * Verifies a decoded proof file against the network's parameters, which are taken as checked. A file is final: it has no pending block.
 * Throws `ProofFileError`, or the signal's reason.
 */
export async function verifyProofFile(file: ProofFile, options: ProofFileOptions): Promise<VerifiedProof> {
  const { network, signal, minLevel = 'pinned' } = options;
  if (file.genesisHash !== network.genesisHash) throw new ProofFileError('other-network', { expected: network.genesisHash, came: file.genesisHash });
  const steps = new StepVerifier(options);
  const anchor = await steps.anchor(file.anchor);
  const restsOn = restsOnOf(file.anchor, anchor, options);
  const level = restsOn.kind !== 'named' ? 'proven' : restsOn.pinned ? 'pinned' : 'claimed';
  if (!reaches(level, minLevel)) throw new ProofFileError('level-too-low', { level, wanted: minLevel, height: restsOn.height, hash: restsOn.hash });
  let ground: Reached = anchor;
  let final: Reached = anchor;
  for (const step of file.steps) {
    signal?.throwIfAborted();
    ground = await steps.step(ground, step);
    if (ground.block.type === 'macro') final = ground;
  }
  const signed = file.steps.filter(({ type }) => type === 'signed').length;
  return {
    network: { name: network.name, genesisHash: network.genesisHash, development: network.development === true },
    statement: proveStatement(file.statement, { network, ground, final: final.block.header.blockNumber }),
    level,
    finality: 'final',
    block: placeOf(ground),
    finalBy: placeOf(final),
    restsOn,
    checked: { signed, named: file.steps.length - signed },
  };
}

function restsOnOf({ type }: FiledAnchor, { block, hash }: Reached, { network, trusted = [] }: ProofFileOptions): RestsOn {
  const height = block.header.blockNumber;
  return type === 'named' ? { kind: type, height, hash, pinned: hash === network.pinnedElection?.hash || trusted.includes(hash) } : { kind: type, height, hash };
}

function placeOf({ block, hash }: Reached): AnswerBlock {
  return { height: block.header.blockNumber, hash, timestamp: block.header.timestamp };
}
