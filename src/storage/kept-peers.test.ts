import { expect, it } from 'vitest';
import { KeptPeers } from './kept-peers.ts';
import { MemoryRows } from './memory-rows.ts';
import { OwnedRows } from './owned-rows.ts';

const parameters = new Uint8Array(32).fill(7);
const owned = (rows: MemoryRows, of = parameters) => new OwnedRows(rows, of);
const ban = (peer: string, lies = 1) => ({ peer, code: 'forged', evidence: { height: 3, hash: 'ab' }, at: 1, until: 5, lies, past: 'zk-proof', sender: { subnet: '203.0.113', witness: true }, address: `/dns4/${peer}.example/tcp/443/wss` });
const good = (peer: string) => ({ peer, address: `/dns4/${peer}.example/tcp/443/wss`, network: `${peer}.example`, at: 1 });

it('has bans and good peers after a restart, and none after a wipe, or in a damaged row', async () => {
  const rows = new MemoryRows();
  const kept = new KeptPeers(owned(rows));
  expect(await kept.load()).toEqual({ bans: [], peers: [] });
  await kept.keepBans([ban('a')]);
  await kept.keepPeers([good('b')]);
  expect(await new KeptPeers(owned(rows)).load()).toEqual({ bans: [ban('a')], peers: [good('b')] });
  // Peers are the same, whatever the parameters are.
  expect((await new KeptPeers(owned(rows, new Uint8Array(32))).load()).bans).toEqual([ban('a')]);
  const [row] = await rows.get([{ table: 'meta', key: 'bans' }]);
  await rows.write({ durability: 'relaxed', writes: [{ table: 'meta', key: 'bans', value: row!.with(20, row![20]! ^ 1) }] }, () => []);
  expect(await new KeptPeers(owned(rows)).load()).toEqual({ bans: [], peers: [good('b')] });
  await owned(rows).write({ durability: 'strict', writes: kept.deletion });
  kept.wiped();
  expect([kept.known, await new KeptPeers(owned(rows)).load()]).toEqual([{ bans: [], peers: [] }, { bans: [], peers: [] }]);
});

it('keeps a ban that comes while it moves, at whatever step, beside those of the rows', async () => {
  let steps = 0;
  for (;; steps += 1) {
    let moves = true;
    const [memory, disk] = [new MemoryRows(), new MemoryRows()];
    await new KeptPeers(owned(disk)).keepBans([ban('a')]);
    const kept = new KeptPeers(owned(memory));
    const moving = kept.moveTo(owned(disk)).then(() => (moves = false));
    for (let i = 0; i < steps; i += 1) await Promise.resolve();
    if (!moves) break;
    await Promise.all([kept.keepBans([...kept.known.bans, ban('b')]), moving]);
    const stored = (await new KeptPeers(owned(disk)).load()).bans.map(({ peer }) => peer).toSorted();
    expect([steps, stored, kept.known.bans.map(({ peer }) => peer).toSorted()]).toEqual([steps, ['a', 'b'], ['a', 'b']]);
  }
  expect(steps).toBeGreaterThan(3);
});

it('keeps a ban of an id as long as an address may be', async () => {
  const rows = new MemoryRows();
  const address = `/dns4/${'a'.repeat(200)}/tcp/443/wss`;
  await new KeptPeers(owned(rows)).keepBans([{ ...ban('a'), peer: address, address }]);
  expect((await new KeptPeers(owned(rows)).load()).bans).toMatchObject([{ peer: address, address }]);
});

it('goes on in other rows with what both have; of one peer ours counts', async () => {
  const [memory, disk] = [new MemoryRows(), new MemoryRows()];
  const before = new KeptPeers(owned(disk));
  await before.keepBans([ban('a'), ban('b')]);
  await before.keepPeers([good('c')]);
  const kept = new KeptPeers(owned(memory));
  await kept.keepBans([ban('b', 4)]);
  await kept.moveTo(owned(disk));
  expect((await new KeptPeers(owned(disk)).load()).bans).toEqual(expect.arrayContaining([ban('b', 4), ban('a')]));
  await kept.keepPeers([good('d')]);
  expect(await new KeptPeers(owned(disk)).load()).toMatchObject({ bans: { length: 2 }, peers: [good('d')] });
});
