import { describe, expect, it } from 'vitest';
import { headerOfBlock, recordedProofs } from '../../../../test/support/stacks-proof-vectors.ts';
import { chainA, fromBase64 } from '../../../../test/support/stacks-vectors.ts';
import { chainOf, verifyOnce } from '../../../../test/support/stacks/stacks-world.ts';
import { checkStacksNetwork } from '../chain/network.ts';
import { itemOfHeader } from '../chain/stacks-block.ts';
import { signerSetKey } from '../proofs/hand-over.ts';
import { blocksOfProof } from '../proofs/marf-segments.ts';
import { takeHandOver } from '../proofs/statement.ts';
import { decodeHeader } from '../wire/header.ts';
import { decodeMarfProof } from '../wire/marf-proof.ts';

const { signal } = new AbortController();
const recorded = chainA.headers.filter(({ burn_height: height }) => height >= 42).toSorted((a, b) => a.height - b.height);
/** The checkpoint: the first block of cycle 5. */
const first = recorded.find(({ cycle }) => cycle === 5)!;
const header = (bytes: string) => decodeHeader(fromBase64(bytes));

const network = checkStacksNetwork({
  chain: 'stacks', name: 'recorded', genesisHash: recorded[0]!.parent_block_id, networkId: 0x80000000, bootAddress: 'ST000000000000000000002AMW42H', firstBurnHeight: 0, cycleLength: 10, prepareLength: 3,
  epochs: [{ id: '2.5', startHeight: 1 }, { id: '3.0', startHeight: 42 }],
  checkpoint: {
    cycle: 5, burnHeight: first.burn_height, block: { id: first.block_id, height: first.height, time: header(first.header_b64).timestamp },
    signers: chainA.signer_sets['5']!.map(({ signing_key: key, weight }) => ({ key, weight })),
  },
  gateways: [],
});

describe('the chain that the real implementation made', () => {
  it('is followed over two hand-overs by its own proofs and signatures to its tip', async () => {
    const { chain } = chainOf(network);
    for (const cycle of [6, 7]) {
      const floor = chain.cycles.floorOf(cycle - 1);
      const proof = recordedProofs.find(({ key, height }) => key === signerSetKey(cycle, { mainnet: false }) && height >= floor.height)!;
      const at = recorded.find(({ block_id: id }) => id === proof.tip)!;
      const entries = decodeMarfProof(proof.bytes);
      const statement = { header: header(at.header_b64), proof: entries, value: proof.value, passed: blocksOfProof(entries).map((id) => headerOfBlock(id)!) };
      const taken = await takeHandOver(statement, chain.cycles.setOf(cycle - 1)!, floor, { mainnet: false }, { verify: verifyOnce });
      expect(taken).toMatchObject({ ok: true });
      if (taken.ok) chain.cycles.add({ set: taken.set, statement, floor: taken.floor, weight: taken.certified.weight, hops: taken.hops.length });
    }
    expect(chain.cycles.newest).toBe(7);
    const kinds: string[] = [];
    for (const { header_b64: bytes, burn_height: burnHeight, height } of recorded) if (height > first.height) kinds.push((await chain.push(itemOfHeader(header(bytes), burnHeight), signal)).kind);
    expect(new Set(kinds)).toEqual(new Set(['adopted']));
    expect(chain.head().id).toBe(recorded.at(-1)!.block_id);
    const tenures = [...new Set(recorded.map(({ consensus_hash: tenure }) => tenure))];
    expect(chain.tip().id).toBe(recorded.findLast(({ consensus_hash: tenure }) => tenure === tenures.at(-3))!.block_id);
  });
});
