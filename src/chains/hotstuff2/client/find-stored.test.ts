import { expect, it } from 'vitest';
import { BlockMaker, testSet } from '../../../../test/support/hotstuff2/block-maker.ts';
import { networkOfMaker, runThrough } from '../../../../test/support/hotstuff2/test-chain.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { followLog } from '../../../engine/follow/follow-log.ts';
import { DEFAULT_SYNC_CONFIG } from '../../../engine/sync/default-sync-config.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import { FinalBlocks } from '../chain/final-blocks.ts';
import { parametersHash } from '../chain/parameters-hash.ts';
import { StoredHashes } from './find-stored.ts';
import { openHotStuff2 } from './open-hotstuff2.ts';

it('a block that is not among the newest 1024 is found by its hash, also after a reload; what is no block is not', async () => {
  const maker = new BlockMaker(testSet('one', 1));
  const items = maker.row(1200);
  const network = networkOfMaker(maker);
  const rows = new MemoryRows();
  const open = () => {
    const clock = new ManualClock(4_000_000_000_000);
    return openHotStuff2(new OwnedRows(rows, parametersHash(network)), { network, clock, verify: verifyHere, log: followLog(clock, 10).log, sync: DEFAULT_SYNC_CONFIG, storageCap: 1e8 });
  };
  const first = await open();
  await runThrough(first.chain, items);
  expect(first.tip().height).toBe(1199);
  for (const client of [first, await open()]) {
    for (const at of [20, 3, 1]) expect(await client.block(items[at - 1]!.id)).toMatchObject({ height: at, hash: items[at - 1]!.id, place: 'chain', linkedFrom: undefined });
    expect([await client.block('ab'.repeat(32)), await client.block(items[1199]!.id)]).toEqual([undefined, undefined]);
  }
});

it('searches once for a hash that is not there, one after the other, and for eight at most', async () => {
  const searched: string[] = [];
  let running = 0;
  const headers = new FinalBlocks();
  headers.addId(9, 'nine');
  const store = {
    heightOf: async (id: string) => {
      searched.push(id);
      expect(++running).toBe(1);
      await Promise.resolve();
      running--;
      return id === 'h3' ? 3 : undefined;
    },
  };
  let current = store;
  const hashes = new StoredHashes(() => ({ headers }), () => current);
  const ids = Array.from({ length: 12 }, (_, i) => `h${i}`);
  expect(await Promise.all(ids.map((id) => hashes.heightOf(id)))).toEqual(ids.map((id) => (id === 'h3' ? 3 : undefined)));
  expect(searched).toEqual(ids.slice(0, 8));
  expect([await hashes.heightOf('nine'), await hashes.heightOf('h0'), searched.length]).toEqual([9, undefined, 8]);
  current = { ...store };
  await hashes.heightOf('h0');
  expect(searched.length).toBe(9);
});
