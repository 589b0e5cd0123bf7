import { describe, expect, it } from 'vitest';
import { macroBodyRoot, microBodyRoot } from '../../src/chains/albatross/chain/hashes.ts';
import { accountKey, validatorKey } from '../../src/chains/albatross/proofs/trie-keys.ts';
import { provenEvents } from '../../src/chains/albatross/proofs/proven-events.ts';
import { verifyBlocksProof } from '../../src/chains/albatross/proofs/verify-blocks-proof.ts';
import { verifyTrieProof } from '../../src/chains/albatross/proofs/verify-trie-proof.ts';
import { transactionHash } from '../../src/chains/albatross/transactions/transaction-hash.ts';
import { account } from '../../src/chains/albatross/wire/accounts.ts';
import { decode } from '../../src/base/postcard/codec.ts';
import { keyOf, LedgerChain, rich, transfer } from '../../test/support/ledger-chain.ts';
import { serve } from '../serve.ts';
import type { RequestBody } from '../../src/chains/albatross/wire/requests.ts';

const { address: friend } = keyOf(1);
const payments = [1, 2, 3, 4, 5].map((value) => transfer({ to: friend, value }));
const late = transfer({ to: friend, value: 6, validityStartHeight: 460 });
const hashes = payments.map(transactionHash);

/** Payments in 201 (two), 240 and 250, one in the second epoch (462), and the head at 470. */
const world = new LedgerChain();
world.block(payments[0]!, payments[1]!);
world.growTo(239).block(payments[2]!);
world.growTo(249).block(payments[3]!);
world.growTo(461).block(late);
world.growTo(470);
const { chain } = world;
const { policy } = chain;

const prove = (body: RequestBody<'transactions-proof'>) => {
  const answer = serve(chain, 'transactions-proof', body);
  if (!answer.ok) return [answer.error.name, ...answer.error.heights].join(' ');
  const { proof, block } = answer.value;
  const asked = new Map(body.hashes.map((hash) => [hash, undefined]));
  return { by: block.header.blockNumber, entries: provenEvents(proof, block.header, { asked, networkId: 7, policy }).map(({ entry }) => entry.blockNumber) };
};

describe('proofs of accounts', () => {
  it('prove present and absent accounts at the head', () => {
    const absent = accountKey(keyOf(9).address);
    const answer = serve(chain, 'trie-proof', { keys: [accountKey(friend), accountKey(rich.address), absent, validatorKey(friend)] });
    if (!answer.ok) throw new Error(answer.error.name);
    const values = verifyTrieProof(answer.value.proof, [accountKey(friend), accountKey(rich.address), absent, validatorKey(friend)], chain.head.block.header.stateRoot);
    expect(answer.value.blockHash).toBe(chain.head.hash);
    expect(decode(account, values.get(accountKey(friend))!)).toEqual({ type: 'basic', balance: 1 + 2 + 3 + 4 + 6 });
    expect([values.get(absent), values.get(validatorKey(friend))]).toEqual([undefined, undefined]);
  });

  it('are refused for no keys, too many and repeated ones', () => {
    const ask = (keys: readonly string[]) => serve(chain, 'trie-proof', { keys });
    const many = Array.from({ length: 256 }, (_, i) => accountKey(keyOf(i).address));
    expect([ask([]), ask(many), ask(['00', '00'])]).toMatchObject([{ error: { name: 'EmptyKeys' } }, { error: { name: 'TooManyKeys' } }, { error: { name: 'DuplicateKeys' } }]);
    expect(ask(many.slice(0, 255))).toMatchObject({ ok: true });
  });
});

describe('bodies', () => {
  it('are sent to who asks for them, and give the roots in the headers', () => {
    for (const height of [201, 202, 264]) {
      const ask = (includeBody: boolean) => serve(chain, 'block', { hash: chain.at(height)!.hash, includeBody });
      const [bare, whole] = [ask(false), ask(true)];
      if (!bare.ok || !whole.ok || !whole.value.body) throw new Error('no block');
      const { body, header } = whole.value;
      expect(bare.value.body).toBeUndefined();
      expect('equivocationProofs' in body ? microBodyRoot(body) : macroBodyRoot(body)).toBe(header.bodyRoot);
    }
  });
});

