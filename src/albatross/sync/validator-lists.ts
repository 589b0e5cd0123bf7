import { sameValidators } from '../chain/same-validators.ts';
import type { MacroBlock } from '../wire/types.ts';

/** A copy of one election block as one peer gave it. All copies have the same hash. */
export interface Copy {
  readonly peer: string;
  readonly subnet: string;
  /** Given by a node of the network. Other copies are compared, but count for nothing. */
  readonly witness: boolean;
  readonly block: MacroBlock;
}

/**
 * Which of the copies to begin with. The hash of a version 1 election block covers the voting keys only: a peer can change signing keys,
 * addresses and bands, and the hash stays (Albatross block reference, 2.2). So two peers of different subnets must have given the
 * same list. Undefined: no two did, or two different lists have as many supporters.
 */
export function agreedList(copies: readonly Copy[]): { readonly block: MacroBlock; readonly supporters: number; readonly dissenting: readonly Copy[] } | undefined {
  const groups: { block: MacroBlock; subnets: Set<string>; copies: Copy[] }[] = [];
  for (const copy of copies) {
    const group = groups.find(({ block }) => sameValidators(block.header.validators, copy.block.header.validators));
    if (group) {
      if (copy.witness) group.subnets.add(copy.subnet);
      group.copies.push(copy);
    } else groups.push({ block: copy.block, subnets: new Set(copy.witness ? [copy.subnet] : []), copies: [copy] });
  }
  groups.sort((a, b) => b.subnets.size - a.subnets.size);
  const [best, second] = groups;
  if (!best || best.subnets.size < 2 || best.subnets.size === second?.subnets.size) return undefined;
  return { block: best.block, supporters: best.subnets.size, dissenting: copies.filter((copy) => !best.copies.includes(copy)) };
}

/** Copies of distinct subnets that suffice while all are the same. Two liars then need more than luck to be the only ones asked. */
export const copiesWanted = 3;

/** Whether there is no need to ask for further copies: enough subnets gave one, and no two differ. */
export function enoughCopies(copies: readonly Copy[]): boolean {
  return new Set(copies.filter(({ witness }) => witness).map(({ subnet }) => subnet)).size >= copiesWanted && copies.every((copy) => sameValidators(copy.block.header.validators, copies[0]!.block.header.validators));
}

/**
 * Has other peers give their copies of a version 1 election block before it is used, one of each further subnet, until there are enough;
 * as soon as two differ, all are asked. What is done about a difference is decided by the blocks that follow (`list-trial.ts`).
 */
export async function gatherCopies(first: Copy, others: readonly Omit<Copy, 'block'>[], fetch: (peer: string) => Promise<MacroBlock | undefined>): Promise<readonly Copy[]> {
  const copies = [first];
  for (const { peer, subnet, witness } of first.block.header.version >= 2 ? [] : others) {
    if (enoughCopies(copies)) break;
    if (copies.some((copy) => copy.subnet === subnet || copy.peer === peer)) continue;
    const block = await fetch(peer);
    if (block) copies.push({ peer, subnet, witness, block });
  }
  return copies;
}
