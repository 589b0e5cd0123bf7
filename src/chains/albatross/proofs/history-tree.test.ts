import { describe, expect, it } from 'vitest';
import { recording } from '../../../../test/support/node-recordings.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decode } from '../../../base/postcard/codec.ts';
import { emptyHistoryRoot } from '../chain/hashes.ts';
import { responseMessage } from '../wire/exchange.ts';
import { historicTransaction } from '../wire/history.ts';
import { proofRequests } from '../wire/proof-requests.ts';
import { historyRoot, leafHash, proveHistory } from './history-tree.ts';

const epochs = recording('history-leaves');
const { proofs } = recording('transactions-proofs');
const { blocks } = recording('blocks');
const leavesUpTo = (height: number) => (epochs[`epoch ${Math.ceil((height - 200) / 128)}`] ?? []).filter((leaf) => leaf.height <= height);

describe('the history tree of a real node', () => {
  it('has its leaves', () => {
    for (const { bytes, leafHash: hash } of Object.values(epochs).flat()) {
      expect(leafHash(fromHex(bytes))).toBe(hash);
      expect(leafHash(decode(historicTransaction, fromHex(bytes)))).toBe(hash);
    }
  });

  it('has the root that each block names', () => {
    // The first blocks of an epoch have the empty tree's root.
    expect(blocks.filter((block) => block.height > 328 && block.historyRoot === emptyHistoryRoot)).not.toEqual([]);
    for (const { height, historyRoot: root } of blocks.filter((block) => block.height > 328)) expect([height, historyRoot(leavesUpTo(height).map((leaf) => leaf.leafHash))]).toEqual([height, root]);
  });

  it.each(proofs.map((proof, index) => [index, proof] as const))('gives proof %i byte for byte', (_, { provingBlock, response }) => {
    const answer = decode(responseMessage(proofRequests['1.0']['transactions-proof']), fromHex(response));
    if (!answer.ok || !answer.value.ok) throw new Error('refused');
    const { history, ...proof } = answer.value.value.proof;
    expect(history).toHaveLength(proof.positions.length);
    expect(proveHistory(leavesUpTo(provingBlock.height).map((leaf) => leaf.leafHash), proof.positions)).toEqual(proof);
  });
});
