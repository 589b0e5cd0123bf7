import '../src/network/node-web-socket.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifyNow } from '../test/support/verify-now.ts';
import { checkNetworkParameters } from '../src/chains/albatross/chain/network-parameters.ts';
import type { NetworkParameters } from '../src/chains/albatross/chain/network.ts';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { judgeZkProof, type ZkpErrorCode } from '../src/chains/albatross/chain/rules/zk-proof.ts';
import { decodeGossip } from '../src/chains/albatross/wire/gossip.ts';
import type { ResponseBody, ZkProof } from '../src/chains/albatross/wire/requests.ts';
import { createAlbatrossNode } from '../src/chains/albatross/net/node.ts';
import type { AlbatrossNode } from '../src/chains/albatross/net/node-types.ts';
import { systemClock, systemRandom } from '../src/base/system.ts';
import { answerHead } from '../test/support/answer-head.ts';
import { createDevnet, type CreateDevnetOptions, type Devnet } from './devnet.ts';

/** A chain of two epochs and one of version 2, made once; each test opens it with its own options. */
const dir = mkdtempSync(join(tmpdir(), 'zkp-'));
const data = join(dir, 'version-1');
const data2 = join(dir, 'version-2');
beforeAll(async () => {
  for (const options of [{ data, epochs: 2 }, { data: data2, epochs: 1, version: 2 }]) await (await createDevnet({ port: 0, peers: 1, blockTime: 0, seed: 'zkp test', ...options })).close();
});
afterAll(() => rmSync(dir, { recursive: true }));

let open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const { close } of open.toReversed()) await close();
  open = [];
});

async function devnetWith(options: CreateDevnetOptions = {}): Promise<Devnet> {
  const devnet = await createDevnet({ port: 0, peers: 2, blockTime: 0, ...options });
  open.push(devnet);
  return devnet;
}

interface Client {
  readonly node: AlbatrossNode;
  /** Messages on the proof topic, each with the peer that it came from first. */
  readonly heard: { readonly from: string; readonly message: ZkProof }[];
}

async function clientOf(devnet: Devnet): Promise<Client> {
  const { genesisHash, seeds } = devnet.network;
  const node = await createAlbatrossNode({ genesisHash, seeds, services: 0, requiredServices: 8, desiredPeers: devnet.peers.length, clock: systemClock, random: systemRandom });
  answerHead(node, devnet.chain);
  open.push({ close: () => node.stop() });
  const heard: Client['heard'] = [];
  node.onGossip('zk-proof', (from, data) => {
    heard.push({ from, message: decodeGossip('zk-proof', data) });
    return Promise.resolve('ignore');
  });
  await node.start();
  await Promise.all(devnet.peers.flatMap(({ index }) => [
    devnet.waitFor('joined', (event) => event.peer === index && event.remote === node.peerId),
    devnet.waitFor('subscription', (event) => event.peer === index && event.remote === node.peerId && event.topic === 'zk-proof'),
  ]));
  return { node, heard };
}

/** Asks for a proof as a client at genesis. */
function ask({ node }: Client, devnet: Devnet, peer: number): Promise<ResponseBody<'zkp'>> {
  return node.request(devnet.peers[peer]!.id, 'zkp', { blockNumber: 200, requestElectionBlock: true });
}

function judge(answer: ResponseBody<'zkp'>, network: NetworkParameters): Promise<ZkpErrorCode | undefined> {
  if (answer.type !== 'proof') throw new Error(`outdated: ${answer.blockNumber}`);
  return judgeZkProof({ message: answer.proof, block: answer.block, network, now: Date.now() }, verifyNow);
}

describe('zero-knowledge proofs', () => {
  it("of the newest election block verify under the unit network's verifying key", async () => {
    const devnet = await devnetWith({ data });
    const client = await clientOf(devnet);
    const answer = await ask(client, devnet, 0);
    expect(answer).toMatchObject({ type: 'proof', proof: { blockNumber: 456 }, block: { ...devnet.chain.at(456)!.block, body: undefined } });
    expect(await judge(answer, unitAlbatross)).toBeUndefined();
    expect(await client.node.request(devnet.peers[1]!.id, 'zkp', { blockNumber: 328, requestElectionBlock: false })).toEqual({ ...answer, block: undefined });
    expect(await client.node.request(devnet.peers[1]!.id, 'zkp', { blockNumber: 456, requestElectionBlock: true })).toEqual({ type: 'outdated', blockNumber: 456 });
    expect(devnet.eventsOf('request').map(({ kind, outcome, blocks }) => [kind, outcome, blocks])).toEqual([
      ['zkp', 'ok', [456]],
      ['zkp', 'ok', [456]],
      ['zkp', 'outdated', [456]],
    ]);
  });

  it('are announced with a new election block', async () => {
    const devnet = await devnetWith();
    const client = await clientOf(devnet);
    await devnet.produce(128);
    const [first] = await Promise.all(devnet.peers.map(({ index }) => devnet.waitFor('proof-announced', ({ peer }) => peer === index)));
    expect(first).toMatchObject({ height: 328, to: [client.node.peerId] });
    await expect.poll(() => client.heard.length).toBeGreaterThan(0);
    const { message } = client.heard[0]!;
    const block = devnet.chain.at(328)!.block;
    expect(block.type === 'macro' && (await judgeZkProof({ message, block, network: unitAlbatross, now: Date.now() }, verifyNow))).toBeUndefined();
  });

  it('of a separate network verify under its own key', async () => {
    const networkFile = join(dir, 'network.json');
    const devnet = await devnetWith({ networkFile, epochs: 1 });
    const network = checkNetworkParameters(JSON.parse(readFileSync(networkFile, 'utf8')));
    expect(network.zkp?.verifyingKey).not.toBe(unitAlbatross.zkp?.verifyingKey);
    const answer = await ask(await clientOf(devnet), devnet, 0);
    expect(await judge(answer, network)).toBeUndefined();
    expect(await judge(answer, { ...network, zkp: unitAlbatross.zkp })).toBe('zkp-invalid');
  });
});

