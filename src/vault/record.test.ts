import { type Arbitrary, array, assert, boolean, constantFrom, nat, option, property, record as object, sample, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountRecord, decodeRecord, encodeRecord, MAX_ADDRESSES } from './record.ts';
import { VaultError } from './vault-error.ts';

const id = '00112233445566778899aabbccddeeff';
const code = (code: string) => expect.objectContaining({ name: 'VaultError', code });

const bytes = (length: number) => uint8Array({ minLength: length, maxLength: length });
const sealed = object({ nonce: bytes(12), bytes: bytes(48) });
const label = string({ unit: 'grapheme', maxLength: 20 });
const u32 = nat({ max: 0xffff_ffff });
const record: Arbitrary<AccountRecord> = object({
  created: nat(),
  kind: constantFrom('words', 'key'),
  label,
  backedUp: boolean(),
  addresses: array(object({ address: bytes(20), index: option(u32, { nil: undefined }), label }), { minLength: 1, maxLength: 5 }),
  secret: sealed,
  password: object({ memory: u32, iterations: u32, salt: bytes(16), key: sealed }),
  passkey: option(object({ credential: uint8Array({ maxLength: 64 }), salt: bytes(32), key: sealed }), { nil: undefined }),
});

describe('the record of an account', () => {
  it('comes back as it was written', () => {
    assert(
      property(record, (it) => {
        expect(decodeRecord(id, encodeRecord(id, it))).toEqual(it);
      }),
    );
  });

  it('is refused with any one byte changed, left out or added', () => {
    const [sampled] = sample(record, { numRuns: 1, seed: 7 });
    const row = encodeRecord(id, sampled!);
    for (let at = 0; at < row.length; at++) {
      for (const change of [1, 0x80, 0xff]) expect(() => decodeRecord(id, row.with(at, row[at]! ^ change))).toThrow(VaultError);
      expect(() => decodeRecord(id, row.slice(0, at))).toThrow(code('damaged-record'));
    }
    expect(() => decodeRecord(id, Uint8Array.from([...row, 0]))).toThrow(code('damaged-record'));
  });

  it('is refused under another id, in another version, and if it is no row at all', () => {
    const [sampled] = sample(record, { numRuns: 1, seed: 8 });
    const row = encodeRecord(id, sampled!);
    expect(() => decodeRecord(`${id.slice(1)}0`, row)).toThrow(code('damaged-record'));
    expect(() => decodeRecord(id, row.with(0, 2))).toThrow(code('newer-record'));
    expect(() => decodeRecord(id, row.with(0, 0))).toThrow(code('damaged-record'));
    for (const other of [undefined, null, 'text', 5, {}, [], new Uint8Array(0), new Uint8Array(33)]) expect(() => decodeRecord(id, other)).toThrow(code('damaged-record'));
  });

  it('without an address is refused, and with too many is not written', () => {
    const [sampled] = sample(record, { numRuns: 1, seed: 9 });
    expect(() => decodeRecord(id, encodeRecord(id, { ...sampled!, addresses: [] }))).toThrow(code('damaged-record'));
    const [address] = sampled!.addresses;
    expect(() => encodeRecord(id, { ...sampled!, addresses: Array.from({ length: MAX_ADDRESSES + 1 }, () => address!) })).toThrow(expect.objectContaining({ code: 'over-limit' }));
  });
});
