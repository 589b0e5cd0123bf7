import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import {
  contactSigningBytes, contactSize, decodeDiscoveryMessage, discoveryMessage, encodeFrame, fittingContacts, FRAME_HEADER_SIZE, frameBodySize, MAX_FRAME_BODY_SIZE, signingTags, taggedMessage,
} from './discovery.ts';
import type { DiscoveryMessage, SignedPeerContact } from './discovery.ts';
import { encode } from '../../../base/postcard/codec.ts';

const unit = '4f8f18fcfe98ccacee0745b6aa69365cd28c836f962d577de57f04aa17fe54a1';
const observed = '047f0000010620fbdd03';
// The middle of the captured signatures was not recorded; zeros replace it.
const padded = (start: string, end: string): string => start + '0'.repeat(128 - start.length - end.length) + end;

/** Decodes a whole frame and expects the same bytes from the encoder. */
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
    const more = concatBytes(Uint8Array.of(2, 65), one, one);
    expect(() => decodeDiscoveryMessage(more, { strict: true })).toThrow(expect.objectContaining({ code: 'length-over-limit', offset: 1 }));
    expect(decodeDiscoveryMessage(more)).toEqual({ type: 'peer-addresses', peerContacts: Array.from({ length: 64 }, () => signed) });
  });

  it('64 contacts of 15 long addresses fit into a frame', () => {
    const contact = { ...signed.contact, addresses: Array.from({ length: 15 }, () => new Uint8Array(200)) };
    const frame = encodeFrame({ type: 'peer-addresses', peerContacts: Array.from({ length: 64 }, () => ({ ...signed, contact })) });
    expect(frameBodySize(frame)).toBe(frame.length - FRAME_HEADER_SIZE);
  });

  it('of a frame', () => {
    expect(() => frameBodySize(fromHex('420420430000000000000000'))).toThrow(expect.objectContaining({ name: 'DecodeError', code: 'bad-magic' }));
    expect(frameBodySize(fromHex('42042042ffffffff00000000'))).toBe(0xffff_ffff);
    expect(() => frameBodySize(fromHex('4204204200000001000000'))).toThrow(expect.objectContaining({ code: 'unexpected-end' }));
    expect(() => frameBodySize(fromHex('42'))).toThrow(expect.objectContaining({ code: 'unexpected-end' }));
    // The checksum is not checked.
    expect(frameBodySize(fromHex('4204204200000001deadbeef'))).toBe(1);
  });
});

