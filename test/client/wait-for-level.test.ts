import { afterEach, expect, it } from 'vitest';
import { createDevnet } from '../../devnet/devnet.ts';
import type { Answer } from '../../src/engine/questions.ts';
import type { AccountView } from '../../src/chains/albatross/chain/wallet-views.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';

const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';

/** What the test opened; closed after it, last opened first. */
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).toReversed()) await item.close();
});

/** A client that took an election block on trust, on a network of two epochs. `prove`: it verifies the past, too. */
async function picoClient(prove: boolean): Promise<NodeClient> {
  // In version 2 the hash of an election block covers the signing keys, so that pending blocks are proven with it.
  const devnet = await createDevnet({ port: 0, peers: 4, blockTime: 0, seed: 'level', epochs: 2, version: 2 });
  open.push(devnet);
  await devnet.produce(3);
  const node = await startNodeClient({ network: devnet.network, settings: { prove } });
  open.push(node);
  await node.until('consensus', (client) => client.getStatus().consensus === 'established');
  return node;
}

it('an answer below the level is refused, or waited for until the deadline', async () => {
  const { client } = await picoClient(false);
  const wanted = { minLevel: 'proven' };
  await expect(client.ask('accounts', [[RICH], wanted])).rejects.toMatchObject({ code: 'level-too-low', data: { level: 'witnessed', wanted: 'proven' } });
  await expect(client.ask('elected', [wanted])).rejects.toMatchObject({ code: 'level-too-low' });
  const deadline = new AbortController();
  const waiting = client.ask('accounts', [[RICH], { ...wanted, waitForLevel: true }], { signal: deadline.signal });
  deadline.abort(new Error('the deadline'));
  await expect(waiting).rejects.toThrow('the deadline');
  await expect(client.ask('accounts', [[RICH], { ...wanted, waitForLevel: 'yes' }])).rejects.toMatchObject({ code: 'bad-argument' });
});

it('the answer comes when the client has proven the past', async () => {
  const { client } = await picoClient(true);
  const [answer] = (await client.ask('accounts', [[RICH], { minLevel: 'proven', waitForLevel: true }])) as Answer<AccountView>[];
  expect(answer).toMatchObject({ level: 'proven', finality: 'pending', value: { type: 'basic' } });
});
