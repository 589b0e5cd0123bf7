import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { blockHash, eventId, validatorsHash } from '../chain/hash.ts';
import { decodeBlock, encodeBlock } from './block.ts';
import { canonicalEventBytes, decodeEvent, encodeEvent } from './event.ts';
import { decodeHeader, encodeHeader, headerSigningBytes } from './header.ts';
import { decodeTrustedHeader, encodeTrustedHeader } from './trusted-header.ts';

describe('vectors: events', () => {
  it('are read and written byte for byte, with their canonical bytes and ids', () => {
    for (const { bytes, canonical, id, attester } of molochVectors.events) {
      const event = decodeEvent(fromHex(bytes));
      expect(toHex(encodeEvent(event))).toBe(bytes);
      expect(toHex(canonicalEventBytes(event))).toBe(canonical);
      expect(eventId(event)).toBe(id);
      expect(event.attestation.attester).toBe(attester);
    }
  });

  it('have all 37 types under the names of the crates', () => {
    const snake = (kind: string) => kind.replaceAll(/(?<!^)[A-Z]/gu, (letter) => `_${letter}`).toLowerCase();
    const kinds = new Set<string>();
    for (const { bytes, json } of molochVectors.events) {
      const { kind } = decodeEvent(fromHex(bytes)).type;
      kinds.add(kind);
      expect(snake(kind)).toBe(typeof json.event_type === 'string' ? json.event_type : Object.keys(json.event_type)[0]);
    }
    expect(kinds.size).toBe(37);
  });
});

describe('vectors: blocks', () => {
  it('are read and written byte for byte, with their signing bytes and hashes', () => {
    for (const vector of molochVectors.blocks) {
      const block = decodeBlock(fromHex(vector.blockBytes));
      expect(toHex(encodeBlock(block))).toBe(vector.blockBytes);
      expect(toHex(encodeHeader(block.header))).toBe(vector.headerBytes);
      expect(decodeHeader(fromHex(vector.headerBytes))).toEqual(block.header);
      expect(toHex(headerSigningBytes(block.header))).toBe(vector.signingBytes);
      expect(blockHash(block.header)).toBe(vector.hash);
      expect(block.events.map(eventId)).toEqual(vector.events);
      expect(block.header).toMatchObject({ height: vector.height, eventsRoot: vector.eventsRoot, mmrRoot: vector.mmrRoot, sealerName: vector.sealerName ?? undefined });
    }
  });
});

describe('vectors: trustedHeaders, thresholds', () => {
  it('trusted headers are read and written byte for byte', () => {
    for (const { bytes, height } of molochVectors.trustedHeaders) {
      const trusted = decodeTrustedHeader(fromHex(bytes));
      expect(toHex(encodeTrustedHeader(trusted))).toBe(bytes);
      expect(trusted.header.height).toBe(height);
    }
  });

  it('the hash of the validators is that of their keys in order', () => {
    expect(validatorsHash(molochVectors.validators)).toBe(molochVectors.checkpoint.validatorsHash);
  });
});
