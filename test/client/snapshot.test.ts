import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { toHex } from '../../src/base/bytes.ts';
import { blake2b } from '../../src/crypto/blake2b.ts';
import { decodeSnapshot, encodeSnapshot, MAX_SNAPSHOT, type Snapshot } from '../../src/chains/albatross/store/snapshot.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';

let devnet: Devnet;
const open: NodeClient[] = [];

beforeAll(async () => {
  devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'snapshot', epochs: 1 });
  await devnet.produce(36);
});

afterAll(async () => {
  await Promise.all(open.map((client) => client.close()));
  await devnet.close();
});

async function started(options: Partial<Parameters<typeof startNodeClient>[0]> = {}): Promise<NodeClient> {
  const client = await startNodeClient({ network: devnet.network, ...options });
  open.push(client);
  return client;
}

async function synced(client: NodeClient, network = devnet): Promise<void> {
  await client.until('synced', ({ getStatus, getHead }) => getStatus.call(client.client).consensus === 'established' && getHead.call(client.client).latest.hash === network.chain.head.hash);
}

it('a snapshot carries a chain to another client; any fault in it makes the client refuse the whole snapshot', async () => {
  const { genesisHash } = devnet.network;
  const source = await started({ settings: { prove: true } });
  await synced(source);
  const bytes = source.client.exportSnapshot();
  const good = decodeSnapshot(bytes, genesisHash);
  expect(good).toMatchObject({ election: { header: { blockNumber: 328 } }, checkpoint: { header: { blockNumber: 360 } } });
  expect(good.tail).toHaveLength(4);
  await expect(source.client.importSnapshot(bytes)).rejects.toMatchObject({ name: 'SnapshotError', code: 'not-newer' });

  // No peer can confirm the snapshot here, and an empty client accepts no election block from a file alone.
  const alone = await started({ network: { ...devnet.network, seeds: ['/ip4/127.0.0.1/tcp/9/ws'] } });
  await expect(alone.client.importSnapshot(bytes)).rejects.toMatchObject({ code: 'not-confirmed' });

  // With the election block present, every refusal is by a rule, and leaves the client unchanged.
  await devnet.produce(1);
  await synced(source);
  // The source stores signatures only for verified blocks, and only another client can verify them again.
  await source.until('proven', (it) => it.getTrust().level === 'proven');
  const rows = source.rows;
  await source.close();
  open.splice(open.indexOf(source), 1);
  await devnet.produce(32);
  const ahead = await started();
  await synced(ahead);
  const next = decodeSnapshot(ahead.client.exportSnapshot(), genesisHash);
  // The store remembers no peers either.
  const nobody = { network: { ...devnet.network, seeds: ['/ip4/127.0.0.1/tcp/9/ws'] }, node: { remembered: () => [] } };
  const offline = await started({ rows, ...nobody });
  await offline.until('checked', (it) => it.getTrust().level === 'proven');
  const older = offline.client.getHead().latest;
  const trust = offline.client.getTrust();
  const flip = (at: Uint8Array): Uint8Array => at.map((byte, index) => (index === 20 ? byte ^ 1 : byte));
  const wrong: [string, Partial<Snapshot>][] = [
    ['refused', { checkpoint: { ...next.checkpoint!, header: { ...next.checkpoint!.header, stateRoot: toHex(new Uint8Array(32)) } } }],
    ['refused', { checkpoint: good.checkpoint }],
    ['refused', { tail: next.tail.slice(1) }],
    ['refused', { tail: next.tail.map((block, index) => (index === 1 && block.type === 'micro' && block.justification?.type === 'micro' ? { ...block, justification: { ...block.justification, signature: flip(block.justification.signature) } } : block)) }],
    ['not-newer', { tail: [], checkpoint: undefined, election: undefined }],
    ['not-linked', { election: { ...next.election!, header: { ...next.election!.header, parentElectionHash: toHex(new Uint8Array(32)) } } }],
    ['other-network', { genesisHash: toHex(new Uint8Array(32)) }],
  ];
  for (const [code, change] of wrong) {
    await expect(offline.client.importSnapshot(encodeSnapshot({ ...next, ...change }))).rejects.toMatchObject({ name: 'SnapshotError', code });
    expect(offline.client.getHead().latest).toEqual(older);
    expect(offline.client.getTrust()).toEqual(trust);
  }

  // The client verifies and takes blocks that follow its own chain; its trust anchor stays the same.
  await offline.client.importSnapshot(encodeSnapshot(next));
  expect(offline.client.getHead().latest).toMatchObject({ hash: devnet.chain.head.hash });
  expect(offline.client.getHead().final.trust).toBe(trust.level);
  expect(offline.client.getTrust().anchor).toEqual(trust.anchor);
  expect(offline.notices).toContainEqual(expect.objectContaining({ code: 'snapshot-imported' }));
  await offline.close();
  open.splice(open.indexOf(offline), 1);
  // The blocks are stored.
  const again = await started({ rows, ...nobody });
  expect(again.client.getHead().latest.hash).toBe(devnet.chain.head.hash);
});

