import { askBeside } from '../../../../engine/fetch/ask-beside.ts';
import type { Clock } from '../../../../base/clock.ts';
import { withTimeout } from '../../../../base/with-timeout.ts';
import { countNetworks } from '../../../../engine/peers/witness-network.ts';
import { sameValidators } from '../../chain/same-validators.ts';
import type { MacroBlock } from '../../wire/types.ts';

/** A copy of one election block as one peer gave it. All copies have the same hash. */
export interface Copy {
  readonly peer: string;
  readonly subnet: string;
  /** Given by a node of the network. Copies from Petrel clients are compared, but do not count. */
  readonly witness: boolean;
  readonly block: MacroBlock;
}

/**
 * The copy to start with. The hash of a version 1 election block covers the voting keys only: a peer can change signing keys, addresses and
 * bands, and the hash stays the same (Albatross block reference, 2.2). So two peers of different subnets must have given the same list, and
 * cheap networks (names) alone do not suffice. Undefined: no two did, or two different lists have equally many supporters.
 */
export function agreedList(copies: readonly Copy[]): { readonly block: MacroBlock; readonly supporters: number; readonly dissenting: readonly Copy[] } | undefined {
  const groups: { readonly block: MacroBlock; readonly copies: Copy[] }[] = [];
  for (const copy of copies) {
    const group = groups.find(({ block }) => sameValidators(block.header.validators, copy.block.header.validators));
    if (group) group.copies.push(copy);
    else groups.push({ block: copy.block, copies: [copy] });
  }
  const [best, second] = groups.map((group) => ({ ...group, supporters: witnessesOf(group.copies) })).toSorted((a, b) => b.supporters - a.supporters);
  if (!best || best.supporters < 2 || best.supporters === second?.supporters) return undefined;
  return { block: best.block, supporters: best.supporters, dissenting: copies.filter((copy) => !best.copies.includes(copy)) };
}

/** The number of networks that gave these copies. Petrel clients do not count. */
export function witnessesOf(copies: readonly Pick<Copy, 'subnet' | 'witness'>[]): number {
  return countNetworks(copies.flatMap(({ subnet, witness }) => (witness ? [subnet] : [])), copiesWanted);
}

/** Copies from distinct subnets that suffice if all are the same. Three, so that two liars that happen to be asked are not enough. */
export const copiesWanted = 3;

/** Whether further copies are unnecessary: enough subnets gave one, and all are the same. */
export function enoughCopies(copies: readonly Copy[]): boolean {
  return missing(copies) <= 0;
}

/** How many more copies are needed; if two differ, all available ones. */
function missing(copies: readonly Copy[]): number {
  const same = copies.every((copy) => sameValidators(copy.block.header.validators, copies[0]!.block.header.validators));
  return same ? copiesWanted - witnessesOf(copies) : Number.POSITIVE_INFINITY;
}

/** Milliseconds to wait for one peer's copy before the next peer is asked. A copy that arrives later still counts. */
const patience = 2000;

/** Milliseconds before another peer is asked beside those being asked. */
const hedge = 250;

/**
 * Before a version 1 election block is used, asks other peers for their copies, one peer of each further subnet, until there are enough. As
 * soon as two copies differ, all peers are asked. As many are asked at a time as are needed, and a silent network delays only its own turn.
 * The blocks that follow decide which of different lists is true (`validator-list-dispute.ts`).
 */
export async function gatherCopies(first: Copy, others: readonly Omit<Copy, 'block'>[], clock: Clock, fetch: (peer: string) => Promise<MacroBlock | undefined>): Promise<readonly Copy[]> {
  const copies = [first];
  const rest = first.block.header.version >= 2 ? [] : Array.from(others);
  if (enoughCopies(copies)) return copies;
  const asking = new Set<string>();
  const next = () => {
    const at = rest.findIndex(({ peer, subnet }) => !asking.has(subnet) && copies.every((copy) => copy.subnet !== subnet && copy.peer !== peer));
    return at < 0 ? undefined : rest.splice(at, 1)[0];
  };
  const ask = async ({ peer, subnet }: Omit<Copy, 'block'>): Promise<MacroBlock | undefined> => {
    asking.add(subnet);
    try {
      return await withTimeout(clock, patience, fetch(peer));
    } finally {
      asking.delete(subnet);
    }
  };
  // While enough peers are being asked, wait `hedge` before asking another: they may stay silent.
  const left = (running: number) => (running < missing(copies) ? 0 : hedge);
  for await (const { peer: other, answer: block } of askBeside({ clock, next, ask, most: copiesWanted - 1, patience: left })) {
    if (block) copies.push({ ...other, block });
    if (enoughCopies(copies)) break;
  }
  return copies;
}
