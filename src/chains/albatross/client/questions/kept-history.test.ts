import { beforeEach, expect, it, vi } from 'vitest';
import { recording } from '../../../../../test/support/node-recordings.ts';
import { fromHex } from '../../../../base/bytes.ts';
import { Emitter } from '../../../../base/emitter.ts';
import { decode } from '../../../../base/postcard/codec.ts';
import { MemoryRows } from '../../../../storage/memory-rows.ts';
import type { ChainEvents } from '../../chain/chain-change.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import { eventHash } from '../../proofs/event-hash.ts';
import { createMemoryStore } from '../../store/memory-store.ts';
import { historicTransaction } from '../../wire/history.ts';
import { ChainGround } from './chain-ground.ts';
import type { HistoryQuestions, ProvenEntry } from './history-questions.ts';
import { KeptHistory } from './kept-history.ts';

const leaves = Object.values(recording('history-leaves')).flat().map(({ bytes }) => decode(historicTransaction, fromHex(bytes)));
const [entry, other] = leaves.map((leaf) => ({ ...leaf, network: unitAlbatross.networkId, blockNumber: 290 }));
const hash = eventHash(entry!);

let rows: MemoryRows;
beforeEach(() => {
  rows = new MemoryRows();
});

/** A client at head 310 whose newest macro block is 296; `proven`: the height of the block that proves what peers are asked for. */
function setup({ proven = 296, startsOver = false, blockAt = () => undefined as string | undefined } = {}) {
  const events = new Emitter<ChainEvents>();
  const macroHead = { height: 296 };
  const proof = (at: number): ProvenEntry => ({ entry: entry!, proof: {} as ProvenEntry['proof'], ground: { hash: `${at}`.padStart(64, '0'), block: { header: { blockNumber: at, timestamp: at } } as unknown as ProvenEntry['ground']['block'] } });
  const ask = vi.fn<HistoryQuestions['entry']>(async () => proof(proven));
  const askAll = vi.fn<HistoryQuestions['entries']>(async (receipts) => new Map(receipts.map((receipt) => [receipt.hash, proof(proven)])));
  const chain = { events, macroHead, network: unitAlbatross, electionHash: () => undefined, blockAt: () => (blockAt() === undefined ? undefined : { hash: blockAt() }) };
  const ground = new ChainGround({ chain: chain as never, clock: {} as never, standing: () => ({ trust: 'proven', pendingTrust: 'proven', finalHeight: macroHead.height }) });
  const store = createMemoryStore({ network: unitAlbatross, rows });
  const log = vi.fn<(code: string) => void>();
  const kept = new KeptHistory({ history: { entry: ask, entries: askAll } as unknown as HistoryQuestions, ground, store, startsOver, log, signal: new AbortController().signal });
  const finalize = (height: number, reverted: readonly { readonly hash: string }[] = []) => {
    macroHead.height = height;
    events.emit('change', { kind: 'finalized', adopted: [], reverted: reverted as never });
  };
  return { kept, ask, askAll, log, store, events, finalize };
}
const stored = () => vi.waitFor(async () => expect(await rows.keys('history')).toHaveLength(1));
const get = (kept: KeptHistory, minLevel?: 'proven') => kept.entry(hash, undefined, minLevel, undefined);

it('asks for nothing twice, in this session and the next; what an earlier one stored is worth less', async () => {
  const first = setup();
  expect(first.kept.answer('x', await get(first.kept), undefined)).toMatchObject({ level: 'proven', finality: 'final', block: { height: 296 } });
  await stored();
  await vi.waitFor(async () => expect((await get(first.kept, 'proven')).stored).toBe(false));
  expect(first.ask).toHaveBeenCalledTimes(1);
  const next = setup();
  const found = await next.kept.entries([{ hash, height: 290, agreed: true, list: 0 }], new Uint8Array(20), undefined, undefined);
  expect(next.askAll).toHaveBeenCalledWith([], new Uint8Array(20), undefined);
  expect(next.kept.answer('x', found.get(hash)!, undefined)).toMatchObject({ level: 'witnessed', finality: 'final', block: { height: 296, timestamp: 296 } });
  expect(() => next.kept.answer('x', found.get(hash)!, 'proven')).toThrow(/level-too-low/u);
  // Who wants more gets a proof.
  expect(next.kept.answer('x', await get(next.kept, 'proven'), 'proven')).toMatchObject({ level: 'proven' });
  expect(next.ask).toHaveBeenCalledTimes(1);
});

it('keeps nothing that can still change: what such a block proves is stored when it is final, and not if it was replaced', async () => {
  const lost = setup({ proven: 300 });
  await get(lost.kept);
  lost.finalize(328, [{ hash: '300'.padStart(64, '0') }]);
  const lasting = setup({ proven: 300 });
  await get(lasting.kept);
  expect(await rows.keys('history')).toEqual([]);
  lasting.finalize(328);
  await stored();
});

it('takes no row of another chain, of a block that is not final here, or of another transaction', async () => {
  const first = setup();
  await get(first.kept);
  await stored();
  const [row] = (await first.store.history([hash])).values();
  const asked = async (options: Parameters<typeof setup>[0]) => {
    const next = setup(options);
    await get(next.kept);
    // Its own write, if there is one, comes before this.
    await next.store.putHistory(new Map());
    return next.ask.mock.calls.length;
  };
  expect(await asked({})).toBe(0);
  expect(await asked({ blockAt: () => 'ff'.repeat(32) })).toBe(1);
  for (const wrong of [
    { ...row!, ground: { ...row!.ground, height: 297 } }, { ...row!, ground: { ...row!.ground, height: 289 } },
    { ...row!, entry: other! }, { ...row!, entry: { ...entry!, network: unitAlbatross.networkId + 1 } },
  ]) {
    await first.store.putHistory(new Map([[hash, wrong]]));
    expect(await asked({})).toBe(1);
    expect((await first.store.history([hash])).get(hash)).toEqual(row);
  }
});

it('forgets all when the chain is given up, or does not continue the stored one', async () => {
  const first = setup();
  await get(first.kept);
  await stored();
  first.events.emit('change', { kind: 'reset', adopted: [], reverted: [] });
  await vi.waitFor(async () => expect(await rows.keys('history')).toEqual([]));
  await get(first.kept);
  await stored();
  const next = setup({ startsOver: true, proven: 300 });
  await get(next.kept);
  expect(next.ask).toHaveBeenCalledTimes(1);
  expect(await rows.keys('history')).toEqual([]);
});

it('asks peers if the store fails, and says so', async () => {
  const { kept, store, ask, log } = setup();
  store.history = () => Promise.reject(new Error('broken'));
  store.putHistory = () => Promise.reject(new Error('broken'));
  await get(kept);
  await vi.waitFor(() => expect(log.mock.calls.flat()).toEqual(['history-not-read', 'history-not-stored']));
  expect(ask).toHaveBeenCalledTimes(1);
});
