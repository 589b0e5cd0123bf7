import '../src/network/node-web-socket.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { DecodeError } from '../src/base/postcard/codec.ts';
import { blockOfHeaderMessage, decodeGossip } from '../src/chains/albatross/wire/gossip.ts';
import { blockHash } from '../src/chains/albatross/chain/hashes.ts';
import { createAlbatrossNode } from '../src/chains/albatross/net/node.ts';
import type { AlbatrossNode } from '../src/chains/albatross/net/node-types.ts';
import { systemClock, systemRandom } from '../src/base/system.ts';
import { answerHead } from '../test/support/answer-head.ts';
import { FAULTS } from './arm-fault.ts';
import { createDevnet, type CreateDevnetOptions, type Devnet } from './devnet.ts';

let open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  // Close the clients first, so that no stopping peer waits for one.
  for (const { close } of open.toReversed()) await close();
  open = [];
});

async function devnetWith(options: CreateDevnetOptions = {}): Promise<Devnet> {
  const devnet = await createDevnet({ port: 0, peers: 2, blockTime: 0, seed: 'devnet test', ...options });
  open.push(devnet);
  return devnet;
}

interface Heard {
  readonly from: string;
  /** Hash of the announced block, or `garbage`. */
  readonly what: string;
}

/** A plain node that has joined all peers and records what it hears. */
async function clientOf(devnet: Devnet): Promise<{ node: AlbatrossNode; heard: Heard[]; hears(fits: (heard: Heard) => boolean): Promise<void> }> {
  const node = await createAlbatrossNode({
    genesisHash: devnet.network.genesisHash,
    seeds: devnet.network.seeds,
    services: 0,
    requiredServices: 8,
    desiredPeers: devnet.peers.length,
    clock: systemClock,
    random: systemRandom,
  });
  answerHead(node, devnet.chain);
  const heard: Heard[] = [];
  const listeners = new Set<() => void>();
  node.onGossip('block-header', (from, data) => {
    let what = 'garbage';
    try {
      what = blockHash(blockOfHeaderMessage(decodeGossip('block-header', data)));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
    heard.push({ from, what });
    for (const listener of Array.from(listeners)) listener();
    return Promise.resolve('ignore');
  });
  await node.start();
  open.push({ close: () => node.stop() });
  await Promise.all(devnet.peers.flatMap(({ index }) => [
    devnet.waitFor('joined', (event) => event.peer === index && event.remote === node.peerId),
    devnet.waitFor('subscription', (event) => event.peer === index && event.remote === node.peerId && event.topic === 'block-header'),
  ]));
  const hears = (fits: (heard: Heard) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const listener = (): void => {
        if (!heard.some(fits)) return;
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
      listener();
    });
  return { node, heard, hears };
}

describe('a devnet', () => {
  it('has peers that know each other: a client that joins one gets the contacts of all', async () => {
    const { network: { genesisHash, seeds } } = await devnetWith({ peers: 3 });
    const node = await createAlbatrossNode({ genesisHash, seeds: seeds.slice(1, 2), services: 0, requiredServices: 8, desiredPeers: 1, allowInsecure: true, clock: systemClock, random: systemRandom });
    open.push({ close: () => node.stop() });
    const sizes: number[] = [];
    node.events.on('contacts', ({ size }) => sizes.push(size));
    await node.start();
    await expect.poll(() => sizes.at(-1)).toBe(3);
  });

  it('announces blocks, answers requests, and reports events', async () => {
    const devnet = await devnetWith();
    expect(devnet.log[0]).toMatchObject({ event: 'started', network: 'unit-albatross', head: { height: 200, type: 'election' } });
    expect(devnet.log).toHaveLength(1);
    const { node, hears } = await clientOf(devnet);
    const blocks = await devnet.produce(34);
    for (const { hash } of blocks) await hears(({ what }) => what === hash);
    const first = devnet.peers[0]!.id;
    const at = (height: number): string => devnet.chain.at(height)!.hash;
    expect(await node.request(first, 'head', {})).toEqual({ blockNumber: 234, blockHash: at(234), macroHash: at(232), electionHash: at(200) });
    expect(await node.request(first, 'block', { hash: at(205), includeBody: false })).toEqual({ ok: true, value: devnet.chain.at(205)!.block });
    expect(await node.request(first, 'block', { hash: at(232), includeBody: true })).toMatchObject({ ok: true, value: { body: { transactions: [] } } });
    expect(await node.request(first, 'block', { hash: '00'.repeat(32), includeBody: false })).toEqual({ ok: false, error: 'TargetHashNotFound' });
    expect(await node.request(first, 'macro-chain', { locators: [at(200)], maxEpochs: 10 })).toEqual({ ok: true, value: { epochs: [], checkpoint: { blockNumber: 232, hash: at(232) } } });
    expect(await node.request(first, 'macro-chain', { locators: ['00'.repeat(32)], maxEpochs: 10 })).toEqual({ ok: false, error: 'UnknownLocators' });
    const missing = await node.request(first, 'missing-blocks', { targetHash: at(234), includeBody: false, locators: [at(203), at(200)], direction: 'forward' });
    expect(missing).toMatchObject({ ok: true });
    // A reply ends at the next macro block.
    expect(missing.ok && missing.value.blocks.map(({ header }) => header.blockNumber)).toEqual(Array.from({ length: 29 }, (_, i) => 204 + i));
    const back = await node.request(first, 'missing-blocks', { targetHash: at(234), includeBody: false, locators: [at(203)], direction: 'backward' });
    expect(back.ok && back.value.blocks.map(({ header }) => header.blockNumber)).toEqual([232, 233, 234]);
    expect(await node.request(first, 'subscribe', { operation: 'subscribe', addresses: [] })).toEqual({ ok: true, value: undefined });
    expect(await node.request(first, 'zkp', { blockNumber: 200, requestElectionBlock: false })).toEqual({ type: 'outdated', blockNumber: 200 });
    const told = await devnet.waitFor('request', ({ kind }) => kind === 'missing-blocks');
    expect(told).toMatchObject({ peer: 0, from: node.peerId, outcome: 'ok', body: { targetHash: at(234), locators: [at(203), at(200)] }, blocks: missing.ok ? missing.value.blocks.map(({ header }) => header.blockNumber) : [] });
    await devnet.waitFor('request', ({ kind, outcome }) => kind === 'zkp' && outcome === 'outdated');
    expect(JSON.parse(JSON.stringify(devnet.log))).toHaveLength(devnet.log.length);
  });

  it('withholds blocks from announcement, but serves them on request', async () => {
    const devnet = await devnetWith();
    const { node, heard, hears } = await clientOf(devnet);
    devnet.withhold(1);
    const [quiet] = await devnet.produce(1);
    const [loud] = await devnet.produce(1);
    await hears(({ what }) => what === loud!.hash);
    expect(heard.map(({ what }) => what)).not.toContain(quiet!.hash);
    expect(await node.request(devnet.peers[1]!.id, 'block', { hash: quiet!.hash, includeBody: false })).toMatchObject({ ok: true });
  });

  it('stops a peer and starts it again with the same identity and address', async () => {
    const devnet = await devnetWith();
    const { node } = await clientOf(devnet);
    const before = devnet.peers[1]!.info;
    await devnet.stopPeer(1);
    expect(devnet.peers[1]!.info).toMatchObject({ running: false, id: before.id });
    const from = devnet.log.length;
    await devnet.startPeer(1);
    expect(devnet.peers[1]!.info).toEqual({ ...before, clients: { live: 0, incompatible: 0, outdated: 0 } });
    await devnet.waitFor('joined', ({ peer, remote }) => peer === 1 && remote === node.peerId, { from });
  });

  it('gives one peer a fault and leaves the others honest', async () => {
    const devnet = await devnetWith();
    const { node, hears } = await clientOf(devnet);
    await devnet.fault(1, { fault: 'seed' });
    const [honest] = await devnet.produce(1);
    const faulty = await devnet.waitFor('faulty-block');
    expect(faulty).toMatchObject({ peer: 1, fault: 'seed', height: 201, instead: honest!.hash });
    await hears(({ what }) => what === honest!.hash);
    await hears(({ from, what }) => what === faulty.hash && from === devnet.peers[1]!.id);
    expect(await node.request(devnet.peers[1]!.id, 'head', {})).toMatchObject({ blockHash: faulty.hash });
    expect(await node.request(devnet.peers[0]!.id, 'head', {})).toMatchObject({ blockHash: honest!.hash });
    expect(await node.request(devnet.peers[1]!.id, 'block', { hash: faulty.hash, includeBody: false })).toMatchObject({ ok: true });
  });

  it('has faults that stall, send garbage, flood, and answer with the wrong block', async () => {
    const devnet = await devnetWith();
    const { node, heard, hears } = await clientOf(devnet);
    await devnet.produce(1);
    const liar = devnet.peers[1]!.id;
    await devnet.fault(1, { fault: 'stall' });
    await expect(node.request(liar, 'head', {}, { timeout: 300 })).rejects.toMatchObject({ code: 'timeout' });
    await devnet.fault(1, { fault: 'none' });
    await devnet.fault(1, { fault: 'garbage' });
    await expect(node.request(liar, 'head', {})).rejects.toMatchObject({ code: 'malformed' });
    await devnet.produce(1);
    await hears(({ from, what }) => from === liar && what === 'garbage');
    await devnet.fault(1, { fault: 'none' });
    await devnet.fault(1, { fault: 'wrong-block' });
    const wrong = await node.request(liar, 'block', { hash: devnet.chain.head.hash, includeBody: false });
    expect(wrong.ok && blockHash(wrong.value)).not.toBe(devnet.chain.head.hash);
    await devnet.fault(1, { fault: 'none' });
    await devnet.fault(1, { fault: 'not-found', height: devnet.chain.head.height });
    expect(await node.request(liar, 'block', { hash: devnet.chain.head.hash, includeBody: false })).toEqual({ ok: false, error: 'TargetHashNotFound' });
    expect(await node.request(liar, 'block', { hash: devnet.chain.head.block.header.parentHash, includeBody: false })).toMatchObject({ ok: true });
    await devnet.fault(1, { fault: 'none' });
    await devnet.fault(1, { fault: 'flood' });
    await devnet.produce(1);
    await hears(() => heard.filter(({ from }) => from === liar).length > 200);
    await devnet.fault(1, { fault: 'none' });
    await devnet.fault(1, { fault: 'freeze' });
    await devnet.produce(2);
    expect(await node.request(liar, 'head', {})).toMatchObject({ blockNumber: 203 });
    await expect(devnet.fault(1, { fault: 'unheard-of' })).rejects.toMatchObject({ name: 'DevnetError', code: 'unknown-fault' });
    expect(Object.keys(FAULTS).length).toBeGreaterThan(60);
  });

  it('makes forks', async () => {
    const devnet = await devnetWith();
    await devnet.produce(4);
    const left = [203, 204].map((height) => devnet.chain.at(height)!.hash);
    const branch = await devnet.fork(2, 3);
    expect(branch.map(({ height }) => height)).toEqual([203, 204, 205]);
    expect(devnet.eventsOf('reverted').map(({ blocks }) => blocks.map(({ hash }) => hash))).toEqual([left]);
    expect(devnet.eventsOf('reverted')[0]?.adopted.map(({ hash }) => hash)).toEqual(branch.map(({ hash }) => hash));
    expect(devnet.eventsOf('block').filter(({ side }) => side).map(({ height }) => height)).toEqual([203, 204]);
    const [skip] = await devnet.rebranch(2, { skip: true });
    expect(devnet.chain.head).toBe(skip);
    expect(devnet.info().head.height).toBe(204);
    await expect(devnet.fork(6, 1)).rejects.toMatchObject({ code: 'impossible' });
  });

  it('makes trouble by itself, the same for the same seed', async () => {
    const heads = [];
    for (let i = 0; i < 2; i++) {
      const devnet = await devnetWith({ peers: 1, skipEvery: 7, forkEvery: 6, withhold: 0.2, now: () => 1_800_000_000_000 });
      await devnet.produce(60);
      expect(devnet.eventsOf('block').some(({ type }) => type === 'skip')).toBe(true);
      expect(devnet.eventsOf('reverted').length).toBeGreaterThan(1);
      expect(devnet.eventsOf('withheld').length).toBeGreaterThan(1);
      heads.push(devnet.chain.head.hash);
    }
    expect(heads[0]).toBe(heads[1]);
  });

  it('produces blocks by itself up to a height', async () => {
    const devnet = await devnetWith({ blockTime: 50, until: 205 });
    expect(await devnet.waitFor('until-reached')).toEqual({ event: 'until-reached', height: 205 });
    expect(devnet.chain.head.height).toBe(205);
  });

  it('waits while the chain is more than 300 s ahead of the clock', async () => {
    let now = 1_800_000_000_000;
    const devnet = await devnetWith({ blockTime: 50, now: () => now });
    await devnet.waitFor('block');
    // 4 s of chain time each, apart from macro blocks.
    await devnet.produce(80, { skip: true });
    const { ahead } = await devnet.waitFor('waiting');
    expect(ahead).toBeGreaterThan(300_000);
    const stood = devnet.chain.head;
    const from = devnet.log.length;
    now += 60_000;
    const next = await devnet.waitFor('block', () => true, { from });
    expect(next.parentHash).toBe(stood.hash);
    expect(devnet.chain.at(next.height)!.block.header.timestamp).toBe(stood.block.header.timestamp);
  });
});
