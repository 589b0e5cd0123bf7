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

async function devnetOf(options: CreateDevnetOptions): Promise<Devnet> {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'proof-tests', zkp: 'none', ...options });
  open.push({ close: () => closeWithNobodyExpelled(devnet) });
  return devnet;
}

async function clientOf(options: NodeClientOptions): Promise<NodeClient> {
  // All four peers are honest and running, but may answer slowly.
  const client = await startNodeClient({ ...options, settings: { prove: true, witnessWait: 600_000, ...options.settings } });
  open.push(client);
  return client;
}

const established = (client: ChainClient) => client.getStatus().consensus === 'established';
/** True for a proven head above genesis, which needs no proof. */
const proven = (client: ChainClient) => client.getTrust().level === 'proven' && client.getHead().latest.height > 200;

describe('from pico to proven', () => {
  it('by the election chain: is live first and proves the past in the background; a restart half way verifies nothing twice', async () => {
    const devnet = await devnetOf({ epochs: 40, validators: 7 });
    const first = await clientOf({ network: devnet.network });
    await first.until('live by pico', (it) => established(it) && it.getHead().latest.hash === devnet.chain.head.hash);
    expect(['witnessed', 'proven']).toContain(first.client.getTrust().level);
    await first.until('some of it proven', (it) => (it.getTrust().proof?.done ?? 0) >= 5 || it.getTrust().level === 'proven');
    const halfWay = first.client.getTrust();
    await first.close();
    expect(halfWay).toMatchObject({ level: 'witnessed', proof: { toward: 'proven', total: 40, unit: 'epochs' } });

    const from = devnet.log.length;
    const second = await clientOf({ network: devnet.network, rows: first.rows });
    expect(second.client.getTrust().level).toBe('witnessed');
    await second.until('proven', proven);
    await devnet.produce(34);
    await second.until('the next checkpoint', (it) => it.getHead().latest.hash === devnet.chain.head.hash);
    const { checked, proof, anchor } = second.client.getTrust();
    expect(anchor.kind).toBe('genesis');
    expect(proof).toBeUndefined();
    // One per macro block: each was verified once, in one of the two sessions.
    expect(checked).toMatchObject({ electionBlocks: 40, checkpoints: 1, justifications: 41, proofs: 0 });
    expect(checked.milliseconds).toBeGreaterThan(0);
    const asked = devnet.log.slice(from).flatMap((event) => (event.event === 'request' && event.kind === 'block' ? (event.blocks ?? []) : []));
    const done = halfWay.proof!.done;
    // The client does not request the genesis block or what the first session had proven.
    expect(asked.filter((height) => height <= 200 + 128 * done)).toEqual([]);
    expect(second.notices.map(({ code }) => code)).toContain('verified-from-genesis');
    expect([...first.notices, ...second.notices].filter(({ level: loud }) => loud !== 'info')).toEqual([]);
    await second.close();

    const third = await clientOf({ network: devnet.network, rows: first.rows });
    await third.until('its level again, by what is stored', ({ getLog }) => getLog.call(third.client).some(({ code }) => code === 'stored-chain-checked'));
    await third.until('proven', proven);
    expect(third.client.getTrust()).toMatchObject({ level: 'proven', checked: { electionBlocks: 40, justifications: 41 } });
  });

  it('by a zero-knowledge proof where the network has them', async () => {
    const devnet = await devnetOf({ epochs: 12, zkp: 'fresh' });
    const client = await clientOf({ network: devnet.network });
    await client.until('proven', proven);
    const { checked, anchor } = client.client.getTrust();
    expect(checked).toMatchObject({ proofs: 1, electionBlocks: 0 });
    expect(anchor).toMatchObject({ kind: 'genesis', proof: { height: devnet.chain.electionHead.height, hash: devnet.chain.electionHead.hash } });
    expect(client.log.map(({ code }) => code)).toContain('zkp-applied');
    await client.until('established', established);
    await client.close();
    const again = await clientOf({ network: devnet.network, rows: client.rows });
    await again.until('its level again, by what is stored', ({ getLog }) => getLog.call(again.client).some(({ code }) => code === 'stored-chain-checked'));
    await again.until('proven', proven);
    expect(again.client.getTrust()).toMatchObject({ level: 'proven', checked: { proofs: 1 } });
  });

  it('by a stale proof and the election chain from there', async () => {
    const devnet = await devnetOf({ epochs: 6, zkp: 'stale' });
    const client = await clientOf({ network: devnet.network });
    await client.until('proven', proven);
    expect(client.client.getTrust().checked).toMatchObject({ proofs: 1, electionBlocks: 1, justifications: 1 });
  });

  it('never by forged proofs: a peer that sends one is banned', async () => {
    const devnet = await devnetOf({ epochs: 4, zkp: 'forged' });
    const client = await clientOf({ network: devnet.network });
    await client.until('a forger is banned', (it) => it.getPeers().some(({ state, reason }) => state === 'banned' && reason?.code === 'zkp-invalid'));
    expect(client.log.map(({ code }) => code)).toContain('zkp-invalid');
    expect(client.client.getTrust().level).not.toBe('proven');
  });

  it.each([
    ['zkp-forged', 'zkp-invalid'],
    ['zkp-short', 'zkp-invalid'],
    ['zkp-empty', 'zkp-missing'],
    ['zkp-number', 'zkp-block-differs'],
    ['zkp-other-block', 'zkp-invalid'],
    ['zkp-other-genesis', 'zkp-invalid'],
  ] as const)('bans a peer that lies about it: %s → %s', async (fault, code) => {
    const devnet = await devnetOf({ epochs: 2, zkp: 'fresh' });
    for (const { index } of devnet.peers) await devnet.fault(index, { fault });
    const client = await clientOf({ network: devnet.network });
    await client.until('a ban', (it) => it.getPeers().some(({ state }) => state === 'banned'));
    expect(client.client.getPeers().find(({ state }) => state === 'banned')?.reason?.code).toBe(code);
    expect(client.client.getTrust().checked['proofs']).toBe(0);
  });

  it.each([
    ['zkp-none', { proofs: 0, electionBlocks: 2 }],
    ['zkp-no-block', { proofs: 0, electionBlocks: 2 }],
    ['zkp-stale', { proofs: 1, electionBlocks: 1 }],
  ] as const)('does not ban a peer that has no better proof: %s', async (fault, checked) => {
    const devnet = await devnetOf({ epochs: 2, zkp: 'fresh' });
    for (const { index } of devnet.peers) await devnet.fault(index, { fault });
    const client = await clientOf({ network: devnet.network });
    await client.until('proven', proven);
    expect(client.client.getTrust().checked).toMatchObject(checked);
    expect(client.client.getPeers().filter(({ state }) => state === 'banned')).toEqual([]);
  });
});

