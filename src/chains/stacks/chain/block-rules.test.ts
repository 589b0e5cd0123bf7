import { describe, expect, it } from 'vitest';
import { chainA, chainB, fromBase64 } from '../../../../test/support/stacks-vectors.ts';
import { decodeBlock } from '../wire/block.ts';
import { decodeHeader } from '../wire/header.ts';
import { checkLink, checkTransactions, tenureStartOf } from './block-rules.ts';

const chains = [chainA, chainB];
const blocks = chains.flatMap((chain) => chain.blocks.map((it) => decodeBlock(fromBase64(it.block_b64))));
const start = blocks.find((block) => tenureStartOf(block))!;

describe('transactions of a block', () => {
  it('are those of its header', () => {
    for (const block of blocks) expect(checkTransactions(block)).toBeUndefined();
  });

  it('are not if one is missing, changed, or there twice', () => {
    const { header, transactions } = start;
    expect(checkTransactions({ header, transactions: transactions.slice(1) })).toBe('transaction-root');
    expect(checkTransactions({ header, transactions: [...transactions, transactions.at(-1)!] })).toBe('transaction-twice');
    expect(checkTransactions({ header, transactions: transactions.with(0, { ...transactions[0]!, bytes: new Uint8Array(9) }) })).toBe('transaction-root');
  });
});

describe('the start of a tenure', () => {
  it('is every recorded block with a tenure change of cause 0', () => {
    const recorded = new Map(chains.flatMap((chain) => chain.headers.map((it) => [it.parent_block_id, it] as const)));
    for (const block of blocks) expect(tenureStartOf(block)?.previousTenure).toBe(recorded.get(block.header.parentBlockId)!.tenure_change.find(({ cause }) => cause === 0)?.prev_tenure);
  });

  it('is no extension, nor anything whose change or coinbase is missing, elsewhere or of another tenure', () => {
    const { header, transactions } = start;
    const [change, coinbase, ...others] = transactions;
    const changed = (fields: object) => ({ header, transactions: [{ ...change!, tenureChange: { ...change!.tenureChange!, ...fields } }, coinbase!, ...others] });
    expect(tenureStartOf(changed({}))).toBeDefined();
    for (const fields of [{ cause: 1 }, { tenure: 'aa'.repeat(20) }, { burnView: 'aa'.repeat(20) }, { previousTenureEnd: 'aa'.repeat(32) }, { previousTenure: header.consensusHash }]) expect(tenureStartOf(changed(fields))).toBeUndefined();
    expect(tenureStartOf({ header, transactions: [coinbase!, change!] })).toBeUndefined();
    expect(tenureStartOf({ header, transactions: [change!] })).toBeUndefined();
    expect(tenureStartOf({ header, transactions: [] })).toBeUndefined();
    expect(tenureStartOf({ header, transactions: [change!, coinbase!, change!] })).toBeUndefined();
    expect(tenureStartOf({ header, transactions: [change!, coinbase!, coinbase!] })).toBeUndefined();
  });
});

describe('a child', () => {
  const headers = chainA.headers.map((it) => decodeHeader(fromBase64(it.header_b64)));

  it('follows its parent in the whole recorded chain', () => {
    for (let i = 1; i < headers.length; i += 1) expect(checkLink(headers[i - 1]!, headers[i]!)).toBeUndefined();
  });

  it('is refused for another parent, height, an earlier time, or less burn', () => {
    const [parent, child] = headers;
    expect(checkLink(headers[2]!, child!)).toBe('parent');
    expect(checkLink(parent!, { ...child!, chainLength: child!.chainLength + 1 })).toBe('height');
    expect(checkLink(parent!, { ...child!, timestamp: parent!.timestamp - 1 })).toBe('time');
    expect(checkLink(parent!, { ...child!, timestamp: parent!.timestamp })).toBeUndefined();
    expect(checkLink(parent!, { ...child!, burnSpent: parent!.burnSpent - 1 })).toBe('burn');
  });
});
