import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { loadGenesis } from '../../src/chains/albatross/chain/genesis.ts';
import { policyOf } from '../../src/chains/albatross/chain/policy-of.ts';
import type { Validator } from '../../src/chains/albatross/wire/types.ts';
import { FakeChain } from '../support/fake-chain.ts';
import type { FakeBlock, FakeEra } from '../support/fake-chain.ts';

const policy = policyOf(unitAlbatross);
const [first] = loadGenesis(unitAlbatross).header.validators!;
/** Height up to which the chain of an era is made once for all worlds. */
export const highest = 760;

/** Eight candidates. Each epoch elects five of them, with different slot bands. */
const pool = Array.from({ length: 8 }, (_, index): Omit<Validator, 'slots'> => ({
  address: new Uint8Array(20).fill(index),
  votingKey: first!.votingKey.with(0, index).with(31, 255 - index),
  signingKey: new Uint8Array(32).fill(100 + index),
}));

function drawn(epoch: number): readonly Validator[] {
  if (epoch <= 1) return [first!];
  const bounds = [0, 40 + ((epoch * 37) % 60), 170, 290 + ((epoch * 53) % 90), 420, 512];
  return bounds.slice(1).map((end, index) => ({ ...pool[(epoch * 3 + index) % pool.length]!, slots: { start: bounds[index]!, end } }));
}

const eras: readonly FakeEra[] = [
  { elect: () => [first!] },
  { elect: drawn },
  { elect: () => [first!], upgrade: 2 },
  { elect: drawn, upgrade: 3 },
  { elect: drawn, upgrade: 1 },
];
const chains = new Map<number, { readonly chain: FakeChain; readonly blocks: readonly FakeBlock[] }>();

/** The chain that all worlds of an era start with; each world then continues it separately. */
export function commonChain(index: number): { readonly chain: FakeChain; readonly blocks: readonly FakeBlock[] } {
  const known = chains.get(index);
  if (known) return known;
  const chain = new FakeChain(0, undefined, eras[index]).growTo(highest);
  const made = { chain, blocks: Array.from({ length: highest - policy.genesisNumber + 1 }, (_, offset) => chain.at(policy.genesisNumber + offset)) };
  chains.set(index, made);
  return made;
}