describe('issue 11.6: contacts of strangers', () => {
  const contact = { addresses: [fromHex(observed)], publicKey: new Uint8Array(32), services: 9, validatorInfo: undefined, timestamp: 1 };
  const good: SignedPeerContact = { contact, signature: new Uint8Array(64) };
  const number = (value: number): Uint8Array => (value < 128 ? Uint8Array.of(value) : concatBytes(Uint8Array.of((value % 128) + 128), number(Math.floor(value / 128))));
  const sized = (length: number) => concatBytes(number(length), new Uint8Array(length));
  interface Sizes { readonly addresses?: readonly number[]; readonly services?: Uint8Array; readonly validator?: number; readonly timestamp?: Uint8Array; readonly signature?: number }
  /** A contact as a node without limits encodes it. */
  const foreign = ({ addresses = [10], services = number(9), validator, timestamp = number(1), signature = 64 }: Sizes) =>
    concatBytes(number(addresses.length), ...addresses.map(sized), new Uint8Array(32), services, validator === undefined ? Uint8Array.of(0) : concatBytes(Uint8Array.of(1), new Uint8Array(20), sized(validator)), timestamp, sized(signature));
  const list = (...contacts: readonly Uint8Array[]) => concatBytes(number(contacts.length), ...contacts);
  const own = encode(discoveryMessage, { type: 'peer-addresses', peerContacts: [good] }).subarray(2);
  const huge = concatBytes(new Uint8Array(9).fill(0xff), Uint8Array.of(1));

  it.each<[string, Sizes]>([
    ['a long address', { addresses: [10, 600, 10] }],
    ['a very long one', { addresses: [200_000] }],
    ['many addresses', { addresses: Array.from({ length: 400 }, () => 3) }],
    ['services of more than 32 bits', { services: huge }],
    ['a validator with a long signature', { validator: 96 }],
    ['a time beyond all numbers', { timestamp: huge }],
    ['a long signature', { signature: 3000 }],
  ])("one with %s is left out of a node's list, and the rest is used", (_, sizes) => {
    const listed = list(own, foreign(sizes), own);
    expect(decodeDiscoveryMessage(concatBytes(Uint8Array.of(2), listed))).toEqual({ type: 'peer-addresses', peerContacts: [good, good] });
    const ack: DiscoveryMessage = { type: 'handshake-ack', peerContact: good, responseSignature: new Uint8Array(64), updateInterval: 60, peerContacts: [] };
    expect(decodeDiscoveryMessage(concatBytes(encode(discoveryMessage, ack).slice(0, -1), listed))).toEqual({ ...ack, peerContacts: [good, good] });
    expect(() => decodeDiscoveryMessage(concatBytes(Uint8Array.of(2), listed), { strict: true })).toThrow(expect.objectContaining({ name: 'DecodeError' }));
    // The sender's own contact must be valid.
    expect(() => decodeDiscoveryMessage(concatBytes(Uint8Array.of(1), foreign(sizes), encode(discoveryMessage, ack).slice(1 + own.length)))).toThrow(expect.objectContaining({ name: 'DecodeError' }));
  });

  it('a message that does not end where its lengths say is refused, unless it is known to be truncated', () => {
    const whole = concatBytes(Uint8Array.of(2), list(own, foreign({ addresses: [600] }), own));
    for (let length = 1; length < whole.length; length++) {
      expect(() => decodeDiscoveryMessage(whole.subarray(0, length))).toThrow(expect.objectContaining({ code: 'unexpected-end' }));
      expect(decodeDiscoveryMessage(whole.subarray(0, length), { cut: true })).toEqual({ type: 'peer-addresses', peerContacts: length < 2 + own.length ? [] : [good] });
    }
    expect(() => decodeDiscoveryMessage(concatBytes(Uint8Array.of(2), list(concatBytes(own.slice(0, -67), Uint8Array.of(7), own.slice(-66)))), { cut: true })).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    expect(() => decodeDiscoveryMessage(Uint8Array.of(1), { cut: true })).toThrow(expect.objectContaining({ code: 'unexpected-end' }));
  });

  it("do not make the client's messages too large or impossible to encode", () => {
    const fat = { ...good, contact: { ...contact, addresses: Array.from({ length: 15 }, () => new Uint8Array(510)) } };
    const bad = { ...good, contact: { ...contact, services: -1 } };
    expect(contactSize(good)).toBe(own.length);
    expect(contactSize(bad)).toBeUndefined();
    expect(() => encodeFrame({ type: 'peer-addresses', peerContacts: Array.from({ length: 64 }, () => fat) })).toThrow(expect.objectContaining({ code: 'over-limit' }));
    const peerContacts = fittingContacts([bad, ...Array.from({ length: 64 }, () => fat), good, bad]);
    expect(peerContacts).toEqual([...Array.from({ length: 31 }, () => fat), good]);
    // The sender's own contact has the largest allowed size.
    const frame = encodeFrame({ type: 'handshake-ack', peerContact: fat, responseSignature: new Uint8Array(64), updateInterval: 60, peerContacts });
    expect(frameBodySize(frame)).toBeLessThan(MAX_FRAME_BODY_SIZE);
    expect(fittingContacts(Array.from({ length: 70 }, () => good))).toHaveLength(64);
  });
});

it('tagged messages', () => {
  expect(toHex(taggedMessage(signingTags.challenge, fromHex('aabb')))).toBe('01aabb');
});
