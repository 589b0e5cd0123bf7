/**
 * The recorded requests and answers of a real node. Every request equals the output of our encoder, every answer decodes to what
 * the recording describes, and both encode to the same bytes again. The node is from October 2024, and its error numbers differ
 * from those of 2.x: the answers of 213, 215 and 216 are read with the table of that era. The recorded refusals of 200, 207 and 209
 * have the same numbers in both.
 * @module
 */
import { describe, expect, it } from 'vitest';
import { blockHash } from '../src/chains/albatross/chain/hashes.ts';
import { block as blockCodec } from '../src/chains/albatross/wire/blocks.ts';
import { fromHex, toHex } from '../src/base/bytes.ts';
import { requestMessage, responseMessage } from '../src/chains/albatross/wire/exchange.ts';
import type { Exchange } from '../src/chains/albatross/wire/exchange.ts';
import { historicTransaction } from '../src/chains/albatross/wire/history.ts';
import type { HistoricTransaction } from '../src/chains/albatross/wire/history.ts';
import { decode, encode } from '../src/base/postcard/codec.ts';
import { proofRequests } from '../src/chains/albatross/wire/proof-requests.ts';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse, requests } from '../src/chains/albatross/wire/requests.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../src/chains/albatross/wire/requests.ts';
import type { Block, Transaction } from '../src/chains/albatross/wire/types.ts';
import { blake2b } from '../src/crypto/blake2b.ts';
import { addressHex } from './support/friendly-address.ts';
import { recording } from './support/node-recordings.ts';
import type { HeaderExchange, RecordedExchange, RecordedLeaf } from './support/node-recordings.ts';

const { blocks } = recording('blocks');
const { exchanges } = recording('requests');
const transactionsProofs = recording('transactions-proofs');
const trieProofs = recording('trie-proofs');
const leaves: Readonly<Record<string, readonly RecordedLeaf[]>> = recording('history-leaves');

const hashAt = (height: number): string => blocks.find((block) => block.height === height)!.hash;
const headHash = trieProofs.head.hash;
const unknownHash = '705c31ba9c82bd18cdf7e0e3eaf2b1565ae8bf24383478892c5b78014bb39753';

/** The request's body and the answer, both decoded without remaining bytes and encoded to the same bytes again. */
function exchanged<Q, A>(exchange: Exchange<Q, A>, { typeId, request, response }: RecordedExchange): { readonly asked: Q; readonly answer: A } {
  expect(typeId).toBe(exchange.typeId);
  const asked = decode(requestMessage(exchange), fromHex(request));
  expect(toHex(encode(requestMessage(exchange), asked))).toBe(request);
  const message = responseMessage(exchange);
  const answer = decode(message, fromHex(response));
  expect(toHex(encode(message, answer))).toBe(response);
  if (!answer.ok) throw new Error(`refused by the network layer: ${answer.error}`);
  return { asked, answer: answer.value };
}

/** The same for a kind that the client uses, with the functions that it uses. */
function spoken<K extends RequestKind>(kind: K, exchange: RecordedExchange): { readonly asked: RequestBody<K>; readonly answer: ResponseBody<K> } {
  const both = exchanged<RequestBody<K>, ResponseBody<K>>(requests[kind], exchange);
  expect(decodeRequest(fromHex(exchange.request))).toEqual({ kind, body: both.asked });
  expect(toHex(encodeRequest(kind, both.asked))).toBe(exchange.request);
  expect(decodeResponse(kind, fromHex(exchange.response))).toEqual({ ok: true, value: both.answer });
  expect(toHex(encodeResponse(kind, both.answer))).toBe(exchange.response);
  return both;
}

/** Name and answer as the node worded them. */
function wordsOf({ what = '' }: HeaderExchange): readonly [name: string, answer: string] {
  const [name, ...answer] = what.split(': ');
  return [name!, answer.join(': ')];
}

const ofType = (typeId: number): readonly HeaderExchange[] => exchanges.filter((exchange) => exchange.typeId === typeId);
const named = (typeId: number, name: string): HeaderExchange => ofType(typeId).find((exchange) => wordsOf(exchange)[0] === name)!;

