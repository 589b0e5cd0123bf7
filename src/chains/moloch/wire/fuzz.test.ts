import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, equalBytes, fromHex } from '../../../base/bytes.ts';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { fuzzedWith } from '../../../../test/support/stacks-fuzz.ts';
import { decodeReceipt, encodeReceipt } from '../proofs/receipt-file.ts';
import { decodeEventIndex, encodeEventIndex } from '../chain/event-index.ts';
import { decodeBlock, encodeBlock } from './block.ts';
import { decodeCheckpoint, decodeTrustedCheckpoint, encodeCheckpoint, encodeTrustedCheckpoint } from './checkpoint.ts';
import { MolochCodecError } from './codec-error.ts';
import { decodeCompactProof, encodeCompactProof } from './compact-proof.ts';
import { decodeEvent, encodeEvent, type MolochEvent, type Resource } from './event.ts';
import type { EventType } from './event-type.ts';
import { decodeFrame } from './frame.ts';
import { decodeHeader, encodeHeader } from './header.ts';
import { decodeManifest, encodeManifest } from './manifest.ts';
import { decodeSnapshotFile, encodeSnapshotFile } from './snapshot-file.ts';
import { decodeTrustedHeader, encodeTrustedHeader } from './trusted-header.ts';
import { decodeVote, encodeVote } from './votes.ts';

const { ext, compactProofs, blocks, events, trustedHeaders, checkpoint, votes, snapshots } = molochVectors;

const manifestBytes = (() => {
  const message = decodeFrame(fromHex(ext.manifest), { extended: true });
  if (message.kind !== 'Manifest') throw new Error(message.kind);
  return encodeManifest(message);
})();

const receiptBytes = encodeReceipt({
  chainId: 'moloch-devnet',
  genesisHash: blocks[0]!.hash,
  checkpoint: decodeCheckpoint(fromHex(checkpoint.bytes)),
  trusted: [decodeTrustedHeader(fromHex(trustedHeaders[5]!.bytes))],
  header: decodeHeader(fromHex(blocks[compactProofs[0]!.height]!.headerBytes)),
  proof: decodeCompactProof(fromHex(compactProofs[0]!.withMmr)),
  event: fromHex(compactProofs[0]!.eventBytes),
});

/** Every decoder that is not a frame's, with good inputs, and its encoder. */
const decoders: readonly (readonly [string, readonly Uint8Array[], (bytes: Uint8Array) => Uint8Array])[] = [
  ['event', events.slice(0, 37).map(({ bytes }) => fromHex(bytes)), (bytes) => encodeEvent(decodeEvent(bytes))],
  ['header', blocks.slice(0, 4).map(({ headerBytes }) => fromHex(headerBytes)), (bytes) => encodeHeader(decodeHeader(bytes))],
  ['block', blocks.slice(1, 6).map(({ blockBytes }) => fromHex(blockBytes)), (bytes) => encodeBlock(decodeBlock(bytes))],
  ['trusted header', trustedHeaders.slice(0, 2).map(({ bytes }) => fromHex(bytes)), (bytes) => encodeTrustedHeader(decodeTrustedHeader(bytes))],
  ['checkpoint', [fromHex(checkpoint.bytes)], (bytes) => encodeCheckpoint(decodeCheckpoint(bytes))],
  ['trusted checkpoint', [fromHex(checkpoint.trusted)], (bytes) => encodeTrustedCheckpoint(decodeTrustedCheckpoint(bytes))],
  ['compact proof', compactProofs.map(({ withMmr }) => fromHex(withMmr)), (bytes) => encodeCompactProof(decodeCompactProof(bytes))],
  ['vote', votes.map(({ bytes }) => fromHex(bytes)), (bytes) => encodeVote(decodeVote(bytes))],
  ['manifest', [manifestBytes], (bytes) => encodeManifest(decodeManifest(bytes))],
  ['snapshot file', snapshots.map(({ file }) => fromHex(file)), (bytes) => encodeSnapshotFile(decodeSnapshotFile(bytes))],
  ['event index', [encodeEventIndex([{ id: '11'.repeat(32), height: 1, index: 0 }, { id: '22'.repeat(32), height: 2, index: 3 }])], (bytes) => encodeEventIndex(decodeEventIndex(bytes))],
  ['receipt', [receiptBytes], (bytes) => encodeReceipt(decodeReceipt(bytes))],
];

