import { expect, it } from 'vitest';
import type { AlbatrossHead } from '../client/types.ts';
import { blockVerdict } from './block-texts.ts';

const details = (type: AlbatrossHead['type']): AlbatrossHead => ({ chain: 'albatross', type, version: 1, epoch: 1, batch: 1 });
const final = { place: 'chain', finality: 'final', trust: 'proven', height: 328, bytes: new Uint8Array(1) } as const;

it('issue 12: of an old election block it says that election blocks name it, not that it was followed block by block', () => {
  const { text } = blockVerdict({ ...final, details: details('election'), linkedFrom: 1224 }, 200);
  expect(text).toMatch(/^A peer sent it\. Every election block names earlier ones by their hashes\. .*from election block 1,224/u);
  expect(text).not.toContain('block by block');
  expect(blockVerdict({ ...final, details: details('election'), linkedFrom: 1224, bytes: new Uint8Array(0) }, 200).text).toMatch(/^This browser had stored its header\./u);
  expect(blockVerdict({ ...final, details: details('checkpoint'), linkedFrom: 456 }, 200).text).toMatch(/block by block, from macro block 456/u);
});