describe('macro chain, 200', () => {
  const described = ({ ok, ...answer }: ResponseBody<'macro-chain'>): string => {
    if ('error' in answer) return `Err(${answer.error})`;
    expect(ok).toBe(true);
    const { epochs, checkpoint } = answer.value;
    const span = epochs.length === 0 ? '' : `, first_epoch: ${epochs[0]}, last_epoch: ${epochs.at(-1)}`;
    return `Ok(MacroChain { num_epochs: ${epochs.length}${span}, checkpoint: ${checkpoint ? `Some(Checkpoint { block_number: ${checkpoint.blockNumber}, hash: ${checkpoint.hash} })` : 'None'} })`;
  };

  it.each([
    ['macro chain from genesis', [hashAt(200)], 1000],
    ['macro chain two', [hashAt(200)], 2],
    ['macro chain caught up', [hashAt(488), hashAt(456), hashAt(200)], 3],
    ['macro chain at the election', [hashAt(456)], 3],
    ['macro chain unknown', [unknownHash], 3],
    ['macro chain none', [], 3],
  ] as const)('%s', (name, locators, maxEpochs) => {
    const { asked, answer } = spoken('macro-chain', named(200, name));
    expect(asked).toEqual({ locators, maxEpochs });
    expect(described(answer)).toBe(wordsOf(named(200, name))[1]);
  });

  it('are all', () => expect(ofType(200)).toHaveLength(6));
});

describe('head, 210', () => {
  it('has an empty request and an answer of three hashes', () => {
    const [exchange, ...more] = ofType(210);
    expect(more).toEqual([]);
    expect(spoken('head', exchange!)).toEqual({
      asked: {},
      answer: { blockNumber: trieProofs.head.height, blockHash: headHash, macroHash: hashAt(488), electionHash: hashAt(456) },
    });
  });
});

describe('missing blocks, 209', () => {
  const described = (answer: ResponseBody<'missing-blocks'>): string => {
    if (!answer.ok) return `Err(${answer.error})`;
    const heights = answer.value.blocks.map(({ header }) => header.blockNumber);
    return `Ok(ResponseBlocks { length: ${heights.length}, first_block: ${heights[0]}, last_block: ${heights.at(-1)} })`;
  };
  const bytesAt = (height: number, includeBody: boolean): string | undefined => {
    const block = blocks.find((each) => each.height === height);
    return includeBody ? block?.withBody : block?.header;
  };

  it.each([
    ['missing blocks forward from election', headHash, false, [hashAt(456)], 'forward'],
    ['missing blocks forward from macro', headHash, true, [hashAt(488)], 'forward'],
    ['missing blocks backward to macro', headHash, false, [hashAt(488)], 'backward'],
    ['missing blocks backward, no locator', headHash, false, [], 'backward'],
    ['missing blocks unknown target', unknownHash, false, [hashAt(488)], 'forward'],
    ['missing blocks unknown target backward', unknownHash, false, [hashAt(488)], 'backward'],
    ['missing blocks unknown locators', headHash, false, [unknownHash], 'forward'],
    ['missing blocks mid, backward', hashAt(359), false, [], 'backward'],
  ] as const)('%s', (name, targetHash, includeBody, locators, direction) => {
    const { asked, answer } = spoken('missing-blocks', named(209, name));
    expect(asked).toEqual({ targetHash, includeBody, locators, direction });
    expect(described(answer)).toBe(wordsOf(named(209, name))[1]);
    if (!answer.ok) return;
    const served = answer.value.blocks;
    expect(served.slice(1).map(({ header }) => header.parentHash)).toEqual(served.slice(0, -1).map(blockHash));
    expect(served.filter(({ body }) => (body !== undefined) !== includeBody)).toEqual([]);
    // The last blocks of the running batch were recorded only here.
    const known = served.filter(({ header }) => header.blockNumber <= 512);
    expect(known.map((block) => toHex(encode(blockCodec, block)))).toEqual(known.map(({ header }) => bytesAt(header.blockNumber, includeBody)));
  });

  it('are all', () => expect(ofType(209)).toHaveLength(8));
});

describe('block, 207', () => {
  it.each([
    ['block election', hashAt(456), false],
    ['block election with body', hashAt(456), true],
    ['block checkpoint', hashAt(488), false],
    ['block genesis', hashAt(200), true],
  ] as const)('%s', (name, hash, includeBody) => {
    const { asked, answer } = spoken('block', named(207, name));
    expect(asked).toEqual({ hash, includeBody });
    if (!answer.ok) throw new Error(answer.error);
    expect(blockHash(answer.value)).toBe(hash);
    const recorded = blocks.find((block) => block.hash === hash)!;
    expect(toHex(encode(blockCodec, answer.value))).toBe(includeBody ? recorded.withBody : recorded.header);
  });

  it('block head with body', () => {
    const exchange = named(207, 'block head with body');
    const { asked, answer } = spoken('block', exchange);
    expect(asked).toEqual({ hash: headHash, includeBody: true });
    if (!answer.ok) throw new Error(answer.error);
    expect([blockHash(answer.value), answer.value.header.blockNumber]).toEqual([headHash, 518]);
    // The same bytes are in the list that ends with this block.
    expect(named(209, 'missing blocks forward from macro').response.endsWith(toHex(encode(blockCodec, answer.value)))).toBe(true);
  });

  it('unknown', () => {
    expect(spoken('block', named(207, 'block unknown'))).toEqual({ asked: { hash: unknownHash, includeBody: false }, answer: { ok: false, error: 'TargetHashNotFound' } });
    expect(ofType(207)).toHaveLength(6);
  });
});

