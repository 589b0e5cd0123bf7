import { afterEach, beforeAll, afterAll, describe, expect, it, vi } from 'vitest';
import { checkMolochNetwork } from '../../src/chains/moloch/chain/network.ts';
import { MolochNet } from '../../devnet/moloch/moloch-net.ts';
import { decodeManifest } from '../../src/chains/moloch/wire/manifest.ts';
import { hashBytes } from '../../src/chains/moloch/chain/hash.ts';
import { MolochTestClient } from '../support/moloch-client.ts';

const signal = new AbortController().signal;
const whole = { headersOnly: false, signal };
let net: MolochNet;
let client: MolochTestClient | undefined;

beforeAll(async () => {
  net = await MolochNet.start({ blocks: 1000, chunkSize: 16_384 });
});
afterAll(() => net.close());
afterEach(async () => {
  client?.close();
  net.fault('all', 'none');
  await vi.waitUntil(() => net.info().nodes.every(({ clients }) => clients === 0));
  net.log.clear();
});

/** Connected to node 0, as a client that holds everything, so that it asks nothing by itself. */
async function connected(node = 0) {
  client = new MolochTestClient(net.network);
  client.ids = net.chain.map(({ hash }) => hash);
  return client.connect(net.network.seeds[node]!);
}

describe('a session with a node of the local network', () => {
  it('has a network file that clients accept', () => {
    expect(checkMolochNetwork(JSON.parse(JSON.stringify(net.networkWith({ checkpoint: 500 }))))).toMatchObject({ chain: 'moloch', development: true, checkpoint: { height: 500 } });
  });

  it('6.2: asks for 1000 blocks with 10 requests, and gets each with its signatures', async () => {
    const session = await connected();
    for (let from = 1; from <= 901; from += 100) {
      const { value, size } = await session.getBlocks(from, 100, whole);
      expect(value.map(({ height, id }) => `${height} ${id}`)).toEqual(net.chain.slice(from, from + 100).map(({ height, hash }) => `${height} ${hash}`));
      expect(value.reduce((sum, item) => sum + item.size, 0)).toBe(size);
      expect(value.every(({ block }) => block.signatures.length === 4 && block.events?.length === block.header.eventsCount)).toBe(true);
    }
    expect(net.log.of('GetBlocks').map(({ start, count }) => [start, count])).toEqual(Array.from({ length: 10 }, (_, i) => [1 + 100 * i, 100]));
    expect(session.claims).toEqual({ height: 1000, earliest: 0, snapshot: undefined });
  });

  it('6.3: asks for headers from a checkpoint on with trusted headers alone', async () => {
    const session = await connected();
    // What a new session asks first: whether the head is final.
    expect(net.log.of('GetTrustedHeaders').map(({ start, count }) => [start, count])).toEqual([[1000, 1]]);
    net.log.clear();
    const { value } = await session.getBlocks(501, 100, { headersOnly: true, signal });
    expect(value.map(({ height }) => height)).toEqual(Array.from({ length: 100 }, (_, i) => 501 + i));
    expect(value[0]!.parent).toBe(net.chain[500]!.hash);
    expect(value[0]!.block).toMatchObject({ events: undefined, signatures: { length: 4 } });
    expect(net.log.of('GetBlocks', 'GetTrustedHeaders').map(({ kind, start, count }) => [kind, start, count])).toEqual([['GetTrustedHeaders', 501, 100]]);
    const event = net.chain[437]!.eventIds[0]!;
    expect(await session.prove({ kind: 'Event', id: event }, { signal })).toMatchObject({ kind: 'Event', proof: { eventId: event, height: 437, blockHash: net.chain[437]!.hash, mmr: { position: 437 * 2 - 6 } } });
    expect(await session.prove({ kind: 'EventAt', height: 437, index: 99 }, { signal })).toEqual({ kind: 'NotFound' });
    expect(await session.prove({ kind: 'Batch', ids: [event, '0'.repeat(64)] }, { signal })).toMatchObject({ kind: 'Batch', proofs: [{ height: 437 }] });
  });

  it('6.4: gets manifest and chunks of a snapshot, in any order', async () => {
    const session = await connected();
    const manifest = decodeManifest((await session.getManifest(900, { signal })).value);
    const { checkpoint } = net.networkWith({ checkpoint: 900 });
    expect(manifest).toMatchObject({ height: 900, blockHash: checkpoint!.hash, mmrRoot: checkpoint!.mmrRoot, validatorsHash: checkpoint!.validatorsHash, stateRoot: checkpoint!.stateRoot });
    expect(manifest.chunkHashes.length).toBeGreaterThan(3);
    const chunks = await Promise.all([...manifest.chunkHashes.keys()].toReversed().map(async (index) => [index, hashBytes((await session.getChunk(900, index, { signal })).value)] as const));
    for (const [index, hash] of chunks) expect(hash).toBe(manifest.chunkHashes[index]);
    await expect(session.getChunk(900, manifest.chunkHashes.length, { signal })).rejects.toMatchObject({ name: 'RequestError', code: 'refused' });
    await expect(session.getManifest(1001, { signal })).rejects.toMatchObject({ name: 'RequestError', code: 'refused' });
  });

  it('proves the newest final header, and has at most 8 requests in flight', async () => {
    const session = await connected();
    expect(await session.proveTarget(0, { signal })).toEqual({ height: 1000, id: net.chain[1000]!.hash, proven: true });
    await expect(session.proveTarget(1001, { signal })).rejects.toMatchObject({ code: 'refused' });
    // The node would say Goodbye to a ninth.
    await Promise.all(Array.from({ length: 12 }, (_, i) => session.getBlocks(1 + i, 1, whole)));
    expect([session.state, client!.closed]).toEqual(['SYNCED', []]);
    expect(session.latency).toBeGreaterThanOrEqual(0);
    expect(await session.getVotes(net.chain[7]!.hash, { signal })).toHaveLength(4);
  });

  it('asks for less than it may, and is refused what no node has', async () => {
    const session = await connected();
    expect((await session.getBlocks(951, 250, whole)).value).toHaveLength(50);
    await expect(session.getBlocks(5000, 10, whole)).rejects.toMatchObject({ name: 'RequestError', code: 'refused' });
    await expect(session.getBlocks(1, 10, { headersOnly: false, signal: AbortSignal.abort(new Error('given up')) })).rejects.toThrow('given up');
  });

  it('speaks moloch.1 with blocks and headers, and without signatures', async () => {
    client = new MolochTestClient(net.network, { protocols: ['moloch.1'] });
    client.ids = net.chain.map(({ hash }) => hash);
    const session = await client.connect(net.network.seeds[0]!);
    expect(session.extended).toBe(false);
    const [blocks, headers] = [await session.getBlocks(1, 5, whole), await session.getBlocks(1, 5, { headersOnly: true, signal })];
    expect(blocks.value.map(({ id, block }) => [id, block.signatures])).toEqual(headers.value.map(({ id }) => [id, []]));
    await expect(session.proveTarget(0, { signal })).rejects.toMatchObject({ code: 'refused' });
    expect(net.log.of('GetTrustedHeaders')).toEqual([]);
  });
});

