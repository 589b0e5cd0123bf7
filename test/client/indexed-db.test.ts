import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { createDevnet } from '../../devnet/devnet.ts';
import type { ChainClient } from '../../src/engine/driver.ts';
import { createIndexedDbStore } from '../../src/chains/albatross/store/indexed-db-store.ts';
import { startNodeClient } from '../support/node-client.ts';

it('the light client resumes from IndexedDB, and a second owner locks the first one out', async () => {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'indexed-db', epochs: 2 });
  try {
    const { network } = devnet;
    await devnet.produce(36);
    const at = (client: ChainClient) => client.getStatus().consensus === 'established' && client.getHead().latest.hash === devnet.chain.head.hash;
    const first = await startNodeClient({ network, store: createIndexedDbStore({ network }) });
    await first.until('the head', at);
    const { anchor } = first.client.getTrust();
    expect(anchor).toMatchObject({ kind: 'witnesses', height: 456 });
    await first.close();

    const second = await startNodeClient({ network, store: createIndexedDbStore({ network }) });
    expect(second.client.getHead().latest).toMatchObject({ height: 492, hash: devnet.chain.head.hash, trust: 'witnessed' });
    expect(second.client.getTrust().anchor).toEqual({ ...anchor, unchecked: true });
    expect(second.client.getStatus()).toMatchObject({ storage: { kind: 'indexeddb' } });
    await second.until('the head', at);

    // A second owner takes the store. The first client then writes nothing more, and reports that.
    expect(await createIndexedDbStore({ network }).takeFencing()).toBe(3);
    await devnet.produce(1);
    await second.until('the store given up', (client) => client.getStatus().storage.kind === 'memory');
    expect(second.notices).toContainEqual(expect.objectContaining({ code: 'storage-given-up', data: { reason: 'stale-owner' } }));
    await second.until('the head', at);
    await second.close();
  } finally {
    await devnet.close();
  }
});
