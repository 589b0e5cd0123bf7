import { expect, it } from 'vitest';
import { recording } from '../../../../test/support/node-recordings.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decode } from '../../../base/postcard/codec.ts';
import { block as blockCodec } from '../wire/blocks.ts';
import { mayStandOn } from './may-stand-on.ts';

const blocks = recording('blocks').blocks.map(({ kind, header }) => ({ kind, block: decode(blockCodec, fromHex(header)) }));
const blockOf = (kind: string) => {
  const found = blocks.find((each) => each.kind === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found.block;
};

it.each(['election', 'checkpoint', 'micro'])('answers may stand on either root of a block of the kind %s', (kind) => {
  expect([mayStandOn(blockOf(kind), 'state'), mayStandOn(blockOf(kind), 'history')]).toEqual([true, true]);
});

it('answers may stand on no root of a skip block of version 1, and only on the state root of a later one', () => {
  const block = blockOf('skip');
  if (block.type !== 'micro') throw new Error('not a micro block');
  expect([mayStandOn(block, 'state'), mayStandOn(block, 'history')]).toEqual([false, false]);
  const later = { ...block, header: { ...block.header, version: 2 } };
  expect([mayStandOn(later, 'state'), mayStandOn(later, 'history')]).toEqual([true, false]);
});

it('answers may stand on no micro block without justification', () => {
  const block = blockOf('micro');
  if (block.type !== 'micro') throw new Error('not a micro block');
  expect(mayStandOn({ ...block, justification: undefined }, 'state')).toBe(false);
});
