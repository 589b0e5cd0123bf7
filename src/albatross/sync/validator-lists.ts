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
