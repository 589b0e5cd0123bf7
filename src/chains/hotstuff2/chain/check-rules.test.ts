import { describe, expect, it } from 'vitest';
import { BlockMaker, put, testChainId } from '../../../../test/support/hotstuff2/block-maker.ts';
import { itemOfVector } from '../../../../test/support/hotstuff2/items.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { CodedError } from '../../../base/coded-error.ts';
import { concatBytes } from '../../../base/bytes.ts';
import { encodePayload } from '../wire/payload.ts';
import { checkBlockStructure } from './check-block-structure.ts';
import { checkLink, checkProposer } from './check-link.ts';
import { decodeHeaderItem, decodeItem } from './hs2-block.ts';
import type { Hs2Item } from './hs2-block.ts';
import { payloadRoot } from './payload-root.ts';
import { faultOf } from './rule-code.ts';
import { KeyValueState } from './state.ts';

const maker = new BlockMaker();
const [b1, b2, b3] = maker.row(3);
const chain = { chainId: testChainId, genesisHash: maker.genesis.id };
const parentOf = ({ id, block }: Hs2Item) => ({ id, header: block.header });
const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    throw error;
  }
};

describe('validate_block_structure', () => {
  const bytes = concatBytes(b2!.block.headerBytes, b2!.block.payload!);

  it('takes blocks with and without payload, and genesis', () => {
    for (const item of [maker.genesis, b1!, b2!, decodeHeaderItem(b2!.block.headerBytes, b2!.block.qcBytes)]) expect(checkBlockStructure(item, chain)).toBeUndefined();
  });

  it('vectors n4 and n7: every block passes', () => {
    for (const { blocks, notFinal, chainId } of [vectors.n4, vectors.n7]) {
      const certified = [...blocks, ...notFinal].filter((block) => block.qc ?? block.height === 0);
      const codes = certified.map((block) => checkBlockStructure(itemOfVector(block), { chainId, genesisHash: blocks[0]!.hash }));
      expect(codes.filter((code) => code !== undefined)).toEqual([]);
    }
  });

  it('each field broken once', () => {
    const change = (at: number, value: number) => bytes.with(at, value);
    expect(codeOf(() => decodeItem(change(0, 0x49), b2!.block.qcBytes))).toBe('magic');
    expect(codeOf(() => decodeItem(change(4, 2), b2!.block.qcBytes))).toBe('version');
    expect(codeOf(() => decodeItem(change(37, 1), b2!.block.qcBytes))).toBe('number');
    expect(codeOf(() => decodeItem(change(123, 1), b2!.block.qcBytes))).toBe('length');
    expect(codeOf(() => decodeItem(change(126, bytes[126]! ^ 1), b2!.block.qcBytes))).toBe('mismatch');
    expect(codeOf(() => decodeItem(concatBytes(bytes, Uint8Array.of(0)), b2!.block.qcBytes))).toBe('mismatch');
    expect(codeOf(() => decodeItem(bytes.slice(0, 222), b2!.block.qcBytes))).toBe('truncated');
    // Every other byte of the header makes another block, which the certificate does not name; every byte of the payload another root.
    for (const at of [44, 46, 50, 55, 60, 92, 130, 160, 200]) expect(checkBlockStructure(decodeItem(change(at, bytes[at]! ^ 1), b2!.block.qcBytes), chain)).toMatch(/^(?:qc-hash|qc-view)$/u);
    expect(checkBlockStructure(decodeItem(change(6, bytes[6]! ^ 1), b2!.block.qcBytes), chain)).toBe('chain-id');
    expect(checkBlockStructure(decodeItem(change(bytes.length - 1, bytes.at(-1)! ^ 1), b2!.block.qcBytes), chain)).toBe('payload-root');
  });

  it('a certificate of another block, of another view, none, or one of genesis', () => {
    expect(checkBlockStructure({ ...b2!, block: { ...b2!.block, qc: { ...b2!.block.qc!, hash: b1!.id } } }, chain)).toBe('qc-hash');
    expect(checkBlockStructure({ ...b2!, block: { ...b2!.block, qc: { ...b2!.block.qc!, view: 9 } } }, chain)).toBe('qc-view');
    expect(checkBlockStructure({ ...b2!, block: { ...b2!.block, qc: undefined } }, chain)).toBe('no-certificate');
    expect(checkBlockStructure(maker.genesis, { ...chain, genesisHash: b1!.id })).toBe('genesis');
    expect(checkBlockStructure({ ...maker.genesis, block: { ...maker.genesis.block, qc: b1!.block.qc } }, chain)).toBe('genesis');
  });

  it('operations without a key, with another code, or with bytes left over', () => {
    for (const operation of [Uint8Array.of(1, 0, 0, 0, 0, 0, 0), Uint8Array.of(2, 0, 0), Uint8Array.of(3, 0, 1, 9), Uint8Array.of(2, 0, 1, 9, 9), new Uint8Array()]) {
      const payload = encodePayload([operation]);
      const item = { ...b2!, block: { ...b2!.block, payload, header: { ...b2!.block.header, payloadRoot: payloadRoot([operation]) } } };
      expect(checkBlockStructure(item, chain)).toBe('operation');
    }
  });
});

describe('validate_consensus_rules', () => {
  const parent = parentOf(b2!);
  const { header } = b3!.block;

  it('each rule broken once', () => {
    expect(checkLink(parent, header)).toBeUndefined();
    expect(checkLink(parent, { ...header, chainId: '0'.repeat(64) })).toBe('chain-id');
    expect(checkLink(parent, { ...header, height: 4 })).toBe('height');
    expect(checkLink(parent, { ...header, parent: b1!.id })).toBe('parent');
    expect(checkLink(parent, { ...header, view: b2!.block.header.view })).toBe('view');
    expect(checkLink(parent, { ...header, time: b2!.block.header.time - 1 })).toBe('time');
    expect(checkLink(parent, { ...header, time: b2!.block.header.time, view: 99 })).toBeUndefined();
    expect(checkProposer(header, 4)).toBeUndefined();
    expect(checkProposer({ ...header, proposer: header.proposer + 1 }, 4)).toBe('proposer');
  });

  it('a child of genesis may have any view, 0 too', () => {
    expect(checkLink(parentOf(maker.genesis), b1!.block.header)).toBeUndefined();
    expect(b1!.block.header.view).toBe(0);
    expect(checkLink(parentOf(maker.genesis), maker.make(maker.genesis, new KeyValueState(), { view: 70, operations: [put('a', 'b')] }).block.header)).toBeUndefined();
  });

  it('vectors n4 and n7: every block links to the one before', () => {
    for (const { blocks, n } of [vectors.n4, vectors.n7]) {
      const items = blocks.map(itemOfVector);
      for (const [i, item] of items.slice(1).entries()) expect([checkLink(parentOf(items[i]!), item.block.header), checkProposer(item.block.header, n)]).toEqual([undefined, undefined]);
    }
  });
});

describe('faults', () => {
  it('are lies, but for what later blocks or other bytes can decide', () => {
    expect(faultOf('payload-root', b2!)).toEqual({ code: 'payload-root', weight: 'lie', data: { height: 2, hash: b2!.id } });
    expect(faultOf('not-final', b2!).weight).toBe('offence');
  });
});
