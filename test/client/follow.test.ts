import { afterEach, describe, expect, it } from 'vitest';
import { createDevnet, type CreateDevnetOptions, type Devnet } from '../../devnet/devnet.ts';
import type { ChainClient } from '../../src/engine/driver.ts';
import { type NodeClient, type NodeClientOptions, startNodeClient } from '../support/node-client.ts';
import { closeWithNobodyExpelled } from '../support/nobody-expelled.ts';

/** Clients and networks that each test opened; closed after it, last opened first. */
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).toReversed()) await item.close();
});

async function devnetOf(options: CreateDevnetOptions = {}): Promise<Devnet> {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'client-tests', ...options });
  open.push({ close: () => closeWithNobodyExpelled(devnet) });
  return devnet;
}

async function clientOf(options: NodeClientOptions): Promise<NodeClient> {
  const client = await startNodeClient(options);
  open.push(client);
  return client;
}

const established = (client: ChainClient) => client.getStatus().consensus === 'established';
const at = (devnet: Devnet) => (client: ChainClient) => client.getHead().latest.hash === devnet.chain.head.hash;

/** Makes blocks one by one, and waits after each until the client has followed it. */
async function follow(devnet: Devnet, client: NodeClient, blocks: number): Promise<void> {
  for (let i = 0; i < blocks; i++) {
    await devnet.produce(1);
    await client.until(`head ${devnet.chain.head.height}`, at(devnet));
  }
}

/** Requests of the client with this id, as the network saw them. */
function requestsSince(devnet: Devnet, from: number) {
  return devnet.log.slice(from).flatMap((event) => (event.event === 'request' ? [event] : []));
}

