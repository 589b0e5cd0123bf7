/**
 * Which zero-knowledge proofs the peers have. `none`: no proofs, as nodes of 2.x. `fresh`: a proof of the newest election block.
 * `stale`: a proof of the one before it. `forged`: a proof of the newest that does not verify.
 */
export const ZKP_MODES = ['none', 'fresh', 'stale', 'forged'] as const;
export type ZkpMode = (typeof ZKP_MODES)[number];