describe('over an upgrade to block version 2', () => {
  it('by a proof of either version, or without any', async () => {
    const devnet = await devnetOf({ epochs: 3, validators: 5, zkp: 'stale' });
    devnet.version(2);
    await devnet.produce(140);
    const { chain } = devnet;
    const [before, after] = [584, 712].map((height) => chain.at(height)!);
    expect([before!, after!].map(({ kind, block }) => [kind, block.header.version])).toEqual([['election', 1], ['election', 2]]);
    expect(chain.electionHead.hash).toBe(after!.hash);
    const outcome = async () => {
      const client = await clientOf({ network: devnet.network });
      await client.until('proven', proven);
      await client.until('established', (it) => established(it) && it.getHead().latest.hash === chain.head.hash);
      const { anchor, checked } = client.client.getTrust();
      expect(client.client.getPeers().filter(({ state }) => state === 'banned')).toEqual([]);
      await client.close();
      return { height: anchor.proof?.height, proofs: checked['proofs'], electionBlocks: checked['electionBlocks'] };
    };
    // A proof of the last version 1 block, and the first version 2 block by its justification.
    expect(await outcome()).toEqual({ height: before!.height, proofs: 1, electionBlocks: 1 });
    devnet.zkp('fresh');
    expect(await outcome()).toEqual({ height: after!.height, proofs: 1, electionBlocks: 0 });
    devnet.zkp('none');
    expect(await outcome()).toEqual({ height: undefined, proofs: 0, electionBlocks: 4 });
  });
});
