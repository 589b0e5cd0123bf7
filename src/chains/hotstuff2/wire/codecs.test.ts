import { array, assert, boolean, constantFrom, integer, nat, oneof, option, property, record, uint8Array, uniqueArray } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { concatBytes, fromHex } from '../../../base/bytes.ts';
import { CodedError } from '../../../base/coded-error.ts';
import { decodeBlock, decodeHeaderOnly } from './block.ts';
import { decodeFinalityProof, encodeFinalityProof } from './finality-proof.ts';
import { decodeHeader, encodeHeader } from './header.ts';
import type { Header } from './header.ts';
import { decodeMessage, encodeMessage } from './messages.ts';
import { decodeOperation, decodePayload, encodeOperation, encodePayload } from './payload.ts';
import type { Operation } from './payload.ts';
import { decodeQc, encodeQc } from './qc.ts';
import type { Qc } from './qc.ts';
import { decodeChunk, decodeStateEntry, encodeChunk, encodeStateEntry } from './state-entry.ts';
import { decodeValidatorSet, encodeValidatorSet } from './validator-set.ts';
import { decodeVote, encodeVote } from './vote.ts';
import type { Vote } from './vote.ts';
import { WireError } from './wire-error.ts';

const bytes = (length: number) => uint8Array({ minLength: length, maxLength: length });
const hash: Arbitrary<string> = bytes(32).map((it) => Buffer.from(it).toString('hex'));
const u32 = integer({ min: 0, max: 2 ** 32 - 1 });
const u16 = nat(65_535);
const time = nat(Number.MAX_SAFE_INTEGER);
const header: Arbitrary<Header> = record({ chainId: hash, height: u32, view: u32, proposer: u16, time, parent: hash, payloadRoot: hash, payloadLength: nat(4 * 1024 * 1024), stateRoot: hash, validators: hash, nextValidators: hash });
const signers = uniqueArray(u16, { maxLength: 9 }).map((it) => it.toSorted((a, b) => a - b));
const ed25519Qc: Arbitrary<Qc> = record({ view: u32, hash, signers, seed: bytes(64), time }).map(({ seed, time: at, ...qc }) => ({ ...qc, scheme: 'ed25519', times: qc.signers.map(() => at), signatures: qc.signers.map((i) => seed.map((byte) => byte ^ (i & 255))) }));
const blsQc: Arbitrary<Qc> = record({ view: u32, hash, signers, aggregate: bytes(48), padded: boolean() })
  // Without signers there is no padding to tell the forms apart.
  .map((qc) => ({ ...qc, padded: qc.padded && qc.signers.length > 0, scheme: 'bls' }));
const qc = oneof(ed25519Qc, blsQc);
const operation: Arbitrary<Operation> = oneof(record({ kind: constantFrom('put' as const), key: uint8Array({ minLength: 1, maxLength: 9 }), value: uint8Array({ maxLength: 9 }) }), record({ kind: constantFrom('delete' as const), key: uint8Array({ minLength: 1, maxLength: 9 }) }));
const vote: Arbitrary<Vote> = record({ view: u32, hash, index: u16, time, signature: uint8Array({ maxLength: 80 }) });

describe('what is encoded is decoded again', () => {
  const some = runs(100, 10_000);

  it('headers, operations, payloads, votes, certificates', () => {
    const same = <T>(arbitrary: Arbitrary<T>, encode: (value: T) => Uint8Array, decode: (bytes: Uint8Array) => T) => assert(property(arbitrary, (value) => void expect(decode(encode(value))).toEqual(value)), some);
    same(header, encodeHeader, decodeHeader);
    same(operation, encodeOperation, decodeOperation);
    same(array(uint8Array({ maxLength: 20 }), { maxLength: 8 }), encodePayload, (it) => [...decodePayload(it)]);
    same(vote, encodeVote, decodeVote);
    same(qc, encodeQc, decodeQc);
    expect(some.numRuns).toBeGreaterThan(0);
  });

  it('messages, finality proofs, validator sets, entries', () => {
    const sent = { view: u32, sender: u16 };
    const block = record({ header, payload: uint8Array({ maxLength: 30 }) }).map(({ header: it, payload }) => {
      const whole = { ...it, payloadLength: payload.length };
      return { header: whole, headerBytes: encodeHeader(whole), payload };
    });
    const maybe = option(qc, { nil: undefined });
    const message = oneof(record({ kind: constantFrom('proposal' as const), ...sent, block, justify: maybe }), record({ kind: constantFrom('vote' as const), ...sent, vote }), record({ kind: constantFrom('new-view' as const), ...sent, highest: maybe }));
    const certified = record({ header, qc }).map((it) => ({ ...decodeHeaderOnly(encodeHeader(it.header)), qc: it.qc, qcBytes: encodeQc(it.qc) }));
    const set = uniqueArray(bytes(32), { minLength: 1, maxLength: 5, selector: String }).map((keys) => ({ scheme: 'ed25519' as const, keys }));
    const entry = record({ key: uint8Array({ minLength: 1, maxLength: 5 }), value: uint8Array({ maxLength: 5 }) });
    assert(property(message, (it) => void expect(decodeMessage(encodeMessage(it))).toEqual(it)), some);
    assert(property(record({ final: certified, child: certified }), (it) => void expect(decodeFinalityProof(encodeFinalityProof(it))).toEqual(it)), some);
    assert(property(set, (it) => void expect(decodeValidatorSet(encodeValidatorSet(it))).toEqual(it)), some);
    assert(property(entry, (it) => void expect(decodeStateEntry(encodeStateEntry(it))).toEqual(it)), some);
    expect(some.numRuns).toBeGreaterThan(0);
  });
});

