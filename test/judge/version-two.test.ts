import { afterEach, describe, expect, it } from 'vitest';
import type { DevBlock } from '../../devnet/dev-block.ts';
import { createDevnet, type CreateDevnetOptions, type Devnet } from '../../devnet/devnet.ts';
import { startNodeClient, type NodeClient } from '../support/node-client.ts';
import { followTo, heightsReported, JUDGE_PEERS, OfficialClient } from './official-client.ts';

/** Clients and networks that each test opened; closed in reverse order. */
let open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const { close } of open.toReversed()) await close();
  open = [];
});

function kept<T extends { close(): Promise<unknown> }>(item: T): T {
  open.push({ close: () => item.close() });
  return item;
}

/** A devnet with this many blocks, and both clients at its head. */
async function sideBySide(options: CreateDevnetOptions, blocks: number): Promise<{ devnet: Devnet; official: OfficialClient; ours: NodeClient }> {
  const devnet = kept(await createDevnet({ port: 0, peers: JUDGE_PEERS, blockTime: 0, ...options }));
  await devnet.produce(blocks);
  const [official, ours] = await Promise.all([OfficialClient.start(devnet, 'pico').then(kept), startNodeClient({ network: devnet.network }).then(kept)]);
  await official.established();
  await official.reached(devnet.chain.head.hash);
  await oursAt(ours, devnet.chain.head);
  return { devnet, official, ours };
}

const oursAt = (ours: NodeClient, { height, hash }: DevBlock): Promise<void> => ours.until(`head ${height}`, (client) => client.getHead().latest.hash === hash);

const upgrades = (client: OfficialClient): number => client.heads.filter(({ reason }) => reason === 'protocol-upgrade').length;

describe('an upgrade in an election block', () => {
  it('to version 2: the official client and Petrel follow through it, with the same head at every macro block', async () => {
    // The first election block elects three validators. Later blocks use proposers by the slot rule and aggregates of three keys.
    const { devnet, official, ours } = await sideBySide({ seed: 'judge version two', version: 2, validators: 3 }, 120);
    const { policy } = devnet.chain;
    const both = async (height: number): Promise<void> => {
      for (let next = policy.macroBlockAfter(devnet.chain.head.height); next <= height; next = policy.macroBlockAfter(next)) {
        await followTo(devnet, [official], next);
        await oursAt(ours, devnet.chain.at(next)!);
      }
      await followTo(devnet, [official], height);
      await oursAt(ours, devnet.chain.head);
    };
    await both(327);
    expect(upgrades(official)).toBe(0);
    await both(328);
    expect([327, 328].map((height) => devnet.chain.at(height)!.block.header.version)).toEqual([1, 2]);
    await both(333);
    expect(upgrades(official)).toBe(1);

    // A skip block.
    const [skip] = await devnet.produce(1, { skip: true });
    expect(skip!.kind).toBe('skip');
    await Promise.all([official.reached(skip!.hash), oursAt(ours, skip!)]);
    await both(337);

    // A longer branch, and a winning skip block.
    const left = devnet.chain.head;
    const branch = await devnet.fork(1, 2);
    await Promise.all([official.reached(branch[1]!.hash), oursAt(ours, branch[1]!)]);
    expect(official.heads.at(-1)).toMatchObject({ reason: 'rebranched', reverted: [left.hash] });
    const [winner] = await devnet.rebranch(1, { skip: true });
    await Promise.all([official.reached(winner!.hash), oursAt(ours, winner!)]);
    expect(official.heads.at(-1)).toMatchObject({ reason: 'rebranched', reverted: [branch[1]!.hash], adopted: [winner!.hash] });

    // Four checkpoints and an election block of version 2.
    await both(458);
    expect(devnet.chain.at(360)).toMatchObject({ kind: 'checkpoint', block: { header: { version: 2 } } });
    expect(devnet.chain.at(456)).toMatchObject({ kind: 'election', block: { header: { version: 2 } } });
    const finals = new Set(ours.heads.map(({ head }) => head.final.hash));
    const macros = [328, 360, 392, 424, 456].map((height) => devnet.chain.at(height)!.hash);
    expect(macros.filter((hash) => !finals.has(hash))).toEqual([]);
    expect(macros.filter((hash) => !official.adopted.includes(hash))).toEqual([]);
    expect(upgrades(official)).toBe(1);
    expect(ours.client.getPeers().filter(({ state }) => state === 'banned')).toEqual([]);

    // Clients that join late: pico starts in version 2, light goes through the upgrade with the election blocks.
    const late = await Promise.all([OfficialClient.start(devnet, 'pico').then(kept), OfficialClient.start(devnet, 'light').then(kept)]);
    await Promise.all(late.map((client) => client.established()));
    await Promise.all(late.map((client) => client.reached(devnet.chain.head.hash)));
    expect(late.map((client) => heightsReported(devnet, client))).toEqual([[456, 457, 458], [328, 456, 457, 458]]);
    expect(late.map(upgrades)).toEqual([1, 1]);
    expect(devnet.eventsOf('expelled')).toEqual([]);
  });

  it('to version 3, which the official client knows on this network and Petrel does not', async () => {
    const { devnet, official, ours } = await sideBySide({ seed: 'judge version three', version: 3 }, 250);
    expect(devnet.chain.electionHead.block.header.version).toBe(2);
    await followTo(devnet, [official], 460);
    expect(devnet.chain.at(456)!.block.header.version).toBe(3);
    expect(heightsReported(devnet, official).slice(-10)).toEqual(Array.from({ length: 10 }, (_, i) => 451 + i));
    await ours.until('too old', (client) => client.getStatus().reason?.code === 'client-too-old');
    expect(ours.client.getHead().latest).toMatchObject({ height: 455, hash: devnet.chain.at(455)!.hash });
  });
});
