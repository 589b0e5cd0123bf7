/** A proof file of each chain but Albatross, with the network file that it is verified against. */
import { KeyValueState } from '../../src/chains/hotstuff2/chain/state.ts';
import { Losers } from '../../src/chains/hotstuff2/chain/losers.ts';
import { encodeProofFile } from '../../src/chains/hotstuff2/proofs/proof-file.ts';
import { proveState } from '../../src/chains/hotstuff2/proofs/state-proof.ts';
import { decodeFinalityProof } from '../../src/chains/hotstuff2/wire/finality-proof.ts';
import { trustedHeaderOf } from '../../src/chains/moloch/chain/moloch-block.ts';
import { makeCompactProof } from '../../src/chains/moloch/proofs/compact-proof-rules.ts';
import { makeMolochReceipt } from '../../src/chains/moloch/proofs/make-receipt.ts';
import { BlockMaker, bytesOf, put } from './hotstuff2/block-maker.ts';
import { networkOfMaker } from './hotstuff2/test-chain.ts';
import { blockAfter, eventOf, makeChain, networkOf } from './moloch-chain-maker.ts';
import { recordedNetwork, recordedProofFile } from './stacks-proof-files.ts';

interface FileAndNetwork {
  readonly bytes: Uint8Array;
  readonly network: object;
}

/** That the key "c" has the value "3". */
function ofHotStuff2(): FileAndNetwork {
  const maker = new BlockMaker();
  const state = new KeyValueState();
  const final = maker.make(maker.genesis, state, { operations: [put('c', '3')] });
  const child = maker.make(final, new KeyValueState(state.entries));
  const network = networkOfMaker(maker);
  return { network, bytes: encodeProofFile({ chainId: network.chainId, key: bytesOf('c'), finality: decodeFinalityProof(Losers.proofOf(final, child)), sets: [maker.set], state: proveState(state, bytesOf('c')) }) };
}

/** That an event is in block 3. */
function ofMoloch(): FileAndNetwork {
  const early = makeChain(3);
  const event = eventOf(42);
  const block = blockAfter(early.at(-1), { events: [event] });
  const network = networkOf(early[0]!);
  const { header } = block.item.block;
  return { network, bytes: makeMolochReceipt({ network, trusted: trustedHeaderOf(block.item.block), header, proof: makeCompactProof({ header, events: [event] }, 0), event }) };
}

/** That a variable of a contract is u375, over three hand-overs. */
const ofStacks = (): FileAndNetwork => ({ network: recordedNetwork, bytes: recordedProofFile('data var counter at tip') });

export const chainProofFiles = { hotstuff2: ofHotStuff2, moloch: ofMoloch, stacks: ofStacks } as const;
