import { expect, it } from 'vitest';
import type { AlbatrossHead, BlockView } from '../client/types.ts';
import { blockVerdict } from './block-texts.ts';
import { albatrossWords } from './chains/albatross/albatross-words.ts';
import { hotStuff2Words } from './chains/hotstuff2/hotstuff2-words.ts';
import { stacksWords } from './chains/stacks/stacks-words.ts';

const details = (type: AlbatrossHead['type']): AlbatrossHead => ({ chain: 'albatross', type, version: 1, epoch: 1, batch: 1 });
const final: BlockView = { place: 'chain', finality: 'final', trust: 'proven', height: 328, hash: 'aa', parentHash: 'bb', timestamp: 0, linkedFrom: undefined, bytes: new Uint8Array(1), details: details('micro') };

it('issue 12: of an old election block it says that election blocks name it, not that it was followed block by block', () => {
  const { text } = blockVerdict({ ...final, details: details('election'), linkedFrom: 1224 }, 200, albatrossWords);
  expect(text).toMatch(/^A peer sent it\. Every election block names earlier ones by their hashes\. .*from election block 1,224/u);
  expect(text).not.toContain('block by block');
  expect(blockVerdict({ ...final, details: details('election'), linkedFrom: 1224, bytes: new Uint8Array(0) }, 200, albatrossWords).text).toMatch(/^This browser had stored its header\./u);
  expect(blockVerdict({ ...final, details: details('checkpoint'), linkedFrom: 456 }, 200, albatrossWords).text).toMatch(/block by block, from macro block 456/u);
});

it('says in the chain’s own words until when a block can be replaced, and nothing of other chains', () => {
  const pending = { ...final, finality: 'pending' } as const;
  expect(blockVerdict(pending, 200, albatrossWords).text).toContain('next macro block');
  const { title, text } = blockVerdict({ ...pending, details: { chain: 'hotstuff2' } }, 0, hotStuff2Words);
  expect([title, text]).toEqual(['Verified, not final', expect.stringMatching(/^This browser checked its signature .*certificate/u)]);
  expect(blockVerdict(pending, 200, undefined).text).toMatch(/chain\.$/u);
});

it('the first block is the genesis block, or what the chain’s own words say that it is', () => {
  const first = { ...final, height: 200 };
  expect(blockVerdict(first, 200, albatrossWords).title).toBe('The genesis block');
  expect(blockVerdict(first, 200, stacksWords)).toMatchObject({ tone: 'good', title: 'The checkpoint', text: expect.stringContaining('not verified from the blocks before it') as unknown });
});
