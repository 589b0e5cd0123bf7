import { describe, expect, it } from 'vitest';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decodeBlock, encodeBlock } from './block.ts';
import { encodeHeader } from './header.ts';
import { decodeMessage, encodeMessage } from './messages.ts';
import { decodeOperation, decodePayload, encodeOperation, encodePayload } from './payload.ts';
import { decodeQc, encodeQc } from './qc.ts';
import { decodeChunk, encodeChunk } from './state-entry.ts';
import { decodeValidatorSet, encodeValidatorSet } from './validator-set.ts';
import { blsVoteMessage, decodeVote, encodeVote } from './vote.ts';

const { n4, n7, situations, handover, bls, snapshot, jsMade } = vectors;
const all = [...n4.blocks, ...n4.notFinal, ...n7.blocks, ...n7.notFinal, ...situations.conflictingFinals.a, ...situations.conflictingFinals.b, ...handover.cases.flatMap((it) => it.blocks)];

describe('bytes of the vectors, decoded and encoded again', () => {
  it('blocks, headers, payloads and operations', () => {
    for (const { header, payload, height, view } of all) {
      const block = decodeBlock(fromHex(header + payload));
      expect(block.header).toMatchObject({ height, view });
      expect(toHex(encodeHeader(block.header))).toBe(header);
      expect(toHex(encodeBlock(block.header, block.payload!))).toBe(header + payload);
      const transactions = decodePayload(block.payload!);
      expect(toHex(encodePayload(transactions))).toBe(payload);
      for (const bytes of transactions) expect(encodeOperation(decodeOperation(bytes))).toEqual(bytes);
    }
  });

  it('certificates', () => {
    const qcs = [...all.flatMap((it) => (it.qc ? [it.qc] : [])), ...bls.qcs.map((it) => it.qc), bls.paddedWithZeroTimestamps.qc, ...jsMade.input.qcs.map((it) => it.qc)];
    expect(qcs.length).toBeGreaterThan(291);
    for (const qc of qcs) expect(toHex(encodeQc(decodeQc(fromHex(qc))))).toBe(qc);
  });

  it('messages of replicas', () => {
    for (const { hex, view, from, type } of [...n4.messages, ...n7.messages]) {
      const message = decodeMessage(fromHex(hex));
      expect(message).toMatchObject({ view, sender: from, kind: type.toLowerCase().replace('_', '-').replace('newview', 'new-view') });
      expect(toHex(encodeMessage(message))).toBe(hex);
    }
  });

  it('BLS votes', () => {
    for (const vote of bls.qcs.flatMap((it) => it.votes)) {
      const decoded = decodeVote(fromHex(vote.bytes));
      expect(decoded.time).toBe(0);
      expect(toHex(encodeVote(decoded))).toBe(vote.bytes);
      expect(toHex(blsVoteMessage(decoded))).toBe(vote.digest);
    }
  });

  it('validator sets', () => {
    for (const bytes of [n4.validatorsBytes, n7.validatorsBytes, bls.validatorsBytes]) expect(toHex(encodeValidatorSet(decodeValidatorSet(fromHex(bytes))))).toBe(bytes);
    expect(decodeValidatorSet(fromHex(n4.validatorsBytes)).keys.map(toHex)).toEqual(n4.validators);
  });

  it('chunks of a snapshot', () => {
    for (const chunk of snapshot.chunks) expect(toHex(encodeChunk(decodeChunk(fromHex(chunk))))).toBe(chunk);
  });
});
