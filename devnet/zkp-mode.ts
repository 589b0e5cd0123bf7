/**
 * What the peers have of zero-knowledge proofs. `none`: they answer as nodes of 2.x, which know nothing of them. `fresh`: of the newest
 * election block. `stale`: of the one before it. `forged`: of the newest, and worth nothing.
 */
export const ZKP_MODES = ['none', 'fresh', 'stale', 'forged'] as const;
export type ZkpMode = (typeof ZKP_MODES)[number];
