import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../src/base/bytes.ts';
import { hashOf } from '../../src/chains/hotstuff2/chain/hash.ts';
import { rootOfHashes, rootOfPath, leafHash } from '../../src/chains/hotstuff2/chain/tree.ts';
import { stateRootOf } from '../../src/chains/hotstuff2/chain/state-root.ts';
import { decodeBlock } from '../../src/chains/hotstuff2/wire/block.ts';
import { decodeFinalityProof } from '../../src/chains/hotstuff2/wire/finality-proof.ts';
import { decodeQc } from '../../src/chains/hotstuff2/wire/qc.ts';
import { decodeChunk, encodeStateEntry } from '../../src/chains/hotstuff2/wire/state-entry.ts';
import { decodeSyncAnswer, type SyncAnswer } from '../../src/chains/hotstuff2/wire/sync-answers.ts';
import { encodeSyncRequest, type SyncRequest } from '../../src/chains/hotstuff2/wire/sync-requests.ts';
import { HotStuff2Net } from './hotstuff2-net.ts';
import { RawClient } from './raw-client.ts';

let net: HotStuff2Net;
const clients: RawClient[] = [];

beforeAll(async () => {
  net = await HotStuff2Net.start({ history: 120 });
});

afterAll(async () => {
  for (const client of clients) client.close();
  await net.close();
});

const hello = (): SyncRequest => ({ type: 'hello', version: 1, chainId: fromHex(net.network.chainId), nonce: new Uint8Array(32).fill(7) });

async function connect(replica = 0): Promise<RawClient> {
  const client = await new RawClient(net.network.seeds[replica]!).opened();
  clients.push(client);
  return client;
}

/** A client whose handshake is done. */
async function greeted(replica = 0): Promise<RawClient> {
  const client = await connect(replica);
  expect(await client.ask(1, hello())).toMatchObject({ type: 'hello-ack' });
  return client;
}

const kindOf = <Type extends SyncAnswer['type']>(type: Type, answer: SyncAnswer): SyncAnswer & { readonly type: Type } => {
  expect(answer.type).toBe(type);
  return answer as SyncAnswer & { readonly type: Type };
};

