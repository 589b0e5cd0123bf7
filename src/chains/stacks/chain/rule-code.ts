/**
 * The rules of this chain that a header or block can break, each named after what is wrong.
 *
 * - `shadow`: a block without signatures that a node counts as signed. It is refused unless it is pinned.
 * - `signature`: no key can have made a signature, or the miner's.
 * - `signer-stranger`, `signer-twice`, `signer-order`: a signer outside the set, there twice, or in another order than the version allows.
 * - `weight`: the signers have less weight than the threshold.
 * - `miner`: the miner's key is not that of the sortition.
 * - `transaction-root`, `transaction-twice`: the transactions are not those of the header, or one is there twice.
 * - `tenure-start`: a block that should start a tenure does not, or not as the protocol wants.
 * - `parent`, `height`, `time`, `burn`: a child does not follow its parent.
 */
export type RuleCode =
  | 'shadow' | 'signature' | 'signer-stranger' | 'signer-twice' | 'signer-order' | 'weight' | 'miner' | 'transaction-root' | 'transaction-twice' | 'tenure-start' | 'parent' | 'height' | 'time' | 'burn';
