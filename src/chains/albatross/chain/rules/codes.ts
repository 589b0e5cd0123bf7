/**
 * Why a block was refused: one code for each rule.
 *
 * - Intrinsic: `wrong-network`, `version-too-low`, `unsupported-version` (newer than this client), `wrong-block-type` (macro or micro
 *   against its height), `timestamp-too-far-ahead`, `extra-data-too-long`, `skip-block-extra-data`, `missing-validators`,
 *   `unexpected-validators`, `missing-interlink`, `unexpected-interlink`, `slot-bands-not-contiguous`, `wrong-slot-total`,
 *   `punished-slot-out-of-range`, `seed-not-a-point`.
 * - Against the predecessor: `wrong-block-number`, `wrong-parent-hash`, `wrong-skip-timestamp`, `wrong-skip-seed`,
 *   `timestamp-before-parent`, `version-step`.
 * - Against the macro head: `not-a-macro-block`, `not-after-macro-head`, `jumps-over-election-block`, `wrong-parent-election-hash`,
 *   `timestamp-before-macro-head`, `macro-version-step`.
 * - Proposer: `missing-signature` (micro block), `invalid-seed`, `invalid-signature`.
 * - Justification: `missing-justification` (macro block), `signer-out-of-range`, `too-few-signers`, `infinity-aggregate-key`,
 *   `invalid-skip-proof`, `invalid-justification`.
 * - Voting keys of an election block: `invalid-voting-key`.
 * - Taken on trust: `not-an-election-block`.
 */
export const blockErrorCodes = [
  'wrong-network',
  'version-too-low',
  'unsupported-version',
  'wrong-block-type',
  'timestamp-too-far-ahead',
  'extra-data-too-long',
  'skip-block-extra-data',
  'missing-validators',
  'unexpected-validators',
  'missing-interlink',
  'unexpected-interlink',
  'slot-bands-not-contiguous',
  'wrong-slot-total',
  'punished-slot-out-of-range',
  'seed-not-a-point',
  'wrong-block-number',
  'wrong-parent-hash',
  'wrong-skip-timestamp',
  'wrong-skip-seed',
  'timestamp-before-parent',
  'version-step',
  'not-a-macro-block',
  'not-after-macro-head',
  'jumps-over-election-block',
  'wrong-parent-election-hash',
  'timestamp-before-macro-head',
  'macro-version-step',
  'missing-signature',
  'invalid-seed',
  'invalid-signature',
  'missing-justification',
  'signer-out-of-range',
  'too-few-signers',
  'infinity-aggregate-key',
  'invalid-skip-proof',
  'invalid-justification',
  'invalid-voting-key',
  'not-an-election-block',
] as const;

export type BlockErrorCode = (typeof blockErrorCodes)[number];
