import { afterEach, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import type { ChainClient } from '../../src/engine/driver.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';
import { closeWithNobodyExpelled } from '../support/nobody-expelled.ts';

/** Closed after each test, last opened first. */
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).toReversed()) await item.close();
});

/** A devnet that goes to version 2 with block 328 and to version 3, which nobody here knows, with block 456. */
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

/** What the client says of itself, and whom it blames. */
function verdictOf({ client }: NodeClient): unknown {
  const { phase, reason } = client.getStatus();
  return { phase, reason, banned: client.getPeers().filter(({ state }) => state === 'banned') };
}

const TOO_OLD = { phase: 'failed', reason: { code: 'client-too-old', data: { height: 456 } }, banned: [] };

describe('a network that goes to a version we do not know', () => {
  it('is followed up to there; then the client says that it is too old, and bans nobody', async () => {
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
    // What is verified stays.
    expect(ours.client.getHead()).toMatchObject({ latest: { height: 455 }, final: { height: 424 } });
  });

  it('says so at once to a client that comes later', async () => {
    const devnet = await devnetOf();
    await devnet.produce(300);
    const ours = await clientOf(devnet);
    await ours.until('too old', tooOld);
    expect(verdictOf(ours)).toEqual(TOO_OLD);
  });
});
