import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readKeptProofFiles } from '../../../../test/support/kept-proof-files.ts';
import { runs } from '../../../../test/support/runs.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decodeProofFile, encodeProofFile, MAX_PROOF_FILE } from './proof-file.ts';
import { ProofFileError } from './proof-file-error.ts';

const kept = readKeptProofFiles(1).map(({ bytes }) => fromHex(bytes));
const [first = new Uint8Array(0)] = kept;

/** Bytes that are a file's at the beginning, with some changed, cut off or added. */
const almostFiles = fc
  .record({
    bytes: fc.constantFrom(...kept),
    changes: fc.array(fc.record({ at: fc.nat(), to: fc.nat(255) }), { maxLength: 4 }),
    length: fc.option(fc.nat(), { nil: undefined }),
    more: fc.uint8Array({ maxLength: 4 }),
  })
  .map(({ bytes, changes, length, more }) => {
    const changed = Uint8Array.from(bytes);
    for (const { at, to } of changes) changed[at % changed.length] = to;
    const cut = length === undefined ? changed : changed.subarray(0, length % (changed.length + 1));
    return Uint8Array.of(...cut, ...more);
  });

function codeOf(bytes: Uint8Array): string {
  try {
    decodeProofFile(bytes);
    return 'decoded';
  } catch (error) {
    if (error instanceof ProofFileError) return error.code;
    throw error;
  }
}

describe('the bytes of a proof file', () => {
  it('begin with the magic and the format', () => {
    expect(String.fromCodePoint(...first.subarray(0, 8))).toBe('petrelpf');
    expect(first[8]).toBe(1);
    for (const length of [0, 7, 8]) expect(codeOf(first.subarray(0, length))).toBe('not-a-proof-file');
    expect(codeOf(first.with(0, 0x50))).toBe('not-a-proof-file');
    expect(codeOf(first.with(8, 0))).toBe('not-a-proof-file');
    expect(() => decodeProofFile(first.with(8, 2))).toThrow(expect.objectContaining({ code: 'newer-format', data: { format: 2, known: 1 } }));
  });

  it('have a bound, and no byte too few or too many', () => {
    expect(() => decodeProofFile(new Uint8Array(MAX_PROOF_FILE + 1))).toThrow(expect.objectContaining({ code: 'too-large', data: { bytes: MAX_PROOF_FILE + 1, limit: MAX_PROOF_FILE } }));
    for (let length = 9; length < first.length; length += 1) expect(codeOf(first.subarray(0, length))).toBe('damaged');
    expect(() => decodeProofFile(Uint8Array.of(...first, 0))).toThrow(expect.objectContaining({ code: 'damaged', data: { reason: 'trailing-bytes', at: first.length } }));
  });

  it('decode only if they are the one encoding of their content, and fail with a code', () => {
    fc.assert(
      fc.property(fc.oneof(almostFiles, fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.of(...first.subarray(0, 9), ...bytes))), (bytes) => {
        expect(codeOf(bytes) === 'decoded' ? encodeProofFile(decodeProofFile(bytes)) : bytes).toEqual(bytes);
      }),
      runs(3000, 1_000_000),
    );
  });
});
