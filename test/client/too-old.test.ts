import { afterEach, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import type { ChainClient } from '../../src/engine/driver.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';
import { closeWithNobodyExpelled } from '../support/nobody-expelled.ts';

/** Clients and networks that each test opened; closed after it, last opened first. */
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).toReversed()) await item.close();
});

/** A devnet that switches to version 2 at block 328, and to version 3, which Petrel does not know, at block 456. */
async function devnetOf(): Promise<Devnet> {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'too old', version: 3 });
  open.push({ close: () => closeWithNobodyExpelled(devnet) });
  return devnet;
}

async function clientOf(devnet: Devnet): Promise<NodeClient> {
  const client = await startNodeClient({ network: devnet.network });
  open.push(client);
  return client;
}

const tooOld = (client: ChainClient): boolean => client.getStatus().reason?.code === 'client-too-old';

/** What the client reports about itself, and which peers it blames. */
function verdictOf({ client }: NodeClient): unknown {
  const { phase, reason } = client.getStatus();
  return { phase, reason, banned: client.getPeers().filter(({ state }) => state === 'banned') };
}

const TOO_OLD = { phase: 'failed', reason: { code: 'client-too-old', data: { height: 456 } }, banned: [] };

describe('a network that switches to an unknown version', () => {
  it('is followed up to that block; then the client reports that it is too old, and bans no peer', async () => {
    const devnet = await devnetOf();
    await devnet.produce(240);
    const ours = await clientOf(devnet);
    for (let i = 0; i < 15; i++) {
      await ours.until(`head ${devnet.chain.head.height}`, (client) => client.getHead().latest.hash === devnet.chain.head.hash);
      await devnet.produce(1);
    }
    expect(devnet.chain.head.height).toBe(455);
    await ours.until('head 455', (client) => client.getHead().latest.hash === devnet.chain.at(455)!.hash);
    const [election] = await devnet.produce(3);
    expect(election!.block.header).toMatchObject({ blockNumber: 456, version: 3 });
    await ours.until('too old', tooOld);
    expect(verdictOf(ours)).toEqual(TOO_OLD);
    // The verified part of the chain stays.
    expect(ours.client.getHead()).toMatchObject({ latest: { height: 455 }, final: { height: 424 } });
  });

  it('makes a client that comes later report it at once', async () => {
    const devnet = await devnetOf();
    await devnet.produce(300);
    const ours = await clientOf(devnet);
    await ours.until('too old', tooOld);
    expect(verdictOf(ours)).toEqual(TOO_OLD);
  });
});
