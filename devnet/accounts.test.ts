import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createDevnet, type CreateDevnetOptions, type Devnet } from './devnet.ts';
import { Accounts } from './ledger/accounts.ts';
import { loadGenesis } from '../src/chains/albatross/chain/genesis.ts';
import { transactionHash } from '../src/chains/albatross/transactions/transaction-hash.ts';

const dir = mkdtempSync(join(tmpdir(), 'devnet-accounts-'));
const started: Devnet[] = [];
const friend = new Uint8Array(20).fill(7);

async function start(options: CreateDevnetOptions): Promise<Devnet> {
  const devnet = await createDevnet({ port: 0, peers: 1, blockTime: 0, seed: 'accounts', ...options });
  started.push(devnet);
  return devnet;
}

afterEach(async () => {
  for (const devnet of started.splice(0)) await devnet.close();
  rmSync(dir, { recursive: true, force: true });
});

const balance = ({ chain }: Devnet, address: Uint8Array): number => new Accounts(chain.stateOf(chain.head).accounts).account(address).balance;

describe('a devnet with accounts', () => {
  it('puts what is sent into the next block, and knows it after a restart', async () => {
    const data = join(dir, 'data');
    const first = await start({ data });
    const hash = first.send(first.transfer({ to: friend, value: 5, fee: 1 }));
    await first.produce(70);
    expect(first.chain.at(201)?.block.body).toMatchObject({ transactions: [{ succeeded: true, transaction: { value: 5 } }] });
    const { stateRoot } = first.chain.head.block.header;
    await first.close();
    const second = await start({ data });
    expect(balance(second, friend)).toBe(5);
    expect(second.chain.stateOf(second.chain.head)).toMatchObject({ accounts: { hash: stateRoot }, included: { height: 201, hashes: new Set([hash]) } });
    await second.produce(1);
    expect(second.chain.head.block.header.stateRoot).toBe(stateRoot);
  });

  it('refuses what no block can hold, and accounts that do not exist', async () => {
    const devnet = await start({});
    const paid = devnet.transfer({ to: friend, value: 5 });
    expect(() => devnet.send({ ...paid, value: 6 })).toThrow(/invalid-proof/u);
    expect(() => devnet.transfer({ from: 1, to: friend, value: 5 })).toThrow(/accounts are 0 to 0/u);
    devnet.send(paid);
    expect(() => devnet.send(paid)).toThrow(/known/u);
  });

  it('has a reverted transaction again in a later block', async () => {
    const devnet = await start({});
    await devnet.produce(1);
    devnet.send(devnet.transfer({ to: friend, value: 5 }));
    await devnet.produce(1);
    await devnet.rebranch(1);
    expect(balance(devnet, friend)).toBe(0);
    await devnet.produce(1);
    expect(balance(devnet, friend)).toBe(5);
  });

  it('funds accounts in a genesis block of its own, the same ones each time', async () => {
    const networkFile = join(tmpdir(), `devnet-accounts-${process.pid}.json`);
    const devnet = await start({ networkFile, validators: 3 });
    rmSync(networkFile);
    expect(devnet.accounts).toHaveLength(5);
    expect(loadGenesis(devnet.network).header.stateRoot).toBe(devnet.chain.stateOf(devnet.chain.at(200)!).accounts.hash);
    const paid = devnet.transfer({ from: 4, to: friend, value: 5 });
    expect(devnet.send(paid)).toBe(transactionHash(paid));
    // The macro block 264 pays the validators that were active in the batch before it.
    await devnet.produce(64);
    expect(balance(devnet, friend)).toBe(5);
    expect(devnet.chain.head.block.body).toMatchObject({ transactions: devnet.chain.validatorsAt(232).map(({ validator }) => ({ validatorAddress: validator.address })) });
    expect(devnet.eventsOf('started')[0]?.accounts).toHaveLength(5);
  });
});
