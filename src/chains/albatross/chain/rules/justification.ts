import type { MultiSignatureJob } from '../../../../crypto/jobs.ts';
import { bitSetCount, bitSetMax } from '../../wire/bit-set.ts';
import type { Block, MultiSignature } from '../../wire/types.ts';
import { skipBlockSigHash, voteSigHash } from '../hashes.ts';
import { slotCount, twoFPlusOne } from '../limits.ts';
import { signersOf } from '../slots.ts';
import type { Check, JustificationContext, Rule } from './rule.ts';

/** The validators' aggregate signature: of a macro block's pre-commit votes, or of a skip block's proof. A micro block has none. */
export function aggregateOf(block: Block): MultiSignature | undefined {
  if (block.type === 'macro') return block.justification?.sig;
  return block.justification?.type === 'skip' ? block.justification.proof : undefined;
}

/** True when the compressed point carries the infinity flag. Albatross cryptography reference, section 5. */
const isInfinity = (compressed: Uint8Array) => (compressed.at(-1)! & 0x40) !== 0;

function multiSignatureJob({ block, validators, decodedKey }: JustificationContext, sigHash: Uint8Array | undefined): MultiSignatureJob | 'broken' | undefined {
  const aggregate = aggregateOf(block);
  if (!aggregate) return undefined;
  // The skip block's seed has no entropy.
  if (!sigHash) return 'broken';
  return { kind: 'multi-signature', sigHash, signature: aggregate.signature, signers: signersOf(aggregate.signers, validators, decodedKey) };
}

/** The rules that can be checked without the validators' keys. */
export const justificationForm: readonly Check<Pick<JustificationContext, 'block'>>[] = [
  { code: 'missing-justification', check: ({ block }) => block.type === 'micro' || block.justification !== undefined },
  // The reference implementation once counted such bits as votes (GHSA-6973-8887-87ff).
  { code: 'signer-out-of-range', check: ({ block }) => bitSetMax(aggregateOf(block)?.signers ?? { words: [] }) < slotCount },
  {
    code: 'too-few-signers',
    check: ({ block }) => {
      const aggregate = aggregateOf(block);
      return aggregate === undefined || bitSetCount(aggregate.signers) >= twoFPlusOne;
    },
  },
  // A signature of infinity verifies exactly when the signers' keys sum up to infinity, whatever the message: hash-to-curve never gives
  // infinity. So it proves nothing.
  {
    code: 'infinity-aggregate-key',
    check: ({ block }) => {
      const aggregate = aggregateOf(block);
      return aggregate === undefined || !isInfinity(aggregate.signature);
    },
  },
];

/**
 * The rules for the signatures of a macro or a skip block. Albatross block reference, 5.5 and 5.6. The check of the proposer's signature is
 * a proposer rule.
 */
export const justificationRules: readonly Rule<JustificationContext>[] = [
  ...justificationForm,
  {
    code: 'invalid-skip-proof',
    job: (context) => (context.block.type === 'micro' ? multiSignatureJob(context, skipBlockSigHash(context.block.header)) : undefined),
    blames: () => true,
  },
  {
    code: 'invalid-justification',
    job: (context) => {
      const { block } = context;
      return block.type === 'macro' && block.justification ? multiSignatureJob(context, voteSigHash(block.header, block.justification.round)) : undefined;
    },
    blames: () => true,
  },
];