describe('what a replica serves', () => {
  it('greets with chain, nonce, genesis and status', async () => {
    const client = await connect();
    const { status, ...ack } = kindOf('hello-ack', await client.ask(9, hello()));
    expect(ack).toEqual({ type: 'hello-ack', version: 1, chainId: fromHex(net.network.chainId), nonce: new Uint8Array(32).fill(7), genesisHash: fromHex(net.network.genesisHash) });
    expect(status).toMatchObject({ finalHeight: 120, earliest: 0, snapshot: 100, finalHash: fromHex(net.replicas[0]!.store.finalTip.hash) });
  });

  it('gives blocks and headers from genesis to the certified tip, each with its certificate', async () => {
    const client = await greeted();
    const blocks = kindOf('blocks', await client.ask(2, { type: 'get-blocks', from: 0, count: 256 }));
    expect(blocks.items).toHaveLength(122);
    expect(blocks.items[0]!.qc).toHaveLength(0);
    for (const [height, { bytes, qc }] of blocks.items.entries()) {
      const { header, headerBytes } = decodeBlock(bytes);
      expect(header.height).toBe(height);
      expect(height === 0 || decodeQc(qc).hash === hashOf(headerBytes)).toBe(true);
    }
    const headers = kindOf('headers', await client.ask(3, { type: 'get-headers', from: 7, count: 3 }));
    expect(headers.items.map(({ bytes }) => toHex(bytes))).toEqual(blocks.items.slice(7, 10).map(({ bytes }) => toHex(bytes.subarray(0, 223))));
  });

  it('proves finality for the newest block and for an older one', async () => {
    const client = await greeted();
    expect(decodeFinalityProof(kindOf('finality', await client.ask(2, { type: 'get-finality', height: 0 })).proof).final.header.height).toBe(120);
    expect(decodeFinalityProof(kindOf('finality', await client.ask(3, { type: 'get-finality', height: 17 })).proof).final.header.height).toBe(17);
    expect(await client.ask(4, { type: 'get-finality', height: 121 })).toMatchObject({ type: 'error', code: 5 });
  });

  it('gives a snapshot whose chunks make the state root of its block', async () => {
    const client = await greeted();
    const { manifest } = kindOf('manifest', await client.ask(2, { type: 'get-snapshot', height: 0 }));
    expect(manifest.height).toBe(100);
    const block = net.chains[0]!.at(100)!;
    expect([toHex(manifest.blockHash), toHex(manifest.stateRoot)]).toEqual([block.hash, block.header.stateRoot]);
    expect(stateRootOf(manifest.entries, rootOfHashes(manifest.chunkRoots))).toBe(block.header.stateRoot);
    for (const [index, root] of manifest.chunkRoots.entries()) {
      const { chunk } = kindOf('chunk', await client.ask(3 + index, { type: 'get-chunk', height: 100, index }));
      expect(rootOfHashes(decodeChunk(chunk).map((entry) => leafHash(encodeStateEntry(entry))))).toEqual(root);
    }
    expect(await client.ask(40, { type: 'get-snapshot', height: 50 })).toMatchObject({ type: 'manifest', manifest: { height: 50 } });
    expect(await client.ask(41, { type: 'get-snapshot', height: 51 })).toMatchObject({ type: 'error', code: 4 });
    expect(await client.ask(42, { type: 'get-snapshot', height: 150 })).toMatchObject({ type: 'error', code: 5 });
    expect(await client.ask(43, { type: 'get-chunk', height: 100, index: 99 })).toMatchObject({ type: 'error', code: 5 });
  });

  it('proves keys of the state, present and absent', async () => {
    const client = await greeted();
    const { stateRoot } = net.chains[0]!.at(120)!.header;
    const root = (leaf: { index: number; count: number; key: Uint8Array; value: Uint8Array; path: readonly Uint8Array[] }) => stateRootOf(leaf.count, rootOfPath(leafHash(encodeStateEntry(leaf)), leaf.index, leaf.count, leaf.path)!);
    const present = kindOf('state-proof', await client.ask(2, { type: 'get-state-proof', height: 120, key: new TextEncoder().encode('genesis') })).proof;
    expect(present.present).toBe(true);
    expect(root(present.leaves[0]!)).toBe(stateRoot);
    for (const [key, leaves] of [['acct/0', 1], ['acct/555', 2], ['zzz', 1]] as const) {
      const absent = kindOf('state-proof', await client.ask(3, { type: 'get-state-proof', height: 120, key: new TextEncoder().encode(key) })).proof;
      expect(absent.present).toBe(false);
      expect(absent.leaves.map(root)).toEqual(Array.from({ length: leaves }, () => stateRoot));
    }
  });

  it('gives the set of validators by its hash, and echoes a ping', async () => {
    const client = await greeted();
    expect(kindOf('validators', await client.ask(2, { type: 'get-validators', hash: fromHex(hashOf(fromHex(net.network.validators))) })).set).toEqual(fromHex(net.network.validators));
    expect(await client.ask(3, { type: 'get-validators', hash: new Uint8Array(32) })).toMatchObject({ type: 'error', code: 4 });
    expect(await client.ask(4, { type: 'ping', echo: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) })).toEqual({ type: 'pong', echo: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
  });
});

describe('a replica is strict', () => {
  it.each<[string, () => Uint8Array | string, number | undefined, number]>([
    ['a request before Hello', () => encodeSyncRequest(5, { type: 'get-status' }), 1, 1008],
    ['another chain', () => encodeSyncRequest(5, { type: 'hello', version: 1, chainId: new Uint8Array(32), nonce: new Uint8Array(32) }), 2, 1008],
    ['another version', () => encodeSyncRequest(5, { type: 'hello', version: 2, chainId: fromHex(net.network.chainId), nonce: new Uint8Array(32) }), 3, 1008],
    ['a Hello that ends early', () => encodeSyncRequest(5, hello()).subarray(0, 60), 1, 1008],
    ['a Hello with a byte left over', () => concatBytes(encodeSyncRequest(5, hello()), Uint8Array.of(0)), 1, 1008],
    ['a text message', () => 'hello', undefined, 1003],
    ['a frame above 4 KiB', () => new Uint8Array(4097), undefined, 1009],
  ])('before the handshake: %s is refused and closes', async (_, frame, code, close) => {
    const client = await connect();
    client.send(frame());
    expect(await client.closed).toBe(close);
    const refusals = client.frames.map(decodeSyncAnswer);
    expect(refusals.map(({ id, answer }) => [id, answer.type === 'error' && answer.code])).toEqual(code === undefined ? [] : [[5, code]]);
  });

  it.each<[string, Uint8Array, number]>([
    ['an unknown type', Uint8Array.of(0x0c, 0, 0, 0, 0, 5), 8],
    ['flags', Uint8Array.of(2, 1, 0, 0, 0, 5), 1],
    ['a body that is too short', Uint8Array.of(5, 0, 0, 0, 0, 5, 0), 1],
    ['a body that is too long', Uint8Array.of(2, 0, 0, 0, 0, 5, 0), 1],
    ['a count of 0', Uint8Array.of(3, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0), 1],
    ['a count of 257', Uint8Array.of(3, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0), 1],
    ['kinds that there are not', Uint8Array.of(8, 0, 0, 0, 0, 5, 4), 1],
    ['a height above the tip', encodeSyncRequest(5, { type: 'get-blocks', from: 122, count: 1 }), 5],
    ['a subscription that there is not', encodeSyncRequest(5, { type: 'unsubscribe', subscription: 77 }), 1],
  ])('after it: %s is refused, and the connection stays', async (_, frame, code) => {
    const client = await greeted();
    client.send(frame);
    expect(await client.frame(1)).toEqual({ id: 5, answer: { type: 'error', code, text: expect.any(String) } });
    expect(await client.ask(6, { type: 'get-status' })).toMatchObject({ type: 'status' });
  });

  it('refuses a second Hello, and a request id in use', async () => {
    const client = await greeted(3);
    expect(await client.ask(2, hello())).toMatchObject({ type: 'error', code: 1 });
    await net.fault(3, 'slow', { ms: 200 });
    client.request(3, { type: 'get-status' });
    client.request(3, { type: 'get-status' });
    const answers = [await client.frame(2), await client.frame(3)];
    expect(answers.map(({ answer }) => answer.type).toSorted()).toEqual(['error', 'status']);
    await net.fault(3, 'none');
  });

  it('refuses the seventeenth request in flight and the fifth subscription', async () => {
    const client = await greeted(1);
    await net.fault(1, 'slow', { ms: 300 });
    for (let id = 100; id < 117; id++) client.request(id, { type: 'get-status' });
    expect(await client.frame(1)).toMatchObject({ id: 116, answer: { type: 'error', code: 6 } });
    for (let i = 2; i < 18; i++) expect((await client.frame(i)).answer.type).toBe('status');
    await net.fault(1, 'none');
    for (let id = 1; id < 5; id++) expect(await client.ask(200 + id, { type: 'subscribe', certified: true, final: false })).toEqual({ type: 'subscribed' });
    expect(await client.ask(205, { type: 'subscribe', certified: true, final: false })).toMatchObject({ type: 'error', code: 6 });
  });

  it('held: answers with blocks above the height wait until it is raised or the fault ends', async () => {
    const client = await greeted(2);
    await net.fault(2, 'held', { height: 50 });
    client.request(2, { type: 'get-blocks', from: 51, count: 1 });
    expect(kindOf('blocks', await client.ask(3, { type: 'get-blocks', from: 50, count: 1 })).from).toBe(50);
    client.request(4, { type: 'get-headers', from: 52, count: 1 });
    expect(await client.ask(5, { type: 'get-status' })).toMatchObject({ type: 'status' });
    await net.fault(2, 'held', { height: 51 });
    expect(await client.frame(3)).toMatchObject({ id: 2, answer: { type: 'blocks', from: 51 } });
    await net.fault(2, 'none');
    expect(await client.frame(4)).toMatchObject({ id: 4, answer: { type: 'headers', from: 52 } });
  });

  it('closes a client that does not ask for the subprotocol', async () => {
    const client = new RawClient(net.network.seeds[0]!, []);
    clients.push(client);
    expect(await client.closed).toBe(1002);
  });

  it('writes down what it was asked, and by whom', async () => {
    const client = await greeted(2);
    const before = net.requests.length;
    await client.ask(2, { type: 'get-blocks', from: 5, count: 3 });
    expect(net.requests.slice(before)).toEqual([{ replica: 2, client: expect.any(Number), bytes: 17, request: { type: 'get-blocks', from: 5, count: 3 } }]);
  });
});