it('no other request of the kinds above was recorded', () => {
  expect(exchanges.filter(({ typeId }) => ![200, 207, 209, 210].includes(typeId))).toEqual([]);
});

describe('receipts, 214', () => {
  const recorded = recording('receipts').exchanges;

  it.each(recorded.map((exchange, index) => [index, exchange] as const))('request and answer, %i', (_, exchange) => {
    const { asked, answer } = exchanged(proofRequests['1.0'].receipts, exchange);
    expect({ ...asked, address: toHex(asked.address) }).toEqual({ address: addressHex(exchange.address), max: exchange.max ?? undefined, startAt: exchange.startAt ?? undefined });
    expect(answer.receipts.map(({ transactionHash, blockNumber }) => [transactionHash, blockNumber])).toEqual(exchange.receipts);
  });

  it('are the same for 2.x', () => {
    for (const exchange of recorded) expect(exchanged(proofRequests['2.x'].receipts, exchange)).toEqual(exchanged(proofRequests['1.0'].receipts, exchange));
  });
});

/** Sender and recipient in hex, and the amount. */
function moneyOf(transaction: Transaction) {
  const { value, fee } = transaction;
  const sender = transaction.type === 'basic' ? blake2b(transaction.senderPublicKey).subarray(0, 20) : transaction.sender;
  return { sender: toHex(sender), recipient: toHex(transaction.recipient), value, fee };
}

/** Blake2b(1 as 8 bytes ‖ the entry). Albatross block reference, 8.1. */
function leafHash(entry: HistoricTransaction): string {
  return toHex(blake2b(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, ...encode(historicTransaction, entry))));
}

describe('the history tree', () => {
  it.each(Object.keys(leaves))('%s: every leaf decodes, encodes to the same bytes and hashes to the recorded hash', (epoch) => {
    for (const { bytes, height, leafHash: hash } of leaves[epoch]!) {
      const entry = decode(historicTransaction, fromHex(bytes));
      expect(toHex(encode(historicTransaction, entry))).toBe(bytes);
      expect([entry.blockNumber, entry.network, leafHash(entry)]).toEqual([height, 7, hash]);
    }
  });

  it('has the transactions of the recorded bodies, with the time of their blocks', () => {
    const entries = Object.values(leaves).flat().map(({ bytes }) => decode(historicTransaction, fromHex(bytes)));
    for (const { height, timestamp, withBody } of blocks.filter(({ transactions }) => transactions > 0)) {
      const { body } = decode(blockCodec, fromHex(withBody)) as Extract<Block, { type: 'micro' }>;
      const expected = body!.transactions.map((executed) => ({ network: 7, blockNumber: height, blockTime: timestamp, event: { type: 'basic', executed } }));
      expect(entries.filter(({ blockNumber, event }) => blockNumber === height && event.type === 'basic')).toEqual(expected);
    }
  });
});

