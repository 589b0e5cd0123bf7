import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from './bytes.ts';
import {
  contactSigningBytes, decodeDiscoveryMessage, encodeFrame, FRAME_HEADER_SIZE, frameBodySize, MAX_FRAME_BODY_SIZE, signingTags, taggedMessage,
} from './discovery.ts';
import type { DiscoveryMessage } from './discovery.ts';

const unit = '4f8f18fcfe98ccacee0745b6aa69365cd28c836f962d577de57f04aa17fe54a1';
const observed = '047f0000010620fbdd03';
// The middle of the captured signatures was not kept: zeros stand for it.
const padded = (start: string, end: string): string => start + '0'.repeat(128 - start.length - end.length) + end;

/** Takes a whole frame apart and expects the same bytes back. */
function message(frame: string): DiscoveryMessage {
  const bytes = fromHex(frame);
  expect(frameBodySize(bytes.subarray(0, FRAME_HEADER_SIZE))).toBe(bytes.length - FRAME_HEADER_SIZE);
  const value = decodeDiscoveryMessage(bytes.subarray(FRAME_HEADER_SIZE));
  expect(toHex(encodeFrame(value))).toBe(frame);
  return value;
}

describe('captured frames', () => {
  it.each([
    '7b6c48d486c1ec86a5d7907a7a4d399e2dc1757f65e0a00cc47e1a9dabcac746',
    'a0ef7c6ceb085df930f505efad85849a01d28b855e4b8722ee95e77cb0710d8d',
  ])('handshake with nonce %s', (nonce) => {
    expect(message(`42042042${'0000004e'}00000000000a${observed}${nonce}${unit}4008`)).toEqual({
      type: 'handshake', observedAddress: fromHex(observed), challengeNonce: fromHex(nonce), genesisHash: unit, limit: 64, services: 8,
    });
  });

  it.each([
    [
      'aa026a8660601cc645a1bd0cf0690b36c3f30cc41d7e15ed361d13e876e3ab08',
      'e1b683d806',
      1_795_218_273,
      padded('5c6f03f4', '10350c'),
      padded('9df42668', '5d0a0f'),
    ],
    [
      '232d29784de37a9a93aea341b054c21d88a4c1cc3bcd1d172bdf6831ff9fab91',
      'bebd83d806',
      1_795_219_134,
      padded('d0cc3726', '27c80c'),
      padded('3f56c81b', '355001'),
    ],
  ])('handshake ack of %s', (publicKey, time, timestamp, signature, response) => {
    const ack = message(`42042042000000ae000000000100${publicKey}0000${time}40${signature}40${response}013c00`);
    const contact = { addresses: [], publicKey: fromHex(publicKey), services: 0, validatorInfo: undefined, timestamp };
    expect(ack).toEqual({
      type: 'handshake-ack',
      peerContact: { contact, signature: fromHex(signature) },
      responseSignature: fromHex(response),
      updateInterval: 60,
      peerContacts: [],
    });
    expect(toHex(contactSigningBytes(contact))).toBe(`0200${publicKey}0000${time}`);
  });

  it('an ack with one address takes 11 bytes more', () => {
    const contact = { addresses: [fromHex(observed)], publicKey: new Uint8Array(32), services: 9, validatorInfo: undefined, timestamp: 1_795_218_273 };
    const signed = { contact, signature: new Uint8Array(64) };
    const frame = encodeFrame({ type: 'handshake-ack', peerContact: signed, responseSignature: new Uint8Array(64), updateInterval: 60, peerContacts: [] });
    expect(frameBodySize(frame)).toBe(185);
    expect(toHex(frame.subarray(FRAME_HEADER_SIZE, FRAME_HEADER_SIZE + 13))).toBe(`01010a${observed}`);
  });
});

describe('bounds', () => {
  const signed = {
    contact: { addresses: [], publicKey: new Uint8Array(32), services: 0, validatorInfo: undefined, timestamp: 0 }, signature: new Uint8Array(64),
  };

  it('64 contacts in a message', () => {
    const full = encodeFrame({ type: 'peer-addresses', peerContacts: Array.from({ length: 64 }, () => signed) });
    expect(frameBodySize(full)).toBeLessThan(MAX_FRAME_BODY_SIZE);
    expect(
      () => encodeFrame({ type: 'peer-addresses', peerContacts: Array.from({ length: 65 }, () => signed) }),
    ).toThrow(expect.objectContaining({ code: 'over-limit' }));
    const one = full.slice(FRAME_HEADER_SIZE + 2);
    expect(
      () => decodeDiscoveryMessage(concatBytes(Uint8Array.of(2, 65), one, one)),
    ).toThrow(expect.objectContaining({ code: 'length-over-limit', offset: 1 }));
  });

  it('64 contacts of 15 long addresses fit into a frame', () => {
    const contact = { ...signed.contact, addresses: Array.from({ length: 15 }, () => new Uint8Array(200)) };
    const frame = encodeFrame({ type: 'peer-addresses', peerContacts: Array.from({ length: 64 }, () => ({ ...signed, contact })) });
    expect(frameBodySize(frame)).toBe(frame.length - FRAME_HEADER_SIZE);
  });

  it('of a frame', () => {
    expect(() => frameBodySize(fromHex('420420430000000000000000'))).toThrow(expect.objectContaining({ name: 'DecodeError', code: 'bad-magic' }));
    expect(() => frameBodySize(fromHex('420420420004000100000000'))).toThrow(expect.objectContaining({ code: 'length-over-limit', offset: 4 }));
    expect(() => frameBodySize(fromHex('4204204200000001000000'))).toThrow(expect.objectContaining({ code: 'unexpected-end' }));
    expect(() => frameBodySize(fromHex('42'))).toThrow(expect.objectContaining({ code: 'unexpected-end' }));
    // The checksum is not looked at.
    expect(frameBodySize(fromHex('4204204200000001deadbeef'))).toBe(1);
  });
});

it('tagged messages', () => {
  expect(toHex(taggedMessage(signingTags.challenge, fromHex('aabb')))).toBe('01aabb');
});