it('an empty client takes a snapshot only when live peers confirm it', async () => {
  const old = await createDevnet({ port: 0, blockTime: 0, seed: 'snapshot-old', epochs: 2 });
  const clients: NodeClient[] = [];
  try {
    await old.produce(35);
    // It waits for more witnesses than exist, so it has peers but no chain.
    const fresh = await startNodeClient({ network: old.network, settings: { witnesses: 16, witnessWait: 600_000 } });
    const source = await startNodeClient({ network: old.network });
    clients.push(fresh, source);
    const { client } = fresh;
    await fresh.until('peers', () => client.getStatus().peers.connected >= 3);
    await synced(source, old);
    const bytes = source.client.exportSnapshot();
    const snapshot = decodeSnapshot(bytes, old.network.genesisHash);
    // The hash of a version 1 election block does not cover the signing keys.
    const [first, ...rest] = snapshot.election!.header.validators!;
    const forged = { ...snapshot.election!.header, validators: [{ ...first!, signingKey: first!.signingKey.map((byte) => byte ^ 1) }, ...rest] };
    await expect(client.importSnapshot(encodeSnapshot({ ...snapshot, election: { ...snapshot.election!, header: forged } }))).rejects.toMatchObject({ code: 'not-confirmed' });
    expect(client.getHead().latest.height).toBe(200);
    // Of two at once, in two tabs, the second begins when the first has ended: its chain and what that rests on must not be displaced.
    const both = await Promise.allSettled([client.importSnapshot(bytes), client.importSnapshot(bytes)]);
    expect(both).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'not-newer' } }]);
    expect(client.getHead().latest).toMatchObject({ hash: old.chain.head.hash, trust: 'witnessed' });
    const { anchor } = client.getTrust();
    expect(anchor).toMatchObject({ kind: 'witnesses', height: 456, fewWitnesses: true });
    const peers = new Set(client.getPeers().map(({ id }) => id));
    expect(anchor.witnesses.length).toBeGreaterThanOrEqual(2);
    expect(anchor.witnesses.every(({ peer }) => peers.has(peer))).toBe(true);
    await synced(fresh, old);
  } finally {
    await Promise.all(clients.map((running) => running.close()));
    await old.close();
  }
});

it('refuses bytes that are no snapshot', () => {
  const { genesisHash } = devnet.network;
  const code = (bytes: Uint8Array): unknown => {
    try {
      return decodeSnapshot(bytes, genesisHash);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const bytes = encodeSnapshot({ genesisHash, election: undefined, checkpoint: undefined, tail: [] });
  expect(code(new Uint8Array())).toBe('not-a-snapshot');
  expect(code(new Uint8Array(MAX_SNAPSHOT + 1))).toBe('too-large');
  for (let length = 9; length < bytes.length; length++) expect(code(bytes.slice(0, length))).toBe('damaged');
  for (let at = 9; at < bytes.length; at++) expect(code(bytes.map((byte, index) => (index === at ? byte ^ 4 : byte)))).toBe('damaged');
  const payload = bytes.slice(0, -33);
  expect(code(new Uint8Array([...payload, ...blake2b(payload)]))).toBe('damaged');
});