describe('the light client in Node', () => {
  it('establishes consensus at genesis and follows through an election block', async () => {
    const devnet = await devnetOf();
    const client = await clientOf({ network: devnet.network });
    await client.until('established', established);
    expect(client.client.getHead().latest).toMatchObject({ height: 200, details: { type: 'election' }, trust: 'proven', finality: 'final' });
    await follow(devnet, client, 34);
    expect(client.client.getHead()).toMatchObject({ latest: { height: 234, finality: 'pending', trust: 'proven' }, final: { height: 232, details: { type: 'checkpoint' }, finality: 'final' } });
    // The client reported every block once, in order.
    const adopted = client.heads.flatMap((event) => event.adopted);
    expect(adopted.map(({ height }) => height)).toEqual(Array.from({ length: 34 }, (_, i) => 201 + i));
    // Many blocks at once, and then block by block through the election block.
    await devnet.produce(92);
    await client.until('the head after the leap', at(devnet));
    await follow(devnet, client, 4);
    const { latest, final } = client.client.getHead();
    // The signing key that this block elects is proven only by a later final block, and there is none yet.
    expect(latest).toMatchObject({ height: 330, trust: 'witnessed', finality: 'pending', details: { type: 'micro' } });
    expect(final).toMatchObject({ height: 328, details: { type: 'election' }, finality: 'final', trust: 'proven', hash: devnet.chain.electionHead.hash });
    expect(client.client.getTrust()).toMatchObject({ level: 'proven', anchor: { kind: 'genesis' }, checked: { electionBlocks: 1, checkpoints: 3 } });
    for (const { height, hash } of client.heads.flatMap((event) => event.adopted)) expect(hash).toBe(devnet.chain.at(height)!.hash);
    await client.until('all four peers live', (it) => it.getStatus().peers.live === 4);
    expect(await client.client.getBlock(329)).toMatchObject({ hash: devnet.chain.at(329)!.hash, finality: 'pending', parentHash: devnet.chain.at(328)!.hash });
    expect(client.notices.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('joins in the middle of the chain: takes the newest election block from three witnesses and verifies the rest', async () => {
    const devnet = await devnetOf({ epochs: 3 });
    await devnet.produce(40);
    // Long enough for three answers on any machine.
    const client = await clientOf({ network: devnet.network, settings: { witnessWait: 600_000 } });
    await client.until('established at the head', (it) => established(it) && at(devnet)(it));
    expect(client.client.getHead()).toMatchObject({ latest: { height: 624, trust: 'witnessed' }, final: { height: 616, details: { type: 'checkpoint' }, trust: 'witnessed' } });
    const { anchor, level } = client.client.getTrust();
    expect(level).toBe('witnessed');
    expect(anchor).toMatchObject({ kind: 'witnesses', height: 584, hash: devnet.chain.at(584)!.hash, fewWitnesses: false });
    expect(anchor.witnesses.length).toBeGreaterThanOrEqual(3);
    await follow(devnet, client, 3);
    // Older blocks are fetched from peers. They are verified by hash, downwards from a verified block.
    expect(await client.client.getBlock(456)).toMatchObject({ hash: devnet.chain.at(456)!.hash, details: { type: 'election' }, finality: 'final', place: 'chain', linkedFrom: 584 });
    expect(await client.client.getBlock(500)).toMatchObject({ hash: devnet.chain.at(500)!.hash, details: { type: 'micro' }, finality: 'final', place: 'chain', linkedFrom: 584 });
  });

  it('resumes from its store: shows the head at once, and requests nothing that is stored', async () => {
    const devnet = await devnetOf();
    await devnet.produce(125);
    const first = await clientOf({ network: devnet.network });
    await first.until('established at the head', (it) => established(it) && at(devnet)(it));
    await follow(devnet, first, 10);
    const stored = first.client.getHead();
    await first.close();

    // No announcements: gossip keeps messages for a while, and a block that arrives this way would become a later locator.
    devnet.withhold(true);
    await devnet.produce(3);
    devnet.withhold(false);
    const from = devnet.log.length;
    const second = await clientOf({ network: devnet.network, rows: first.rows });
    const places = ({ latest, final }: ReturnType<typeof second.client.getHead>) => [latest.hash, final.hash];
    expect(places(second.client.getHead())).toEqual(places(stored));
    // The client reaches this level when it has verified its store again.
    await second.until('checked', (it) => it.getTrust().level === 'proven');
    expect(second.client.getHead().final).toEqual(stored.final);
    expect(second.client.getTrust()).toMatchObject({ level: 'proven', checked: { electionBlocks: 1 } });
    await second.until('established at the head', (it) => established(it) && at(devnet)(it));
    await follow(devnet, second, 1);
    const requests = requestsSince(devnet, from);
    // Except copies of the election block, to compare their validator lists.
    for (const { blocks = [] } of requests) expect(blocks.filter((height) => height <= stored.latest.height && height !== 328)).toEqual([]);
    const [first209] = requests.filter(({ kind }) => kind === 'missing-blocks').map(({ body }) => body as { locators: string[] });
    expect(first209!.locators[0]).toBe(stored.latest.hash);
    expect(second.heads.flatMap(({ adopted }) => adopted.map(({ height }) => height))).toEqual([336, 337, 338, 339]);
  });

  it('catches up from its stored head after two epochs away', async () => {
    const devnet = await devnetOf();
    const first = await clientOf({ network: devnet.network });
    await first.until('established', established);
    await follow(devnet, first, 10);
    await first.close();
    await devnet.produce(270);

    const from = devnet.log.length;
    const second = await clientOf({ network: devnet.network, rows: first.rows });
    expect(second.client.getHead().latest.height).toBe(210);
    await second.until('established at the head', (it) => established(it) && at(devnet)(it));
    expect(second.client.getTrust()).toMatchObject({ level: 'proven', checked: { electionBlocks: 2 } });
    expect(second.notices.filter(({ level }) => level !== 'info')).toEqual([]);
    const chains = requestsSince(devnet, from).filter(({ kind }) => kind === 'macro-chain');
    expect(chains.length).toBeGreaterThan(0);
    await second.close();

    const third = await clientOf({ network: devnet.network, rows: first.rows });
    expect(third.client.getHead().latest.hash).toBe(devnet.chain.head.hash);
    await third.until('checked', (it) => it.getTrust().level === 'proven');
    // The first election block is now an old one, of which the store has the header.
    expect(await third.client.getBlock(328)).toMatchObject({ hash: devnet.chain.at(328)!.hash });
  });

  /**
   * Makes a network, a client that followed one of its chains to height 330, and a second chain of the same network that has just
   * begun.
   */
  async function begunAnew(): Promise<{ readonly old: Devnet; readonly first: NodeClient; readonly devnet: Devnet }> {
    const old = await devnetOf({ seed: 'one' });
    const first = await clientOf({ network: old.network });
    await first.until('established', established);
    await old.produce(130);
    await first.until('the head', at(old));
    await first.close();
    await old.close();

    const devnet = await devnetOf({ seed: 'two' });
    return { old, first, devnet };
  }

  it('changes to another chain of the network in one step, and reports it, when that chain is verified and longer', async () => {
    const { old, first, devnet } = await begunAnew();
    await devnet.produce(180);
    const second = await clientOf({ network: devnet.network, rows: first.rows });
    expect(second.client.getHead().latest.hash).toBe(old.chain.head.hash);
    await second.until('established on the other chain', (it) => established(it) && at(devnet)(it));
    expect(second.notices.map(({ code }) => code)).toContain('other-chain');
    expect(Math.min(...second.heads.map(({ head }) => head.latest.height))).toBeGreaterThan(300);
    await follow(devnet, second, 2);
    await second.close();
    const third = await clientOf({ network: devnet.network, rows: first.rows });
    expect(third.client.getHead().latest.hash).toBe(devnet.chain.head.hash);
  });

  it('keeps its chain and reports that no peer knows it, when the network was restarted and its new chain is shorter', async () => {
    const { old, first, devnet } = await begunAnew();
    await devnet.produce(50);
    const second = await clientOf({ network: devnet.network, rows: first.rows });
    await second.until('the reason', (it) => it.getStatus().reason?.code === 'chain-unknown');
    expect(second.client.getHead().latest.hash).toBe(old.chain.head.hash);
    expect(second.client.getPeers().filter(({ state }) => state === 'banned')).toEqual([]);
    // The page tells the user to do this.
    await second.client.wipe();
    await second.until('established on the other chain', (it) => established(it) && at(devnet)(it));
  });

  it('recovers when all peers have stopped and started again', async () => {
    const devnet = await devnetOf();
    const client = await clientOf({ network: devnet.network });
    await client.until('established', established);
    await follow(devnet, client, 3);
    const peers = devnet.peers.map(({ index }) => index);
    for (const peer of peers) await devnet.stopPeer(peer);
    await client.until('lost', (it) => it.getStatus().consensus === 'lost' && it.getStatus().peers.connected === 0);
    expect(client.client.getHead().latest.height).toBe(203);
    for (const peer of peers) await devnet.startPeer(peer);
    await devnet.produce(2);
    await client.until('established at the head', (it) => established(it) && at(devnet)(it));
    await follow(devnet, client, 2);
  });

  it('deletes everything on wipe and syncs anew', async () => {
    const devnet = await devnetOf();
    const client = await clientOf({ network: devnet.network });
    await client.until('established', established);
    await follow(devnet, client, 34);
    await client.client.wipe();
    expect(client.notices.map(({ code }) => code)).toContain('wiped');
    await client.until('established at the head', (it) => established(it) && at(devnet)(it));
    await follow(devnet, client, 1);
    await client.close();
    const again = await clientOf({ network: devnet.network, rows: client.rows });
    expect(again.client.getHead().latest.hash).toBe(devnet.chain.head.hash);
  });
});
