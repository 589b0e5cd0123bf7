import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { policyOf } from '../../src/chains/albatross/chain/policy-of.ts';
import type { MacroBlock } from '../../src/chains/albatross/wire/types.ts';
import { nothingChecked } from '../../src/chains/albatross/chain/checked-counts.ts';
import type { Anchor } from '../../src/engine/trust.ts';
import type { StoredChain } from '../../src/chains/albatross/store/store.ts';
import type { FakeChain } from '../support/fake-chain.ts';
import type { Chance } from './chance.ts';

const policy = policyOf(unitAlbatross);

/** An anchor that claims that everything up to the stored head was verified from genesis. */
const fromGenesis: Anchor = { kind: 'genesis', height: policy.genesisNumber, hash: unitAlbatross.genesisHash, witnesses: [], fewWitnesses: false };

/** The inputs for a lie. */
export interface LieSetting {
  readonly chance: Chance;
  readonly forged: () => FakeChain;
  /** Honest peers. The forged store names them as witnesses for blocks that they never confirmed. */
  readonly honest: readonly string[];
}

type Lie = (stored: StoredChain, setting: LieSetting) => StoredChain;

/** A macro block without a valid signature. */
function unsigned(block: MacroBlock): MacroBlock {
  return { ...block, justification: { round: 0, sig: { signature: new Uint8Array(95), signers: { words: [] } } } };
}

/** The store of a client that followed `chain`. */
export function storedOf(chain: FakeChain, anchor: Anchor = fromGenesis): StoredChain {
  const { electionHead, macroHead, head } = chain;
  const macroAt = (height: number) => chain.at(height).block as MacroBlock;
  const before = electionHead.height - policy.blocksPerEpoch;
  const tail = Array.from({ length: head.height - macroHead.height }, (_, index) => chain.at(macroHead.height + 1 + index).block);
  return {
    anchor,
    election: electionHead.height === policy.genesisNumber ? undefined : macroAt(electionHead.height),
    previousElection: before > policy.genesisNumber ? macroAt(before) : undefined,
    checkpoint: macroHead === electionHead ? undefined : macroAt(macroHead.height),
    tail,
    checked: { ...nothingChecked, electionBlocks: policy.epochAt(electionHead.height) - policy.epochAt(policy.genesisNumber), microBlocks: tail.length },
  };
}

/** Ways in which the database's content can be altered. */
const lies: { readonly [name: string]: Lie } = {
  'unsigned-checkpoint': (stored) => ({ ...stored, checkpoint: stored.checkpoint && unsigned(stored.checkpoint) }),
  'unsigned-election': (stored) => ({ ...stored, election: stored.election && unsigned(stored.election), previousElection: undefined, checkpoint: undefined, tail: [] }),
  'more-trust': (stored) => ({ ...stored, anchor: fromGenesis }),
  'forged-chain': (_, { forged }) => storedOf(forged()),
  'forged-witnesses': (stored, { forged, honest }) => {
    const { electionHead } = forged();
    if (electionHead.height === policy.genesisNumber) return stored;
    const witnesses = honest.map((peer) => ({ peer, subnet: peer, saidAt: 0 }));
    return storedOf(forged(), { kind: 'witnesses', height: electionHead.height, hash: electionHead.hash, witnesses, fewWitnesses: false });
  },
  'tail-with-a-gap': (stored) => ({ ...stored, tail: stored.tail.slice(1) }),
};

/** A stored chain after an attacker has altered the database, and the name of the alteration. */
export function lieAbout(stored: StoredChain, setting: LieSetting): { readonly name: string; readonly stored: StoredChain } {
  const name = setting.chance.pick(Object.keys(lies));
  return { name, stored: lies[name]!(stored, setting) };
}