/** The bytes again, or undefined where they are refused with a code. Anything else is thrown. */
function again(read: (bytes: Uint8Array) => Uint8Array, bytes: Uint8Array): Uint8Array | undefined {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof MolochCodecError) return undefined;
    throw error;
  }
}

describe.each(decoders)('%s', (name, samples, read) => {
  it('is read and written byte for byte, cut anywhere it is refused, and so is a byte more', () => {
    for (const sample of samples) {
      expect(read(sample)).toEqual(sample);
      const readable = Array.from(sample.keys()).filter((length) => again(read, sample.slice(0, length)) !== undefined);
      // An index may end after any entry.
      expect(readable).toEqual(name === 'event index' ? [0, 44] : []);
      expect(again(read, concatBytes(sample, Uint8Array.of(0)))).toBeUndefined();
    }
  });

  it(
    'damaged or random, it throws nothing but coded errors, and what is read has one form',
    () => {
      const damaged = fc.tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })).map(([sample, changes]) => {
        const copy = sample.slice();
        for (const [at, byte] of changes) copy[at % copy.length] = byte;
        return copy;
      });
      fc.assert(
        fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })), (bytes) => {
          expect(equalBytes(again(read, bytes) ?? bytes, bytes)).toBe(true);
        }),
        runs(800, 20_000),
      );
    },
    longTimeout,
  );

  it(
    'a million times cut, changed or random, too: property tests take too long for that',
    () => {
      const oneForm = (bytes: Uint8Array) => {
        if (!equalBytes(read(bytes), bytes)) throw new Error('another form');
      };
      const { numRuns } = runs(400, 1_000_000);
      const codes = new Set(samples.flatMap((sample) => [...fuzzedWith(oneForm, sample, Math.ceil(numRuns / samples.length))]));
      expect(codes.size).toBeGreaterThan(1);
    },
    longTimeout,
  );
});

describe('events of any content', () => {
  const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''));
  const signature = fc.uint8Array({ minLength: 64, maxLength: 64 });
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  const time = fc.integer({ min: -8_334_601_228_800_000, max: 8_210_266_876_799_999 });
  const type: fc.Arbitrary<EventType> = fc.oneof(
    fc.constantFrom<EventType>({ kind: 'RepoCreated' }, { kind: 'BackupCreated' }),
    fc.record({ kind: fc.constant('Push' as const), force: fc.boolean(), commits: fc.nat(0xffff_ffff) }),
    fc.record({ kind: fc.constant('AgentAction' as const), action: text, reasoning: fc.option(text, { nil: undefined }) }),
    fc.record({ kind: fc.constant('AgentAuthorized' as const), scope: fc.array(text, { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('Custom' as const), name: text }),
  );
  const resource: fc.Arbitrary<Resource> = fc
    .array(fc.record({ kind: fc.constantFrom('Repository' as const, 'File' as const, 'Other' as const), id: text }), { minLength: 1, maxLength: 32 })
    .map(([first, ...parents]) => ({ ...first!, parent: parents.reduceRight<Resource | undefined>((parent, it) => ({ ...it, parent }), undefined) }));
  const event: fc.Arbitrary<MolochEvent> = fc.record({
    time,
    type,
    actor: fc.record({ key: hex, name: fc.option(text, { nil: undefined }), kind: fc.constantFrom('User' as const, 'Integration' as const) }),
    resource,
    outcome: fc.oneof(fc.constantFrom({ kind: 'Success' as const }, { kind: 'Pending' as const }), fc.record({ kind: fc.constantFrom('Failure' as const, 'Denied' as const), reason: text })),
    metadata: fc.uint8Array({ maxLength: 400 }),
    attestation: fc.record({ attester: hex, signature, chain: fc.array(fc.record({ attester: hex, signature, time }), { maxLength: 3 }) }),
  });

  it('are read as they were written', () => {
    fc.assert(
      fc.property(event, (value) => {
        expect(decodeEvent(encodeEvent(value))).toEqual(value);
      }),
      runs(200, 100_000),
    );
  });
});