describe('transactions proofs, 213', () => {
  const exchange = proofRequests['1.0']['transactions-proof'];

  it.each(transactionsProofs.proofs.map((recorded, index) => [index, recorded.what, recorded] as const))('proof %i: %s', (_, __, recorded) => {
    const { asked, answer } = exchanged(exchange, recorded);
    expect(asked).toEqual({ hashes: recorded.transactions.map(({ hash }) => hash), blockNumber: recorded.blockNumber ?? undefined });
    if (!answer.ok) throw new Error(answer.error.name);
    const { proof, block } = answer.value;
    expect(block.body).toBe(undefined);
    expect([block.header.blockNumber, blockHash(block), block.header.historyRoot]).toEqual([recorded.provingBlock.height, recorded.provingBlock.hash, recorded.provingBlock.historyRoot]);
    expect(proof.positions).toEqual(recorded.positions);
    expect(proof.history.map((entry) => [entry.blockNumber, entry.blockTime, entry.network, leafHash(entry), entry.event.type === 'basic'])).toEqual(
      recorded.history.map(({ height, time, network, leafHash: hash, isBasic }) => [height, time, network, hash, isBasic]),
    );
    // The leaves are at the positions that the proof names.
    const epoch = leaves[`epoch ${Math.ceil((recorded.provingBlock.height - 200) / 128)}`]!;
    expect(proof.positions.map((position) => epoch[position]?.leafHash)).toEqual(proof.history.map(leafHash));
    // Without a height, and for an older transaction, the node proves the first leaf of the epoch of its newest election block.
    const other = recorded.what === 'finished epoch, no block number given' && recorded.transactions[0]!.height <= 328;
    expect(recorded.history.map(({ txHash }) => txHash)).toEqual(other ? [epoch[0]!.txHash] : asked.hashes);
    if (other) return;
    const paid = proof.history.map(({ event, blockNumber }) => event.type === 'basic' && { ok: event.executed.succeeded, height: blockNumber, ...moneyOf(event.executed.transaction) });
    expect(paid).toEqual(recorded.transactions.map(({ ok, height, sender, recipient, value, fee }) => ({ ok, height, sender: addressHex(sender), recipient: addressHex(recipient), value, fee })));
  });

  it.each(transactionsProofs.errors.map((recorded) => [recorded.error, recorded] as const))('refusal %s', (_, recorded) => {
    const { asked, answer } = exchanged(exchange, recorded);
    expect(asked).toEqual({ hashes: recorded.transactions, blockNumber: recorded.blockNumber ?? undefined });
    if (answer.ok) throw new Error('not a refusal');
    const { name, heights } = answer.error;
    expect(heights.length === 0 ? name : `${name}(${heights.join(', ')})`).toBe(recorded.error);
  });

  it('refusals have other numbers in 2.x', () => {
    const future = transactionsProofs.errors.find(({ what }) => what === 'future')!;
    const read = (typed: Parameters<typeof responseMessage>[0]) => decode(responseMessage(typed), fromHex(future.response), { allowTrailing: true });
    expect(read(exchange)).toEqual({ ok: true, value: { ok: false, error: { name: 'RequestedTxnProofFromFuture', heights: [1519, 519] } } });
    expect(read(proofRequests['2.x']['transactions-proof'])).toEqual({ ok: true, value: { ok: false, error: { name: 'TooManyTransactionsProvided', heights: [] } } });
  });
});

describe('trie proofs, 215', () => {
  const { head, proofs } = trieProofs;

  it('are for the recorded head', () => {
    const block = decode(blockCodec, fromHex(head.header));
    expect([block.header.blockNumber, blockHash(block), block.header.stateRoot]).toEqual([head.height, head.hash, head.stateRoot]);
    expect(toHex(encode(blockCodec, block))).toBe(head.header);
  });

  it.each(proofs.map((recorded, index) => [index, recorded.keys[0]!.name, recorded] as const))('proof %i: %s', (_, __, recorded) => {
    const { asked, answer } = exchanged(proofRequests['1.0']['trie-proof'], recorded);
    expect(asked.keys).toEqual(recorded.keys.map(({ key }) => key));
    if (!answer.ok) throw new Error(answer.error.name);
    const { proof, blockHash: anchor } = answer.value;
    expect([anchor, recorded.stateRoot]).toEqual([head.hash, head.stateRoot]);
    const values = asked.keys.map((key) => {
      const value = proof.nodes.find((node) => node.key === key)?.value;
      return value?.type === 'leaf' || value?.type === 'hybrid-value' ? toHex(value.value) : null;
    });
    expect(values).toEqual(recorded.keys.map(({ value }) => value));
    const absent = recorded.keys.filter(({ value }) => value === null).map(({ key }) => key);
    expect(proof.missingProvenBy.map(({ key }) => key)).toEqual(absent.toSorted());
    for (const { key, provenBy } of proof.missingProvenBy) {
      expect(key.startsWith(provenBy)).toBe(true);
      expect(proof.nodes.some((node) => node.key === provenBy)).toBe(true);
    }
  });

  it('are the same for 2.x', () => {
    for (const recorded of proofs) expect(exchanged(proofRequests['2.x']['trie-proof'], recorded)).toEqual(exchanged(proofRequests['1.0']['trie-proof'], recorded));
  });
});

describe('blocks proofs, 216', () => {
  it.each(recording('blocks-proofs').exchanges.map((recorded, index) => [index, recorded] as const))('request and answer, %i', (_, recorded) => {
    const { asked, answer } = exchanged(proofRequests['1.0']['blocks-proof'], recorded);
    expect(asked).toEqual({ electionHead: recorded.electionHead, blocks: recorded.blocks });
    const told = answer.ok ? { proof: answer.value.proof.proof } : { error: `${answer.error.name}(${answer.error.heights.join(', ')})` };
    expect(told).toEqual(recorded.result);
    // Their numbers are the same in 2.x.
    expect(exchanged(proofRequests['2.x']['blocks-proof'], recorded).answer).toEqual(answer);
  });
});