describe('receipts', () => {
  const ask = (max?: number, startAt?: string) => serve(chain, 'receipts', { address: friend, max, startAt }).receipts.map(({ transactionHash: hash, blockNumber }) => [blockNumber, hash]);

  it('come newest first, over epochs, and page by page', () => {
    const all = [[462, transactionHash(late)], [250, hashes[3]], [240, hashes[2]], [201, hashes[1]], [201, hashes[0]]];
    expect(ask()).toEqual(all);
    expect(ask(2)).toEqual(all.slice(0, 2));
    expect(ask(2, hashes[3])).toEqual(all.slice(2, 4));
    expect(ask(2, 'ab'.repeat(32))).toEqual([]);
  });

  it('name rewards under the address that gets them', () => {
    const heights = serve(chain, 'receipts', { address: rich.address, max: undefined, startAt: undefined }).receipts.map(({ blockNumber }) => blockNumber);
    expect(heights).toEqual([462, 456, 424, 392, 360, 328, 296, 264, 250, 240, 201, 201]);
  });
});

describe('proofs of transactions', () => {
  it('stand on the election block of an old epoch, on the head, and for one hash alone on a block of the node\'s choice', () => {
    expect(prove({ hashes: hashes.slice(0, 4), blockNumber: 328 })).toEqual({ by: 328, entries: [201, 201, 240, 250] });
    expect(prove({ hashes: [transactionHash(late)], blockNumber: 470 })).toEqual({ by: 470, entries: [462] });
    expect(prove({ hashes: [transactionHash(late)], blockNumber: undefined })).toEqual({ by: 462, entries: [462] });
    expect(prove({ hashes: [hashes[2]!], blockNumber: undefined })).toEqual({ by: 328, entries: [240] });
  });

  it('are refused as nodes do', () => {
    const [hash] = hashes as [string];
    expect(prove({ hashes: [], blockNumber: undefined })).toBe('NoTransactionsProvided');
    expect(prove({ hashes: Array.from({ length: 256 }, () => hash), blockNumber: undefined })).toBe('TooManyTransactionsProvided');
    expect(prove({ hashes: [hash], blockNumber: 471 })).toBe('RequestedTxnProofFromFuture 471 470');
    expect(prove({ hashes: [hash], blockNumber: 424 })).toBe('RequestedTxnProofFromFinalizedEpoch 424');
    expect(prove({ hashes: [hash], blockNumber: 300 })).toBe('RequestedTxnProofFromFinalizedBatch 300');
    expect(prove({ hashes: [hash], blockNumber: 470 })).toBe('TransactionNotFound');
    expect(prove({ hashes: ['ab'.repeat(32)], blockNumber: undefined })).toBe('TransactionNotFound');
  });
});

describe('proofs of election blocks', () => {
  it('lead to old ones, and are refused for other heights', () => {
    const long = new LedgerChain();
    while (long.chain.head.height < 200 + 5 * 128) long.chain.add(long.chain.sparseElection(long.chain.head, long.now));
    const answer = serve(long.chain, 'blocks-proof', { electionHead: 840, blocks: [328, 584] });
    if (!answer.ok) throw new Error(answer.error.name);
    const { proof } = answer.value.proof;
    const block = (height: number) => long.chain.at(height)!.block;
    const electionHead = block(840);
    if (electionHead.type !== 'macro') throw new Error('no election block');
    expect(proof.map(({ header }) => header.blockNumber)).toEqual([712, 456]);
    expect(() => verifyBlocksProof(proof, [block(328), block(584)], { electionHead, policy, genesisHash: long.chain.at(200)!.hash })).not.toThrow();
    for (const blocks of [[200], [300], [968]]) expect(serve(long.chain, 'blocks-proof', { electionHead: 840, blocks })).toEqual({ ok: false, error: { name: 'BadBlockNumber', heights: blocks } });
    expect(serve(long.chain, 'blocks-proof', { electionHead: 968, blocks: [328] })).toEqual({ ok: false, error: { name: 'BadBlockNumber', heights: [968] } });
  });
});