describe('--zkp', () => {
  it('none: answers as nodes of 2.x, and announces nothing', async () => {
    const devnet = await devnetWith({ data, zkp: 'none' });
    await expect(ask(await clientOf(devnet), devnet, 0)).rejects.toMatchObject({ code: 'no-receiver' });
    for (const peer of devnet.peers) await peer.announceProof();
    expect(devnet.eventsOf('proof-announced')).toEqual([]);
  });

  it('left out: no proof on a chain of version 2', async () => {
    const devnet = await devnetWith({ data: data2 });
    await expect(ask(await clientOf(devnet), devnet, 0)).rejects.toMatchObject({ code: 'no-receiver' });
  });

  it('fresh: a proof also on a chain of version 2', async () => {
    const devnet = await devnetWith({ data: data2, zkp: 'fresh' });
    const answer = await ask(await clientOf(devnet), devnet, 0);
    expect(answer).toMatchObject({ proof: { blockNumber: 328 }, block: { header: { version: 2 } } });
    expect(await judge(answer, unitAlbatross)).toBeUndefined();
  });

  it('stale: a valid proof of the election block before the newest', async () => {
    const devnet = await devnetWith({ data, zkp: 'stale' });
    const answer = await ask(await clientOf(devnet), devnet, 0);
    expect(answer).toMatchObject({ proof: { blockNumber: 328 } });
    expect(await judge(answer, unitAlbatross)).toBeUndefined();
  });

  it('forged: valid points that prove nothing', async () => {
    const devnet = await devnetWith({ data, zkp: 'forged' });
    const answer = await ask(await clientOf(devnet), devnet, 0);
    expect(answer).toMatchObject({ proof: { blockNumber: 456 }, block: { ...devnet.chain.at(456)!.block, body: undefined } });
    expect(await judge(answer, unitAlbatross)).toBe('zkp-invalid');
  });

  it('can be changed at run time', async () => {
    const devnet = await devnetWith({ data });
    const client = await clientOf(devnet);
    devnet.zkp('none');
    await expect(ask(client, devnet, 0)).rejects.toMatchObject({ code: 'no-receiver' });
    devnet.zkp('stale');
    expect(await ask(client, devnet, 0)).toMatchObject({ proof: { blockNumber: 328 } });
  });
});

describe('a peer with a fault', () => {
  it('serves its lie, while the others serve the truth', async () => {
    const devnet = await devnetWith({ data });
    const client = await clientOf(devnet);
    const told: Record<string, unknown> = {};
    for (const fault of ['zkp-forged', 'zkp-short', 'zkp-empty', 'zkp-no-block', 'zkp-number', 'zkp-other-block', 'zkp-other-genesis', 'forged-election', 'extra-data'] as const) {
      await devnet.fault(1, fault === 'extra-data' ? { fault, height: 456 } : { fault });
      told[fault] = await judge(await ask(client, devnet, 1), unitAlbatross);
      expect(await judge(await ask(client, devnet, 0), unitAlbatross)).toBeUndefined();
      await devnet.fault(1, { fault: 'none' });
    }
    expect(told).toEqual({
      'zkp-forged': 'zkp-invalid',
      'zkp-short': 'zkp-invalid',
      'zkp-empty': 'zkp-missing',
      'zkp-no-block': 'zkp-block-missing',
      'zkp-number': 'zkp-block-differs',
      'zkp-other-block': 'zkp-invalid',
      'zkp-other-genesis': 'zkp-invalid',
      // The prover makes no valid proof for a chain that is not the honest one.
      'forged-election': 'zkp-invalid',
      'extra-data': 'extra-data-too-long',
    });
    await devnet.fault(1, { fault: 'zkp-none' });
    await expect(ask(client, devnet, 1)).rejects.toMatchObject({ code: 'no-receiver' });
    await devnet.fault(1, { fault: 'none' });
    await devnet.fault(1, { fault: 'zkp-stale' });
    expect(await ask(client, devnet, 1)).toMatchObject({ proof: { blockNumber: 328 } });
    await devnet.fault(1, { fault: 'stall' });
    await expect(client.node.request(devnet.peers[1]!.id, 'zkp', { blockNumber: 200, requestElectionBlock: true }, { timeout: 300 })).rejects.toMatchObject({ code: 'timeout' });
  });
});
