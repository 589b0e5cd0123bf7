import { describe, expect, it } from 'vitest';
import { itemOfVector } from '../../../../test/support/hotstuff2/items.ts';
import { networkOfRun } from '../../../../test/support/hotstuff2/test-chain.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { concatBytes } from '../../../base/bytes.ts';
import { followLog } from '../../../engine/follow/follow-log.ts';
import { DEFAULT_SYNC_CONFIG } from '../../../engine/sync/default-sync-config.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import type { Rows } from '../../../storage/rows.ts';
import { Losers } from '../chain/losers.ts';
import { parametersHash } from '../chain/parameters-hash.ts';
import { decodeFinalityProof } from '../wire/finality-proof.ts';
import { HotStuff2Store } from '../store/hotstuff2-store.ts';
import { openHotStuff2 } from './open-hotstuff2.ts';

const network = networkOfRun(vectors.n4);
const n4 = vectors.n4.blocks.map(itemOfVector);
const { signal } = new AbortController();
const proofs = [vectors.situations.conflictingFinals.a, vectors.situations.conflictingFinals.b].map((pair) => {
  const [final, child] = pair.map(itemOfVector);
  return Losers.proofOf(final!, child!);
});
const halt = { height: 201, evidence: proofs };

const open = (rows: Rows, of = network) => {
  const clock = new ManualClock(4_000_000_000_000);
  return openHotStuff2(new OwnedRows(rows, parametersHash(of)), { network: of, clock, verify: verifyHere, log: followLog(clock, 10).log, sync: DEFAULT_SYNC_CONFIG, storageCap: 1e8 });
};

/** Rows of a client that has seen two final blocks of one height, after `blocks` blocks. */
async function halted(blocks: number): Promise<MemoryRows> {
  const rows = new MemoryRows();
  const { chain, store } = await open(rows);
  for (const item of n4.slice(1, 1 + blocks)) await chain.push(item, signal);
  for (const proof of proofs) await chain.checkProof(decodeFinalityProof(proof), signal);
  expect(chain.halted()).toEqual(halt);
  await store.flush();
  return rows;
}

describe('a stored halt', () => {
  it.each([0, 40])('keeps the client standing still after a start, with %i blocks in the store', async (blocks) => {
    const rows = await halted(blocks);
    const again = await open(rows);
    expect([again.halted?.(), (await again.push(n4[1]!, signal)).kind]).toEqual([halt, 'halted']);
    expect(again.tip().height).toBe(Math.max(0, blocks - 1));
  });

  it('outlives a chain that is damaged, until it is wiped', async () => {
    const rows = await halted(40);
    const [head] = await rows.get([{ table: 'meta', key: 'head' }]);
    await rows.write({ durability: 'relaxed', writes: [{ table: 'meta', key: 'head', value: head!.with(head!.length - 1, head!.at(-1)! ^ 1) }] }, () => []);
    const damaged = await open(rows);
    expect([damaged.halted?.(), damaged.tip().height]).toEqual([halt, 0]);
    const again = await open(rows);
    expect(again.halted?.()).toEqual(halt);
    await again.store.wipe();
    expect([again.halted?.(), (await open(rows)).halted?.()]).toEqual([undefined, undefined]);
  });

  it('that proves nothing by our rules is dropped with a notice, at a start and in a database that comes back', async () => {
    const [a] = proofs;
    const certified = (index: number) => n4[index]!.block;
    const ofHeader = (index: number) => concatBytes(certified(index).headerBytes, Uint8Array.of(certified(index).qcBytes.length >> 8, certified(index).qcBytes.length & 255), certified(index).qcBytes);
    const cases = [
      [a!, a!], [a!, proofs[1]!.with(proofs[1]!.length - 1, proofs[1]!.at(-1)! ^ 1)], [new Uint8Array(3), proofs[1]!], [Losers.proofOf(n4[38]!, n4[39]!), Losers.proofOf(n4[10]!, n4[11]!)],
      [ofHeader(10), ofHeader(10)], [ofHeader(10), ofHeader(11)],
    ] as const;
    for (const [ours, theirs] of cases) {
      const rows = await halted(40);
      const owned = new OwnedRows(rows, parametersHash(network));
      const height = theirs === proofs[1] || theirs === a ? 201 : 10;
      await new HotStuff2Store(owned, 1e8).keepHalt({ height, evidence: [ours, theirs] });
      const back = await open(new MemoryRows());
      for (const item of n4.slice(1, 42)) await back.push(item, signal);
      await back.keeper.moveTo(owned);
      expect(back.halted?.()).toBeUndefined();
      await new HotStuff2Store(owned, 1e8).keepHalt({ height, evidence: [ours, theirs] });
      const again = await open(rows);
      expect([again.halted?.(), await again.keeper.store.halt()]).toEqual([undefined, undefined]);
    }
  });

  it('of another network is not there', async () => {
    expect((await open(await halted(40), networkOfRun(vectors.n7))).halted?.()).toBeUndefined();
  });
});
