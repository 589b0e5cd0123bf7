import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { decodeCheckpoint, decodeTrustedCheckpoint, encodeCheckpoint, encodeTrustedCheckpoint } from './checkpoint.ts';
import { decode, encode } from './codec.ts';
import { MolochCodecError } from './codec-error.ts';
import { decodeCompactProof, encodeCompactProof, proofAnswer, proofRequest } from './compact-proof.ts';
import { decodeSnapshotFile, encodeSnapshotFile } from './snapshot-file.ts';
import { decodeVote, encodeVote, voteSigningBytes } from './votes.ts';
import { verifyEd25519Sync } from '../../../crypto/ed25519.ts';
import { hashBytes } from '../chain/hash.ts';

describe('vectors: checkpoint, compactProofs, proofMessages, votes, snapshots', () => {
  it('checkpoint: with and without the trusted header', () => {
    const { bytes, trusted, validatorsHash } = molochVectors.checkpoint;
    expect(toHex(encodeCheckpoint(decodeCheckpoint(fromHex(bytes))))).toBe(bytes);
    const checkpoint = decodeTrustedCheckpoint(fromHex(trusted));
    expect(toHex(encodeTrustedCheckpoint(checkpoint))).toBe(trusted);
    expect(checkpoint).toMatchObject({ ...decodeCheckpoint(fromHex(bytes)), validatorsHash, validators: molochVectors.validators });
  });

  it('compactProofs: with and without the MMR', () => {
    for (const { plain, withMmr, eventId, height, index } of molochVectors.compactProofs) {
      for (const hex of [plain, withMmr]) {
        const proof = decodeCompactProof(fromHex(hex));
        expect(toHex(encodeCompactProof(proof))).toBe(hex);
        expect(proof).toMatchObject({ eventId, height, index });
      }
    }
  });

  it('proofMessages: requests and answers', () => {
    for (const [name, hex] of Object.entries(molochVectors.proofMessages)) {
      const written = /^r[A-Z]/u.test(name) ? encode(proofAnswer, decode(proofAnswer, fromHex(hex))) : encode(proofRequest, decode(proofRequest, fromHex(hex)));
      expect(toHex(written)).toBe(hex);
    }
  });

  it('votes: bytes, signing bytes and signatures', () => {
    for (const { bytes, signature, voter, height, round, type, blockHash, millis } of molochVectors.votes) {
      const vote = decodeVote(fromHex(bytes));
      expect(toHex(encodeVote(vote))).toBe(bytes);
      expect(vote).toMatchObject({ voter, height, round, time: millis, type: type === 0 ? 'Prevote' : 'Precommit', hash: blockHash ?? undefined });
      expect(toHex(vote.signature)).toBe(signature);
      expect(verifyEd25519Sync(fromHex(voter), voteSigningBytes(vote), vote.signature)).toBe(true);
    }
  });

  it('snapshots: header and bodies', () => {
    for (const { file } of molochVectors.snapshots) {
      const snapshot = decodeSnapshotFile(fromHex(file));
      expect(toHex(encodeSnapshotFile(snapshot))).toBe(file);
      expect(hashBytes(...snapshot.bodies)).toBe(snapshot.header.dataHash);
    }
  });

  it('a snapshot file that is cut, or is longer, or of another magic or version, is refused', () => {
    const file = fromHex(molochVectors.snapshots[0]!.file);
    const codeOf = (bytes: Uint8Array) => {
      try {
        decodeSnapshotFile(bytes);
      } catch (error) {
        if (error instanceof MolochCodecError) return error.code;
        throw error;
      }
      return 'no error';
    };
    for (let length = 0; length < file.length; length += 1) expect(codeOf(file.subarray(0, length))).toBe('unexpected-end');
    expect(codeOf(Uint8Array.of(...file, 0))).toBe('trailing-bytes');
    expect(codeOf(file.with(7, 0x32))).toBe('bad-magic');
    expect(codeOf(file.with(12, 2))).toBe('bad-version');
    // The size is 8 bytes before the data hash, which is 8 bytes before the end of the header.
    const size = 12 + 0xa2 - 8 - 32 - 8;
    expect(codeOf(file.with(size, file[size]! ^ 1))).toBe('bad-length');
  });
});
