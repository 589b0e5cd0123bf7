import type { Outcome } from '../../../engine/follow/followed-chain.ts';
import type { Hs2Block } from '../chain/hs2-block.ts';

/** Two outcomes in a row as one. A block that the first adopts and the second reverts is in neither list. */
export function joined(first: Outcome<Hs2Block> | undefined, second: Outcome<Hs2Block>): Outcome<Hs2Block> {
  if (first?.kind !== 'adopted') return second;
  if (second.kind === 'known' || second.kind === 'held') return first;
  if (second.kind !== 'adopted') return { ...second, earlier: { adopted: first.adopted, reverted: first.reverted } };
  const undone = new Set(second.reverted.map(({ id }) => id));
  const adopted = [...first.adopted.filter(({ id }) => !undone.has(id)), ...second.adopted];
  const fresh = new Set(first.adopted.map(({ id }) => id));
  return { kind: 'adopted', adopted, reverted: [...second.reverted.filter(({ id }) => !fresh.has(id)), ...first.reverted] };
}
