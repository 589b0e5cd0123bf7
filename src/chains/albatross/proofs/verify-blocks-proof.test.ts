import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodedIf, someBits, withFlippedBit } from '../../../../test/support/decoded-if.ts';
import { recording } from '../../../../test/support/node-recordings.ts';
import { walletProofs } from '../../../../test/support/wallet-proofs.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import { blockHash, interlinkOf } from '../chain/hashes.ts';
import { policyWith } from '../chain/policy.ts';
import { block as blockCodec, macroBlock } from '../wire/blocks.ts';
import { requestMessage, responseMessage } from '../wire/exchange.ts';
import { proofRequests } from '../wire/proof-requests.ts';
import type { Block, MacroBlock } from '../wire/types.ts';
import { interlinkHops } from './interlink-hops.ts';
import { ProofError } from './proof-error.ts';
import { verifyBlocksProof } from './verify-blocks-proof.ts';

const policy = policyWith({ genesisNumber: 200, blocksPerBatch: 32, batchesPerEpoch: 4 });

/** The code of the refusal; undefined: accepted. */
function refusal(...proof: Parameters<typeof verifyBlocksProof>): string | undefined {
  try {
    verifyBlocksProof(...proof);
    return undefined;
  } catch (error) {
    if (error instanceof ProofError) return error.code;
    throw error;
  }
}

function asMacro(block: Block): MacroBlock {
  if (block.type !== 'macro') throw new Error('not a macro block');
  return block;
}

const genesis = asMacro(decode(blockCodec, readFileSync(new URL('../../../../test/vectors/genesis-unit-albatross.block.dat', import.meta.url)), { allowTrailing: true }));
const genesisHash = blockHash(genesis);

/** Election blocks by epoch, as far as their interlinks go like those of a real chain; nobody signed them. */
const chain: MacroBlock[] = [genesis];
for (let epoch = 1; epoch <= 40; epoch += 1) {
  const parent = chain[epoch - 1] ?? genesis;
  const hash = blockHash(parent);
  const header = { ...parent.header, blockNumber: policy.electionBlockOf(epoch), parentElectionHash: hash, interlink: interlinkOf(parent.header, hash, policy) };
  chain.push({ type: 'macro', header, body: undefined, justification: undefined });
}
const at = (epoch: number): MacroBlock => chain[epoch] ?? genesis;
const anchorAt = (epoch: number) => ({ electionHead: at(epoch), policy, genesisHash });
const hopsOf = (head: number, ...targets: readonly number[]): MacroBlock[] => {
  const heights = targets.flatMap((target) => interlinkHops(policy.electionBlockOf(head), policy.electionBlockOf(target), policy));
  return [...new Set(heights)].map((height) => at(policy.epochAt(height)));
};

describe('the way from any election block to any older one (A4)', () => {
  it('is short, and is accepted', () => {
    for (let head = 0; head <= 40; head += 1) {
      for (let target = 0; target <= head; target += 1) {
        const hops = hopsOf(head, target);
        expect(hops.length).toBeLessThanOrEqual(Math.ceil(Math.log2(head + 1)));
        expect(refusal(hops, [at(target)], anchorAt(head))).toBe(undefined);
        for (const missing of hops.keys()) expect(refusal(hops.toSpliced(missing, 1), [at(target)], anchorAt(head))).toBe('missing-hop');
      }
    }
  });

  it('leads to several at once, in any order', () => {
    const targets = [3, 17, 30, 3, 0];
    const hops = hopsOf(39, ...targets);
    expect(refusal(hops, targets.map(at), anchorAt(39))).toBe(undefined);
    expect(refusal(hops.toReversed(), targets.map(at), anchorAt(39))).toBe(undefined);
    expect(refusal([], [], anchorAt(39))).toBe(undefined);
  });
});

