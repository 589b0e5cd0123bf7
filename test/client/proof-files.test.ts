import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { encode } from '../../src/base/postcard/codec.ts';
import { transactionHash } from '../../src/chains/albatross/transactions/transaction-hash.ts';
import { transaction as transactionCodec } from '../../src/chains/albatross/wire/transactions.ts';
import type { Answer } from '../../src/engine/questions.ts';
import { verifyProofFile, type VerifyOptions } from '../../src/verify/verify.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';

const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const STAKER = 'NQ39 VBTN P2HX Q3MF KHF1 CCLA G6FS 9B8S VY28';
const FRIEND = new Uint8Array(20).fill(7);

describe('proofs to take away from a client of the local network', () => {
  let devnet: Devnet;
  let node: NodeClient;

  beforeEach(async () => {
    devnet = await createDevnet({ port: 0, peers: 4, blockTime: 0, seed: 'proof files' });
    node = await startNodeClient({ network: devnet.network });
    await node.until('consensus', (client) => client.getStatus().consensus === 'established');
    await follow(1);
  });
  afterEach(async () => {
    await node?.close();
    await devnet?.close();
  });

  const ask = (question: string, ...args: readonly unknown[]) => node.client.ask(question, args) as Promise<Answer<Uint8Array>>;
  const verified = async (asked: Promise<Answer<Uint8Array>>, options?: VerifyOptions) => verifyProofFile((await asked).value, options);
  async function follow(blocks: number): Promise<void> {
    for (let i = 0; i < blocks; i++) {
      await devnet.produce(1);
      const { hash } = devnet.chain.head;
      await node.until(`head ${hash}`, (client) => client.getHead().latest.hash === hash);
    }
  }

  it('are verified without it: accounts, stakers, a transaction, blocks', async () => {
    const transaction = devnet.transfer({ to: FRIEND, value: 12_345, fee: 200 });
    const from = devnet.log.length;
    await ask('send', encode(transactionCodec, transaction));
    await devnet.waitFor('transaction', ({ outcome }) => outcome === 'accepted', { from });
    await follow(1);
    const { height } = devnet.chain.head;
    const hash = transactionHash(transaction);
    const files = [ask('proveAccount', RICH), ask('proveStaker', STAKER), ask('proveValidator', '11'.repeat(20)), ask('proveTransaction', hash, height), ask('proveBlock', height)] as const;
    await follow(232 - height);
    const [account, staker, validator, paid, block] = await Promise.all(files.map((file) => verified(file)));
    // The peers prove at their own heads, which may have moved on.
    const place = { level: 'proven', finalBy: { height: 232 }, restsOn: { kind: 'genesis' } };
    expect(account).toMatchObject({ ...place, statement: { address: RICH, value: { type: 'basic', balance: 1_000_000_000_000 - 12_345 - 200 } } });
    expect(staker).toMatchObject({ ...place, statement: { address: STAKER, value: { balance: 100_000 } } });
    expect(validator).toMatchObject({ ...place, statement: { type: 'validator', value: undefined } });
    expect(paid).toMatchObject({ ...place, statement: { hash, value: { blockHeight: height, value: 12_345, fee: 200, sender: RICH, state: 'confirmed' } } });
    expect(block).toMatchObject({ ...place, block: { height }, statement: { hash: devnet.chain.at(height)?.hash } });
  });

  it('are refused with a code', async () => {
    const code = (question: string, ...args: readonly unknown[]) => ask(question, ...args).then(() => 'answered', (error: { readonly code: string }) => error.code);
    expect(await code('proveAccount', 'NQ46')).toBe('bad-argument');
    expect(await code('proveTransaction', 'ab')).toBe('bad-argument');
    expect(await code('proveBlock', -1)).toBe('bad-argument');
    expect(await code('proveBlock', 'ab'.repeat(32))).toBe('no-answer');
    expect(await code('proveTransaction', 'ab'.repeat(32))).toBe('no-answer');
  });
});
