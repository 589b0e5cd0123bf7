import { describe, expect, it } from 'vitest';
import { itemOfVector, setOfBytes } from '../../../../test/support/hotstuff2/items.ts';
import { networkOfRun, testChain } from '../../../../test/support/hotstuff2/test-chain.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import { hashOfSet } from '../chain/hash.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import { Losers } from '../chain/losers.ts';
import { isTwoChain } from '../chain/verify-finality.ts';
import { decodeFinalityProof } from '../wire/finality-proof.ts';
import { proveWithSets } from './learn-sets.ts';

const { signal } = new AbortController();
const good = vectors.handover.cases.find(({ expect: wanted, sets, blocks }) => wanted === 'ok' && sets.length > 1 && blocks.some((block) => itemOfVector(block).block.header.validators !== itemOfVector(blocks[0]!).block.header.validators))!;
const items = good.blocks.map(itemOfVector);
const pairs = items.flatMap((item, i) => {
  const child = items[i + 1];
  return i > 0 && child && isTwoChain(item.block.header, child.block.header) ? [{ height: item.height, proof: decodeFinalityProof(Losers.proofOf(item, child)) }] : [];
});
const newest = pairs.at(-1)!.proof;

function chainOf(known: Readonly<Record<string, string>> = Object.fromEntries(good.sets.map((hex) => [hashOfSet(setOfBytes(hex)), hex]))) {
  const genesis = items[0]!;
  const network = { ...networkOfRun(vectors.n4), chainId: genesis.block.header.chainId, genesis: toHex(genesis.block.headerBytes), genesisHash: genesis.id, genesisState: [], validators: good.sets[0]! };
  return testChain(network, { fetchSet: async (hash) => (known[hash] === undefined ? undefined : fromHex(known[hash])) }).chain;
}

const honest = {
  getBlocks: async (from: number, count: number) => ({ value: items.slice(from, from + count) as readonly Hs2Item[], size: 0 }),
  getFinality: async (height: number) => {
    const pair = pairs.find((it) => it.height >= height);
    if (!pair) throw new RequestError('refused', 'beyond-tip');
    return { value: pair.proof, size: 0 };
  },
};

describe('a proof by validators that are not known yet', () => {
  it('is verified after the block that announces them is proven, signed by the set before', async () => {
    const chain = chainOf();
    expect(newest.final.header.validators).not.toBe(items[0]!.block.header.validators);
    expect(await chain.checkProof(newest, signal)).toMatchObject({ code: 'set-unknown-bytes', weight: 'offence' });
    expect(await proveWithSets(chain, newest, honest, { signal })).toBeUndefined();
    expect(chain.sets.trusted).toContain(newest.final.header.validators);
    expect(chain.sets.links).toHaveLength(1);
    expect(chain.tip().height).toBe(0);
  });

  it('is not, if the peer has no such proof, sends one of other blocks, or nobody has the set', async () => {
    const none = { ...honest, getFinality: () => Promise.reject(new RequestError('refused', 'pruned')) };
    const other = { ...honest, getFinality: async () => ({ value: newest, size: 0 }) };
    const forged = {
      ...honest,
      getFinality: async (height: number) => {
        const { value } = await honest.getFinality(height);
        return { value: { ...value, child: { ...value.child, qc: { ...value.child.qc, view: value.child.qc.view + 1 } } }, size: 0 };
      },
    };
    for (const [peer, code] of [[none, 'set-unknown-bytes'], [other, 'set-unknown-bytes'], [forged, 'qc-view']] as const) {
      const chain = chainOf();
      expect(await proveWithSets(chain, newest, peer, { signal })).toMatchObject({ code });
      expect(chain.sets.trusted).toHaveLength(1);
    }
    expect(await proveWithSets(chainOf({}), newest, honest, { signal })).toMatchObject({ code: 'set-unknown-bytes', weight: 'offence' });
  });
});
