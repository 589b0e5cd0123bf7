import { afterAll, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { Lines } from '../support/lines.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';

/** Milliseconds one way. The duration of the test depends on its round trips, not on the machine. */
const ONE_WAY = 1500;

let devnet: Devnet | undefined;
let slow: NodeClient | undefined;
const lines = new Lines(ONE_WAY);

afterAll(async () => {
  await slow?.close();
  lines.close();
  await devnet?.close();
});

it('issue 11.11: over lines with round trips of 3 s a client reaches the head and follows it', { timeout: 300_000 }, async () => {
  devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'slow line', peers: 3, epochs: 1, zkp: 'none' });
  const seeds = await Promise.all(devnet.peers.map(async ({ address }) => (await lines.to(address)).address));
  slow = await startNodeClient({ network: devnet.network, settings: { desiredPeers: 3 }, node: { seeds } });
  await slow.until('established at the head', (client) => client.getStatus().consensus === 'established' && client.getHead().latest.hash === devnet!.chain.head.hash);
  await devnet.produce(3);
  await slow.until('at the new head', (client) => client.getHead().latest.hash === devnet!.chain.head.hash);
  expect(slow.client.getPeers().filter(({ state }) => state === 'banned')).toEqual([]);
});
