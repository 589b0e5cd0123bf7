/** Proof files and the network of the recorded chain `chain-a` of `test/vectors/stacks/`: its checkpoint is of cycle 4. */
import { fromHex } from '../../src/base/bytes.ts';
import { setOfKeys } from '../../src/chains/stacks/chain/signer-set.ts';
import type { StacksNetwork } from '../../src/chains/stacks/chain/network.ts';
import { blocksOfProof } from '../../src/chains/stacks/proofs/marf-segments.ts';
import { encodeProofFile } from '../../src/chains/stacks/proofs/proof-file.ts';
import type { ProofStatement } from '../../src/chains/stacks/proofs/statement.ts';
import { decodeHeader } from '../../src/chains/stacks/wire/header.ts';
import { decodeMarfProof } from '../../src/chains/stacks/wire/marf-proof.ts';
import { headerOfBlock, recordedProofs } from './stacks-proof-vectors.ts';
import { chainA } from './stacks-vectors.ts';

const [first] = chainA.headers;

export const recordedNetwork: StacksNetwork = {
  chain: 'stacks',
  name: 'stacks-recorded',
  genesisHash: first!.parent_block_id,
  networkId: Number(chainA.network_id),
  bootAddress: 'ST000000000000000000002AMW42H',
  firstBurnHeight: 0,
  cycleLength: 10,
  prepareLength: 3,
  epochs: [{ id: '2.5', startHeight: 31 }, { id: '3.0', startHeight: 42 }],
  checkpoint: {
    cycle: 4,
    burnHeight: 42,
    signers: chainA.signer_sets['4']!.map(({ signing_key, weight }) => ({ key: signing_key, weight })),
    block: { id: first!.block_id, height: first!.height, time: 1_700_000_000 },
  },
  gateways: [],
  development: true,
};

const setOf = (cycle: number) => setOfKeys(cycle, chainA.signer_sets[cycle]!.map(({ signing_key, weight }) => ({ key: fromHex(signing_key), weight })));

/** What a recorded proof shows, with the headers that it passes. */
export function recordedStatement(name: string): ProofStatement & { readonly key: string } {
  const { tip, key, value, bytes } = recordedProofs.find((proof) => proof.name === name)!;
  const proof = decodeMarfProof(bytes);
  return { key, header: decodeHeader(headerOfBlock(tip)!.bytes), passed: blocksOfProof(proof).map((block) => headerOfBlock(block)!), proof, value };
}

/** A proof file about a recorded key, from the signer set of a cycle on. */
export function recordedProofFile(name: string, cycle = 4): Uint8Array {
  const { key, ...statement } = recordedStatement(name);
  const handOvers = [5, 6, 7].filter((next) => next > cycle).map((next) => recordedStatement(`signers cycle ${next} at writing block`));
  return encodeProofFile({ networkId: recordedNetwork.networkId, checkpoint: setOf(cycle), handOvers, key, statement });
}
