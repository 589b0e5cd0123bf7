import { expect, it, vi } from 'vitest';
import { eventOf, makeChain } from '../../../../test/support/moloch-chain-maker.ts';
import { UPLOAD_WINDOW, UploadBudget } from '../../../engine/serve/upload-budget.ts';
import type { WireBlock } from '../wire/block.ts';
import { decodeFrame, encodeFrame } from '../wire/frame.ts';
import { PeerService } from './peer-service.ts';
import type { MolochRequest, Provider } from './provider.ts';

const { header, events } = makeChain(1)[1]!.item.block;
const block: WireBlock = { header, events: events! };
const ask: MolochRequest = { kind: 'GetBlocks', id: 5n, start: 1, count: 1 };
const providing = (items: readonly WireBlock[]) => {
  const blocks = vi.fn<Provider['blocks']>(() => ({ items, more: false }));
  return { blocks, provider: { blocks } as Partial<Provider> as Provider };
};
const size = encodeFrame({ kind: 'Blocks', requestId: 5n, blocks: [block], more: false }).length;
const blocksIn = (frame: Uint8Array | undefined) => {
  const message = decodeFrame(frame!, { isKey: () => true, extended: true });
  return message.kind === 'Blocks' ? message.blocks.length : message.kind;
};

it('answers within the budget; beyond it, it holds nothing, until an hour has gone by', async () => {
  let now = 0;
  const uploads = new UploadBudget({ monotonic: () => now }, 2 * size + 10);
  const { provider } = providing([block]);
  const [one, other] = [new PeerService({ provider, uploads }), new PeerService({ provider, uploads })];
  expect([blocksIn(await one.answer(ask)), blocksIn(await other.answer(ask))]).toEqual([1, 1]);
  expect([blocksIn(await one.answer(ask)), blocksIn(await other.answer(ask)), other.block(block)]).toEqual([0, 0, undefined]);
  expect(uploads.total).toBe(2 * size);
  now = UPLOAD_WINDOW;
  expect([blocksIn(await one.answer(ask)), blocksIn(one.block(block))]).toEqual([1, 'NewBlock']);
});

it('with a cap of 0 nothing is given, and nothing is looked up', async () => {
  const { provider, blocks } = providing([block]);
  const service = new PeerService({ provider, uploads: new UploadBudget({ monotonic: () => 0 }, 0) });
  expect([blocksIn(await service.answer(ask)), service.block(block), blocks.mock.calls]).toEqual([0, undefined, []]);
});

it('an answer that has no room in a frame is an empty one', async () => {
  const large = { ...eventOf(1), metadata: new Uint8Array(9 * 1024 * 1024) };
  const { provider } = providing([block, { header, events: [large] }, { header, events: [large] }]);
  expect(blocksIn(await new PeerService({ provider }).answer(ask))).toBe(0);
});

it('has no answer to a ninth request at once, or to one for too many blocks', async () => {
  const { provider } = providing([block]);
  const service = new PeerService({ provider });
  const answers = await Promise.all(Array.from({ length: 9 }, () => service.answer(ask)));
  expect(answers.map((frame) => frame !== undefined)).toEqual([...Array.from({ length: 8 }, () => true), false]);
  expect(await service.answer({ ...ask, count: 101 })).toBeUndefined();
});
