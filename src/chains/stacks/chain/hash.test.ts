import { describe, expect, it } from 'vitest';
import { chainA, chainB, epoch2Headers, fromBase64, mainnetHeaders } from '../../../../test/support/stacks-vectors.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decodeBlock, encodeBlock } from '../wire/block.ts';
import { decodeEpoch2Header, encodeEpoch2Header } from '../wire/epoch2-header.ts';
import { decodeHeader, encodeHeader } from '../wire/header.ts';
import { blockHash, blockId, epoch2BlockHash, epoch2BlockId, minerHash, transactionId, transactionRoot } from './hash.ts';

const headers = [...chainA.headers, ...chainB.headers];
const blocks = [...chainA.blocks, ...chainB.blocks];

describe('recorded Nakamoto headers', () => {
  it('are 176 of version 0 and 9 of version 1, written again to the same bytes, with the recorded hashes and ids', () => {
    expect(headers.filter(({ version }) => version === 0)).toHaveLength(176);
    expect(headers.filter(({ version }) => version === 1)).toHaveLength(9);
    for (const it of headers) {
      const bytes = fromBase64(it.header_b64);
      const header = decodeHeader(bytes);
      expect(encodeHeader(header)).toEqual(bytes);
      expect(header).toMatchObject({ version: it.version, chainLength: it.height, consensusHash: it.consensus_hash, parentBlockId: it.parent_block_id, stateRoot: it.state_index_root, transactionRoot: it.tx_merkle_root });
      expect([toHex(minerHash(header)), toHex(blockHash(header)), blockId(header)]).toEqual([it.miner_hash, it.block_hash, it.block_id]);
    }
  });

  it('of the main network too', () => {
    for (const it of mainnetHeaders) {
      const header = decodeHeader(fromHex(it.header));
      expect(toHex(encodeHeader(header))).toBe(it.header);
      expect([toHex(minerHash(header)), toHex(blockHash(header)), blockId(header)]).toEqual([it.miner_hash, it.block_hash, it.block_id]);
    }
  });

  it('have a hash that their signers do not change, but everything else does', () => {
    const header = decodeHeader(fromBase64(headers[0]!.header_b64));
    expect(blockId({ ...header, signerSignatures: header.signerSignatures.slice(1) })).toBe(headers[0]!.block_id);
    expect(blockId({ ...header, minerSignature: new Uint8Array(65) })).not.toBe(headers[0]!.block_id);
    expect(minerHash({ ...header, minerSignature: new Uint8Array(65) })).toEqual(minerHash(header));
    expect(blockId({ ...header, version: 1, problematic: [{ index: 1, category: 2 }] })).not.toBe(blockId({ ...header, version: 1 }));
  });
});

describe('recorded blocks', () => {
  it('have the recorded transaction ids and the root of their header', () => {
    expect(blocks).toHaveLength(43);
    for (const it of blocks) {
      const bytes = fromBase64(it.block_b64);
      const block = decodeBlock(bytes);
      const ids = block.transactions.map((transaction) => transactionId(transaction.bytes));
      expect(ids).toEqual(it.txids);
      expect(transactionRoot(ids)).toBe(block.header.transactionRoot);
      expect(encodeBlock(block)).toEqual(bytes);
    }
  });

  it('have the recorded tenure changes', () => {
    const changes = new Map(headers.map((it) => [it.block_id, it.tenure_change]));
    let seen = 0;
    for (const it of blocks) {
      const found = decodeBlock(fromBase64(it.block_b64)).transactions.flatMap(({ tenureChange }) => (tenureChange ? [tenureChange] : []));
      seen += found.length;
      expect(found.map((change) => ({ cause: change.cause, tenure: change.tenure, prev_tenure: change.previousTenure, burn_view: change.burnView, prev_tenure_end: change.previousTenureEnd, previous_tenure_blocks: change.previousTenureBlocks }))).toEqual(changes.get(it.block_id));
    }
    expect(seen).toBeGreaterThan(15);
  });

  it('of the main network too', () => {
    const it = mainnetHeaders.find(({ block }) => block)!;
    const block = decodeBlock(fromHex(it.block!));
    const ids = block.transactions.map((transaction) => transactionId(transaction.bytes));
    expect(ids).toEqual(it.txids);
    expect(transactionRoot(ids)).toBe(it.tx_merkle_root);
  });

  it('have another root if an id is missing, changed or in another place', () => {
    const ids = blocks.find(({ txids }) => txids.length === 3)!.txids;
    const root = transactionRoot(ids);
    expect(transactionRoot(ids.slice(1))).not.toBe(root);
    expect(transactionRoot([ids[1]!, ids[0]!, ids[2]!])).not.toBe(root);
    // An odd level repeats its last node, so that a block with the last transaction twice has the same root: its id list is compared too.
    expect(transactionRoot([...ids, ids[2]!])).toBe(root);
    expect(transactionRoot([])).toBe('0'.repeat(64));
  });
});

describe('recorded headers of epoch 2.x', () => {
  it('are written again to the same bytes, and link backwards by hash to the parent of the first Nakamoto block', () => {
    expect(epoch2Headers[0]!.id).toBe(chainA.headers[0]!.parent_block_id);
    for (const [i, it] of epoch2Headers.entries()) {
      const header = decodeEpoch2Header(fromHex(it.header));
      expect(toHex(encodeEpoch2Header(header))).toBe(it.header);
      expect(epoch2BlockHash(header)).toBe(it.bh);
      expect(epoch2BlockId(header, it.ch)).toBe(it.id);
      expect(header.parent).toBe(it.parent_block);
      const next = epoch2Headers[Math.min(i + 1, epoch2Headers.length - 1)]!;
      const isLast = next === it;
      expect([isLast ? header.parent : next.bh, isLast ? it.parent_block_id : next.id]).toEqual([header.parent, it.parent_block_id]);
    }
  });
});
