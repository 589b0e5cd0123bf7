import { concatBytes } from './bytes.ts';
import { bytes, constant, decode, encode, fixed, hash32, option, struct, u16, u32, u64, union, vec } from './postcard/codec.ts';
import { DecodeError, EncodeError } from './postcard/errors.ts';
import { Reader } from './postcard/reader.ts';
import { Writer } from './postcard/writer.ts';
import type { Hash } from './types.ts';

/** Contacts in one message; a node disconnects from a peer that sends more (Albatross network reference, 2.6). */
export const MAX_CONTACTS = 64;
/** Addresses in a valid contact. More are read, up to the decoder's bound, so that one bad contact does not spoil a whole list. */
export const MAX_CONTACT_ADDRESSES = 15;
/** Addresses a contact may have to be read at all. */
const MAX_DECODED_ADDRESSES = 64;
/** Bytes of a multiaddress: WebTransport with two certificate hashes and peer id stays below 200. */
const MAX_MULTIADDR = 512;
/** Bytes. Ed25519 signatures are 64, but carry a length here; a shorter one is read and does not verify. */
const MAX_SIGNATURE = 64;

/** A peer's own description of itself. The contact's signature is over its encoding: see `signingTags.contact`. */
export interface PeerContact {
  /** Multiaddresses in binary form. */
  readonly addresses: readonly Uint8Array[];
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Bits of `services.ts`, unknown ones kept. */
  readonly services: number;
  /** Present when the peer claims to be a validator: address of 20 bytes, signature of 64. */
  readonly validatorInfo: { readonly validatorAddress: Uint8Array; readonly signature: Uint8Array } | undefined;
  /** Unix seconds. */
  readonly timestamp: number;
}

export interface SignedPeerContact {
  readonly contact: PeerContact;
  /** Ed25519 by the contact's key, 64 bytes. */
  readonly signature: Uint8Array;
}

export interface Handshake {
  readonly type: 'handshake';
  /** The multiaddress under which the sender sees the receiver. */
  readonly observedAddress: Uint8Array;
  /** 32 bytes. */
  readonly challengeNonce: Uint8Array;
  readonly genesisHash: Hash;
  /** Contacts the sender takes per update; never 0, on which old nodes stumble. */
  readonly limit: number;
  /** Services that contacts sent to it should have. */
  readonly services: number;
}

export interface HandshakeAck {
  readonly type: 'handshake-ack';
  readonly peerContact: SignedPeerContact;
  /** Ed25519 over the receiver's nonce: see `signingTags.challenge`. */
  readonly responseSignature: Uint8Array;
  /** Seconds between updates that the sender wishes for; `undefined`: no updates. */
  readonly updateInterval: number | undefined;
  readonly peerContacts: readonly SignedPeerContact[];
}

export interface PeerAddresses {
  readonly type: 'peer-addresses';
  readonly peerContacts: readonly SignedPeerContact[];
}

export type DiscoveryMessage = Handshake | HandshakeAck | PeerAddresses;

const multiaddr = bytes(MAX_MULTIADDR);
const signature = bytes(MAX_SIGNATURE);

/** The layout of releases 1.2 and 2.1, with `validatorInfo` (Albatross network reference, 2.4). */
export const peerContact = struct<PeerContact>({
  addresses: vec(multiaddr, MAX_DECODED_ADDRESSES),
  publicKey: fixed(32),
  services: u32,
  validatorInfo: option(struct<NonNullable<PeerContact['validatorInfo']>>({ validatorAddress: fixed(20), signature })),
  timestamp: u64,
});

export const signedPeerContact = struct<SignedPeerContact>({ contact: peerContact, signature });

const peerContacts = vec(signedPeerContact, MAX_CONTACTS);

/** 0 Handshake, 1 HandshakeAck, 2 PeerAddresses. */
export const discoveryMessage = union<DiscoveryMessage>({
  handshake: struct<Handshake>({
    type: constant('handshake'), observedAddress: multiaddr, challengeNonce: fixed(32), genesisHash: hash32, limit: u16, services: u32,
  }),
  'handshake-ack': struct<HandshakeAck>({
    type: constant('handshake-ack'), peerContact: signedPeerContact, responseSignature: signature, updateInterval: option(u64), peerContacts,
  }),
  'peer-addresses': struct<PeerAddresses>({ type: constant('peer-addresses'), peerContacts }),
});

/** The byte that a signature puts before what it signs, so that one kind is never taken for another (Albatross network reference, 2.5). */
export const signingTags = {
  /** Before the 32 bytes of a challenge nonce; identity key. */
  challenge: 1,
  /** Before the encoding of a `PeerContact`; identity key. */
  contact: 2,
  /** Before a validator's record in the DHT; validator key. */
  validatorRecord: 3,
  /** Before a validator's claim of a peer id; validator key. */
  validatorClaim: 4,
} as const;

/** What is signed: the tag, then the bytes. */
export function taggedMessage(tag: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(tag), bytes);
}

/** What a contact's signature is over. Throws `EncodeError`. */
export function contactSigningBytes(contact: PeerContact): Uint8Array {
  return taggedMessage(signingTags.contact, encode(peerContact, contact));
}

/** Trailing bytes are tolerated, as the reference does. Throws `DecodeError`. */
export function decodeDiscoveryMessage(bytes: Uint8Array): DiscoveryMessage {
  return decode(discoveryMessage, bytes, { allowTrailing: true });
}

/** Bytes before the body of a frame: magic, body length, checksum (always 0, not checked), each u32 big-endian. */
export const FRAME_HEADER_SIZE = 12;
/** Bytes of a frame's body. 64 contacts of 15 addresses stay well below; the reference has no bound. */
export const MAX_FRAME_BODY_SIZE = 262_144;
const FRAME_MAGIC = 0x4204_2042;

/** A whole frame: header and encoded message. Throws `EncodeError`. */
export function encodeFrame(message: DiscoveryMessage): Uint8Array {
  const body = encode(discoveryMessage, message);
  if (body.length > MAX_FRAME_BODY_SIZE) throw new EncodeError('over-limit', `frame body of ${body.length} bytes`);
  const w = new Writer();
  w.bigEndian(FRAME_MAGIC, 4, 0xffff_ffff);
  w.bigEndian(body.length, 4, 0xffff_ffff);
  w.bigEndian(0, 4, 0xffff_ffff);
  w.raw(body);
  return w.finish();
}

/**
 * The length of the body that follows these first `FRAME_HEADER_SIZE` bytes of a frame. Throws `DecodeError`: `bad-magic`,
 * `length-over-limit`, or `unexpected-end` when bytes are missing.
 */
export function frameBodySize(header: Uint8Array): number {
  const r = new Reader(header);
  if (r.bigEndian(4) !== FRAME_MAGIC) throw new DecodeError('bad-magic', 0, 'not a discovery frame');
  const size = r.bigEndian(4);
  if (size > MAX_FRAME_BODY_SIZE) throw new DecodeError('length-over-limit', 4, `frame body of ${size} bytes`);
  r.bigEndian(4);
  return size;
}