const block = vectors.n4.blocks[30]!;
const next = vectors.n4.blocks[31]!;
const lengthOf = (hex: string) => (hex.length / 2).toString(16).padStart(4, '0');
/** Each decoder with bytes that it takes. */
const decoders: readonly { readonly name: string; readonly decode: (bytes: Uint8Array) => unknown; readonly sample: Uint8Array }[] = [
  { name: 'header', decode: decodeHeader, sample: fromHex(block.header) },
  { name: 'block', decode: decodeBlock, sample: fromHex(block.header + block.payload) },
  { name: 'payload', decode: decodePayload, sample: fromHex(block.payload) },
  { name: 'operation', decode: decodeOperation, sample: decodePayload(fromHex(block.payload))[0]! },
  { name: 'Ed25519 certificate', decode: decodeQc, sample: fromHex(block.qc!) },
  { name: 'BLS certificate', decode: decodeQc, sample: fromHex(vectors.bls.qcs[0]!.qc) },
  { name: 'padded BLS certificate', decode: decodeQc, sample: fromHex(vectors.bls.paddedWithZeroTimestamps.qc) },
  { name: 'vote', decode: decodeVote, sample: fromHex(vectors.bls.qcs[0]!.votes[0]!.bytes) },
  { name: 'proposal', decode: decodeMessage, sample: fromHex(vectors.n4.messages.find(({ type }) => type === 'PROPOSAL')!.hex) },
  { name: 'new-view', decode: decodeMessage, sample: fromHex(vectors.n4.messages.findLast(({ type }) => type !== 'PROPOSAL' && type !== 'VOTE')!.hex) },
  { name: 'validator set', decode: decodeValidatorSet, sample: fromHex(vectors.n4.validatorsBytes) },
  { name: 'finality proof', decode: decodeFinalityProof, sample: fromHex(block.header + lengthOf(block.qc!) + block.qc! + next.header + lengthOf(next.qc!) + next.qc!) },
  { name: 'chunk', decode: decodeChunk, sample: fromHex(vectors.snapshot.chunks[4]!) },
];

/** The code that a decoder throws; undefined: it takes the bytes. Anything but a coded error is thrown on. */
function codeOf(decode: (bytes: Uint8Array) => unknown, input: Uint8Array): string | undefined {
  try {
    decode(input);
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    throw error;
  }
}

describe.each(decoders)('$name', ({ decode, sample }) => {
  it('is refused when it ends early, at every byte, or goes on', () => {
    expect(codeOf(decode, sample)).toBeUndefined();
    for (let length = 0; length < sample.length; length += 1) expect([length, codeOf(decode, sample.slice(0, length))]).toEqual([length, expect.any(String)]);
    expect(codeOf(decode, concatBytes(sample, Uint8Array.of(0)))).toEqual(expect.any(String));
  });

  it('never throws anything but a coded error', () => {
    let seed = sample.length;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const codes = new Set<string | undefined>();
    for (let run = 0; run < runs(800, 1_000_000).numRuns; run += 1) {
      const input = run % 8 === 0 ? Uint8Array.from({ length: random(300) }, () => random(256)) : sample.slice(0, run % 4 === 0 ? random(sample.length + 1) : sample.length);
      for (let changes = random(4); changes >= 0 && input.length > 0; changes -= 1) input[random(input.length)] = run % 3 === 0 ? [0, 1, 127, 255][random(4)]! : random(256);
      codes.add(codeOf(decode, input));
    }
    expect(codes.size).toBeGreaterThan(1);
  }, longTimeout);
});

describe('values without an encoding', () => {
  const good: Qc = { scheme: 'ed25519', view: 1, hash: '0'.repeat(64), signers: [0, 1], times: [1, 1], signatures: [new Uint8Array(64), new Uint8Array(64)] };
  const encoders: readonly (readonly [string, () => unknown])[] = [
    ['number', () => encodeHeader({ ...decodeHeader(fromHex(block.header)), height: 2 ** 32 })],
    ['number', () => encodeHeader({ ...decodeHeader(fromHex(block.header)), time: -1 })],
    ['length', () => encodeHeader({ ...decodeHeader(fromHex(block.header)), parent: 'AB' })],
    ['empty-key', () => encodeOperation({ kind: 'delete', key: new Uint8Array() })],
    ['order', () => encodeQc({ ...good, signers: [1, 0] })],
    ['order', () => encodeQc({ ...good, signers: [1, 1] })],
    ['mismatch', () => encodeQc({ ...good, times: [1] })],
    ['length', () => encodeQc({ ...good, signatures: [new Uint8Array(63), new Uint8Array(64)] })],
    ['length', () => encodeQc({ scheme: 'bls', view: 1, hash: good.hash, signers: [1], aggregate: new Uint8Array(47), padded: false })],
    ['length', () => encodeValidatorSet({ scheme: 'ed25519', keys: [] })],
    ['length', () => encodeValidatorSet({ scheme: 'bls', keys: [new Uint8Array(32)] })],
    ['duplicate-key', () => encodeValidatorSet({ scheme: 'ed25519', keys: [new Uint8Array(32), new Uint8Array(32)] })],
    ['mismatch', () => encodeMessage({ kind: 'proposal', view: 1, sender: 1, block: decodeHeaderOnly(fromHex(block.header)), justify: undefined })],
  ];

  it.each(encoders)('%s', (code, encode) => {
    expect(encode).toThrow(expect.objectContaining({ name: 'WireError', code }));
    expect(new WireError('order', 'x').code).toBe('order');
  });

  it('chunks whose keys do not ascend', () => {
    const entry = { key: Uint8Array.of(1), value: Uint8Array.of() };
    expect(codeOf(decodeChunk, encodeChunk([entry, entry]))).toBe('order');
  });
});
