import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { toHex } from '../../src/base/bytes.ts';
import type { AccountView, TransactionPage } from '../../src/chains/albatross/chain/wallet-views.ts';
import { friendlyAddress } from '../../src/chains/albatross/transactions/address-text.ts';
import type { Answer } from '../../src/engine/questions.ts';
import { HeldClock } from '../support/held-clock.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';

const addresses = Array.from({ length: 20 }, (_, n) => new Uint8Array(20).fill(n + 1));
/** Transactions of each address. */
const EACH = process.env['PETREL_LONG'] ? 100 : 20;

/** The hashes of transactions that a request names. */
const hashesOf = (body: unknown): readonly string[] => (body as { readonly hashes?: readonly string[] }).hashes ?? [];

describe('a wallet starts with 20 addresses that have many transactions each (A6)', () => {
  let devnet: Devnet;
  let node: NodeClient;
  /** The address that each transaction pays. */
  const hashes = new Map<string, string>();
  beforeAll(async () => {
    devnet = await createDevnet({ port: 0, peers: 6, blockTime: 0, seed: 'launch' });
    for (let n = 0; n < EACH; n++) {
      for (const to of addresses) hashes.set(devnet.send(devnet.transfer({ to, value: n + 1, fee: 0 })), toHex(to));
      if (n % 10 === 9) await devnet.produce(1);
    }
    const clock = new HeldClock();
    node = await startNodeClient({ network: devnet.network, clock });
    await node.until('consensus', (client) => client.getStatus().consensus === 'established');
    // A peer that is slow only because the machine is would have a third one asked beside it.
    clock.stop();
  }, 600_000);
  afterAll(async () => {
    await node?.close();
    await devnet?.close();
  });

  it('all balances and transactions are proven; no request is over a limit, and at most two peers learn an address', async () => {
    const texts = addresses.map(friendlyAddress);
    const [balances, ...pages] = await Promise.all([
      node.client.ask('accounts', [texts, {}]) as Promise<Answer<AccountView>[]>,
      ...texts.map((text) => node.client.ask('transactions', [text, undefined, EACH, {}]) as Promise<Answer<TransactionPage>>),
    ]);
    expect(balances.map(({ value }) => value.balance)).toEqual(addresses.map(() => (EACH * (EACH + 1)) / 2));
    expect(pages.map(({ value }) => value.transactions.length)).toEqual(addresses.map(() => EACH));
    const asked = devnet.eventsOf('request').filter(({ kind }) => /proof|receipt|transaction/u.test(kind));
    expect(new Set(asked.map(({ kind }) => kind))).toEqual(new Set(['trie-proof', 'receipts', 'transactions-proof']));
    expect(asked.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    for (const address of addresses) {
      const learned = new Set(asked.filter(({ body }) => JSON.stringify(body).includes(toHex(address)) || hashesOf(body).some((hash) => hashes.get(hash) === toHex(address))).map(({ peer }) => peer));
      expect([1, 2]).toContain(learned.size);
    }
  }, 600_000);
});