describe('refused', () => {
  const forged = (block: MacroBlock): MacroBlock => ({ ...block, header: { ...block.header, historyRoot: '11'.repeat(32) } });

  it.each([
    ['named by the head', 12, 11],
    ['in its interlink', 12, 8],
    ['the head itself', 12, 12],
    ['the genesis block', 12, 0],
    ['behind two blocks', 12, 3],
  ] as const)('another block in the place of the one %s', (_, head, target) => {
    const hops = hopsOf(head, target);
    expect(refusal(hops, [at(target)], anchorAt(head))).toBe(undefined);
    expect(refusal(hops, [forged(at(target))], anchorAt(head))).toBe('unlinked-block');
    for (const [place, hop] of hops.entries()) expect(refusal(hops.with(place, forged(hop)), [at(target)], anchorAt(head))).toBe('unlinked-block');
  });

  it('blocks that are not needed, or are there twice', () => {
    const hops = hopsOf(12, 3);
    for (const other of [at(5), at(8), at(12), at(0), at(3)]) expect(refusal([...hops, other], [at(3)], anchorAt(12))).toBe('unneeded-hop');
  });

  it('a target that is no election block, or is above the head', () => {
    const { header } = at(3);
    const others: readonly Block[] = [
      { ...at(3), header: { ...header, validators: undefined } },
      { ...at(3), header: { ...header, blockNumber: header.blockNumber + 32 } },
      { type: 'micro', header, justification: undefined, body: undefined },
    ];
    for (const other of others) expect(refusal(hopsOf(12, 3), [other], anchorAt(12))).toBe('not-election');
    expect(refusal([], [at(13)], anchorAt(12))).toBe('above-head');
  });

  it('one flipped bit of any block in between that its hash covers', () => {
    for (const [place, hop] of hopsOf(12, 3).entries()) {
      // Without justification and body, which the hash does not cover.
      const bytes = encode(macroBlock, hop).slice(0, -2);
      const damaged = someBits(bytes, 60).map((bit) => decodedIf(macroBlock, Uint8Array.of(...withFlippedBit(bytes, bit), 0, 0)));
      const codes = damaged.map((each) => (each === undefined || blockHash(each) === blockHash(hop) ? 'unlinked-block' : refusal(hopsOf(12, 3).with(place, each), [at(3)], anchorAt(12))));
      expect(new Set(codes)).toEqual(new Set(['unlinked-block', ...codes.filter((code) => code === 'unneeded-hop')]));
    }
  });
});

describe('a real node', () => {
  const blocks = new Map(recording('blocks').blocks.filter(({ kind }) => kind === 'election').map(({ height, header }) => [height, asMacro(decode(blockCodec, fromHex(header)))] as const));
  const electionHead = blocks.get(456);

  it.each(recording('blocks-proofs').exchanges.filter(({ result }) => 'proof' in result).map((exchange) => [exchange.blocks, exchange] as const))('leads to %j without a hop', (_, exchange) => {
    if (!electionHead) throw new Error('no election block');
    const answer = decode(responseMessage(proofRequests['1.0']['blocks-proof']), fromHex(exchange.response));
    if (!answer.ok || !answer.value.ok) throw new Error('refused');
    const hops = answer.value.value.proof.proof;
    const targets = exchange.blocks.map((height) => blocks.get(height) ?? electionHead);
    expect(refusal(hops, targets, { electionHead, policy, genesisHash })).toBe(undefined);
    // The answer has no block, and says nothing about another one.
    expect(refusal(hops, targets.map((target) => ({ ...target, header: { ...target.header, timestamp: 0 } })), { electionHead, policy, genesisHash })).toBe('unlinked-block');
  });
});

it('the way that the official client accepted has the hops of ours', () => {
  const { request, response } = walletProofs().history.oldEpoch.request;
  const asked = decode(requestMessage(proofRequests['2.x']['blocks-proof']), fromHex(request));
  const answer = decode(responseMessage(proofRequests['2.x']['blocks-proof']), fromHex(response));
  if (!answer.ok || !answer.value.ok) throw new Error('refused');
  const [first, second, ...others] = answer.value.value.proof.proof;
  if (!first || !second) throw new Error('no hops');
  expect(others).toEqual([]);
  expect([first, second].map(({ header }) => header.blockNumber)).toEqual(interlinkHops(asked.electionHead, asked.blocks[0] ?? 0, policy));
  expect(refusal([], [second], { electionHead: first, policy, genesisHash })).toBe(undefined);
});
