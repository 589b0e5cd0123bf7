import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { createAlbatrossNode } from '../../src/chains/albatross/net/node.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { createMemoryStore } from '../../src/chains/albatross/store/memory-store.ts';
import { MemoryRows } from '../../src/storage/memory-rows.ts';
import { startNodeClient } from '../support/node-client.ts';
import { SilentServers } from '../support/silent-servers.ts';

let devnet: Devnet;
let silent: SilentServers;

beforeAll(async () => {
  devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'remembered' });
  silent = await SilentServers.start(20);
});

afterAll(async () => {
  await silent.close();
  await devnet.close();
});

const remembered = (rows: MemoryRows) => createMemoryStore({ network: devnet.network, rows }).peers();

/** A client that has followed the devnet long enough to remember all its peers. */
async function served(rows = new MemoryRows()) {
  const client = await startNodeClient({ network: devnet.network, rows });
  await client.until('consensus', ({ getStatus }) => getStatus.call(client.client).consensus === 'established');
  await vi.waitFor(async () => {
    await devnet.produce(1);
    expect((await remembered(client.rows)).length).toBeGreaterThanOrEqual(3);
  }, { interval: 200 });
  return client;
}

describe('issue 11.10: good peers are remembered', () => {
  it('silent seeds do not delay the others, which are dialled while more than four of the silent ones are open', async () => {
    const good = devnet.network.seeds;
    const node = await createAlbatrossNode({
      genesisHash: devnet.network.genesisHash, seeds: [...silent.addresses, ...good], services: 0, requiredServices: 8, clock: systemClock,
      // This always chooses the first candidate, which is a silent one.
      random: { ...systemRandom, next: () => 0 },
    });
    try {
      const open = new Set<string>();
      const tried = new Set<string>();
      let openThen = 0;
      let triedThen = 0;
      const joined = new Promise<void>((resolve) => node.events.on('joined', () => resolve()));
      node.events.on('dialing', ({ address }) => {
        if (good.includes(address) && triedThen === 0) [openThen, triedThen] = [open.size, tried.size];
        open.add(address);
        tried.add(address);
      });
      node.events.on('down', ({ address }) => open.delete(address));
      await node.start();
      await joined;
      expect(triedThen).toBe(20);
      expect(openThen).toBeGreaterThan(4);
    } finally {
      await node.stop();
    }
  });

  it('when all seeds are gone, a returning client finds the network', async () => {
    const first = await served();
    const peers = await remembered(first.rows);
    for (const { address, peer } of peers) expect(devnet.peers.find(({ id }) => id === peer)?.address).toContain(address);
    await first.close();

    const second = await startNodeClient({ network: { ...devnet.network, seeds: silent.addresses }, rows: first.rows });
    await second.until('consensus', ({ getStatus }) => getStatus.call(second.client).consensus === 'established');
    await second.until('the best of them', (it) => it.getPeers().some(({ state, id }) => state === 'live' && id === peers[0]!.peer));
    await second.close();

    // A client that remembers no peer does not.
    const stranger = await startNodeClient({ network: { ...devnet.network, seeds: silent.addresses } });
    expect(stranger.client.getStatus().peers.connected).toBe(0);
    await stranger.close();
  });

  it('a banned peer is not remembered, and no peer is after a wipe', async () => {
    const rows = new MemoryRows();
    const old = { address: silent.addresses[0]!, peer: 'of an earlier session', network: 'elsewhere', at: Date.now() - 86_400_000 };
    await createMemoryStore({ network: devnet.network, rows }).putPeers([old]);
    const client = await served(rows);
    expect(await remembered(rows)).toContainEqual(old);
    const liar = (await remembered(client.rows))[0]!.peer;
    await devnet.fault(devnet.peers.findIndex(({ id }) => id === liar), { fault: 'signature' });
    await devnet.produce(3);
    await client.until('the ban', () => client.client.getPeers().some(({ id, state }) => id === liar && state === 'banned'));
    await vi.waitFor(async () => expect((await remembered(client.rows)).map(({ peer }) => peer)).not.toContain(liar));
    expect((await remembered(client.rows)).length).toBeGreaterThan(0);
    await client.client.wipe();
    // A peer that serves the client after the wipe is remembered anew.
    await vi.waitFor(async () => {
      await devnet.produce(1);
      expect((await remembered(rows)).length).toBeGreaterThan(0);
    }, { interval: 200 });
    expect((await remembered(rows)).map(({ peer }) => peer)).not.toContain(old.peer);
    await client.close();
  });
});