describe('a node with a fault', () => {
  it.each<['wrong-range' | 'forged-mmr-root', string, string]>([
    ['wrong-range', 'wrong-range', 'offence'],
    ['forged-mmr-root', 'mmr-root-field', 'lie'],
  ])('%s is found by the session', async (fault, code, weight) => {
    net.fault(0, fault);
    const session = await connected();
    await expect(session.getBlocks(1, 10, whole)).rejects.toMatchObject({ name: 'PeerFault', code, weight });
  });

  it('duplicate-votes proves nothing', async () => {
    net.fault(0, 'duplicate-votes');
    const session = await connected();
    await expect(session.proveTarget(0, { signal })).rejects.toMatchObject({ name: 'PeerFault', code: 'repeated-signer', weight: 'lie' });
  });

  it('bad-events-root sends other events under the signed header, at that height alone', async () => {
    net.fault(0, 'bad-events-root', { height: 437 });
    const session = await connected();
    const { value } = await session.getBlocks(401, 100, whole);
    const wrong = value.filter(({ height, block }) => JSON.stringify(block.events) !== JSON.stringify(net.chain[height]!.block.events));
    expect(wrong.map(({ height }) => height)).toEqual([437]);
    expect(wrong[0]!.id).toBe(net.chain[437]!.hash);
  });

  it('fork tells another chain with all signatures from that height on', async () => {
    net.fault(0, 'fork', { height: 990 });
    const session = await connected();
    const { value } = await session.getBlocks(989, 12, whole);
    expect(value.map(({ height, id }) => id === net.chain[height]!.hash)).toEqual([true, ...Array.from({ length: 11 }, () => false)]);
    expect(await session.proveTarget(0, { signal })).toEqual({ height: 1000, id: value.at(-1)!.id, proven: true });
  });

  it('stale-status, wrong-manifest and bad-chunk say what is not so', async () => {
    net.fault(0, 'stale-status');
    net.fault(0, 'wrong-manifest');
    net.fault(0, 'bad-chunk');
    const session = await connected();
    expect(session.claims.height).toBe(990);
    expect(session.state).toBe('PROVIDING');
    const manifest = decodeManifest((await session.getManifest(900, { signal })).value);
    expect(manifest.stateRoot).not.toBe(net.networkWith({ checkpoint: 900 }).checkpoint!.stateRoot);
    expect(hashBytes((await session.getChunk(900, 0, { signal })).value)).not.toBe(manifest.chunkHashes[0]);
  });

  it('half-frames is an offence each time', async () => {
    net.fault(0, 'half-frames');
    const session = await connected();
    const gone = new AbortController();
    const asked = session.getBlocks(1, 1, { headersOnly: true, signal: gone.signal });
    asked.catch(() => undefined);
    await vi.waitFor(() => expect(client!.faults).toEqual([{ code: 'bad-frame', weight: 'offence', data: { code: 'unexpected-end' } }]));
    gone.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });

  it('slow answers later, silent never', async () => {
    net.fault(0, 'slow', { delay: 300 });
    const session = await connected();
    await session.getBlocks(1, 1, { headersOnly: true, signal });
    expect(session.latency).toBeGreaterThanOrEqual(290);
    net.fault(0, 'none');
    net.fault(0, 'silent');
    await expect(session.getBlocks(1, 1, { headersOnly: true, signal: AbortSignal.timeout(200) })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
