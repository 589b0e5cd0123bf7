import { equalBytes } from '../wire/bytes.ts';
import type { MacroBlock, Validator } from '../wire/types.ts';

/** A copy of one election block as one peer gave it. All copies have the same hash. */
export interface Copy {
  readonly peer: string;
  readonly subnet: string;
  readonly block: MacroBlock;
}

/** Field by field, byte by byte. */
export function sameValidators(a: readonly Validator[] | undefined, b: readonly Validator[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((one, index) => sameValidator(one, b[index]!));
}

function sameValidator(a: Validator, b: Validator): boolean {
  return (
    a.slots.start === b.slots.start &&
    a.slots.end === b.slots.end &&
    equalBytes(a.address, b.address) &&
    equalBytes(a.signingKey, b.signingKey) &&
    equalBytes(a.votingKey, b.votingKey)
  );
}

/**
 * Which of the copies to believe. The hash of a version 1 election block covers the voting keys only: a peer can change signing keys,
 * addresses and bands, and the hash stays (Albatross block reference, 2.2). So two peers of different subnets must have given the
 * same list. Undefined: no two did, or two different lists have as many supporters.
 */
export function agreedList(copies: readonly Copy[]): { readonly block: MacroBlock; readonly supporters: number; readonly dissenting: readonly Copy[] } | undefined {
  const groups: { block: MacroBlock; subnets: Set<string>; copies: Copy[] }[] = [];
  for (const copy of copies) {
    const group = groups.find(({ block }) => sameValidators(block.header.validators, copy.block.header.validators));
    if (group) {
      group.subnets.add(copy.subnet);
      group.copies.push(copy);
    } else groups.push({ block: copy.block, subnets: new Set([copy.subnet]), copies: [copy] });
  }
  groups.sort((a, b) => b.subnets.size - a.subnets.size);
  const [best, second] = groups;
  if (!best || best.subnets.size < 2 || best.subnets.size === second?.subnets.size) return undefined;
  return { block: best.block, supporters: best.subnets.size, dissenting: copies.filter((copy) => !best.copies.includes(copy)) };
}

export interface CrossCheck {
  readonly block: MacroBlock;
  /** Two agreed, or there was no need. */
  readonly compared: boolean;
  readonly dissenting: readonly string[];
}

/** Copies of distinct subnets that suffice while all are the same. Two liars then need more than luck to be the only ones asked. */
const copiesWanted = 3;

/**
 * The copy of a version 1 election block to go on with: other peers, one of each further subnet, are asked for theirs until three
 * have given the same list; as soon as two differ, all are asked, and the list that most give counts. `fetch` may throw for a peer that has none. When nobody else has one, or two stand against each other, the first
 * copy is as good as any. From version 2 on the hash covers the list.
 */
export async function crossChecked(first: Copy, others: readonly { readonly peer: string; readonly subnet: string }[], fetch: (peer: string) => Promise<MacroBlock | undefined>): Promise<CrossCheck> {
  const copies = [first];
  for (const { peer, subnet } of first.block.header.version >= 2 ? [] : others) {
    if (copies.length >= copiesWanted && copies.every((copy) => sameValidators(copy.block.header.validators, first.block.header.validators))) break;
    if (copies.some((copy) => copy.subnet === subnet || copy.peer === peer)) continue;
    const block = await fetch(peer);
    if (block) copies.push({ peer, subnet, block });
  }
  const agreed = agreedList(copies);
  return { block: agreed?.block ?? first.block, compared: first.block.header.version >= 2 || agreed !== undefined, dissenting: agreed?.dissenting.map(({ peer }) => peer) ?? [] };
}
