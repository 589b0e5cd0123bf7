import { concatBytes } from '../../../base/bytes.ts';
import { bytes, constant, decode, encode, fixed, hash32, option, struct, u16, u32, u64, union, vec } from '../../../base/postcard/codec.ts';
import { DecodeError, EncodeError } from '../../../base/postcard/errors.ts';
import { Reader } from '../../../base/postcard/reader.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { Writer } from '../../../base/postcard/writer.ts';
import type { Hash } from '../../../base/hash.ts';

/**
 * Contacts in one message; an official node disconnects from a peer that sends more (Albatross network reference, 2.6). We do not read
 * those beyond this number.
 */
export const MAX_CONTACTS = 64;
/** Addresses in a valid contact. More are decoded, up to the decoder's bound, so that one bad contact does not spoil a whole list. */
export const MAX_CONTACT_ADDRESSES = 15;
/** Addresses that a contact may have at most to be decoded. */
const MAX_DECODED_ADDRESSES = 64;
/** Bytes of a multiaddress: WebTransport with two certificate hashes and peer id stays below 200. */
export const MAX_MULTIADDR = 512;
/** Bytes. Ed25519 signatures are 64, but carry a length here; a shorter one is decoded but does not verify. */
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
  /** Maximum number of contacts that the sender accepts per update; never 0, which old nodes cannot handle. */
  readonly limit: number;
  /** Services that contacts sent to this peer should have. */
  readonly services: number;
}

export interface HandshakeAck {
  readonly type: 'handshake-ack';
  readonly peerContact: SignedPeerContact;
  /** Ed25519 over the receiver's nonce: see `signingTags.challenge`. */
  readonly responseSignature: Uint8Array;
  /** Seconds between updates that the sender asks for; `undefined`: no updates. */
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

/** Bytes. */
const PUBLIC_KEY_LENGTH = 32;
const VALIDATOR_ADDRESS_LENGTH = 20;

/** The layout of releases 1.2 and 2.1, with `validatorInfo` (Albatross network reference, 2.4). */
export const peerContact = struct<PeerContact>({
  addresses: vec(multiaddr, MAX_DECODED_ADDRESSES),
  publicKey: fixed(PUBLIC_KEY_LENGTH),
  services: u32,
  validatorInfo: option(struct<NonNullable<PeerContact['validatorInfo']>>({ validatorAddress: fixed(VALIDATOR_ADDRESS_LENGTH), signature })),
  timestamp: u64,
});

export const signedPeerContact = struct<SignedPeerContact>({ contact: peerContact, signature });

const peerContacts = vec(signedPeerContact, MAX_CONTACTS);

/** 0 Handshake, 1 HandshakeAck, 2 PeerAddresses. */
function messageOf(contacts: Codec<readonly SignedPeerContact[]>): Codec<DiscoveryMessage> {
  return union<DiscoveryMessage>({
    handshake: struct<Handshake>({
      type: constant('handshake'), observedAddress: multiaddr, challengeNonce: fixed(32), genesisHash: hash32, limit: u16, services: u32,
    }),
    'handshake-ack': struct<HandshakeAck>({
      type: constant('handshake-ack'), peerContact: signedPeerContact, responseSignature: signature, updateInterval: option(u64), peerContacts: contacts,
    }),
    'peer-addresses': struct<PeerAddresses>({ type: constant('peer-addresses'), peerContacts: contacts }),
  });
}

/** With all bounds, for messages that we send. */
export const discoveryMessage = messageOf(peerContacts);

/** Skips a byte string, using the length in front of it. */
function skipBytes(r: Reader): void {
  r.discard(r.varint(Number.MAX_SAFE_INTEGER));
}

/** Skips a signed contact of any size: its layout is known, and every variable part has its length in front. */
function skipContact(r: Reader): void {
  for (let left = r.varint(Number.MAX_SAFE_INTEGER); left > 0; left -= 1) skipBytes(r);
  r.discard(PUBLIC_KEY_LENGTH);
  r.varintBig();
  if (r.flag('invalid-option')) {
    r.discard(VALIDATOR_ADDRESS_LENGTH);
    skipBytes(r);
  }
  r.varintBig();
  skipBytes(r);
}

/** Reads the next contact, or returns undefined if it exceeds our bounds; the reader is then behind it. Throws `DecodeError` if the contact is incomplete. */
function readContact(r: Reader): SignedPeerContact | undefined {
  const start = r.offset;
  try {
    return signedPeerContact.read(r);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    r.offset = start;
    skipContact(r);
    return undefined;
  }
}

/**
 * A list of contacts as an honest node forwards it: strangers made the contacts, and the node does not bound their content (Albatross
 * network reference, 2.2). Contacts that exceed our bounds are left out, and so are all after the first 64.
 * @param cut The message ends before the list does: the contacts that are there are used.
 */
function strangersContacts(cut: boolean): Codec<readonly SignedPeerContact[]> {
  return {
    read: (r) => {
      const contacts: SignedPeerContact[] = [];
      try {
        for (let left = Math.min(r.varint(Number.MAX_SAFE_INTEGER), MAX_CONTACTS); left > 0; left -= 1) {
          const contact = readContact(r);
          if (contact) contacts.push(contact);
        }
      } catch (error) {
        if (!cut || !(error instanceof DecodeError) || error.code !== 'unexpected-end') throw error;
      }
      return contacts;
    },
    write: (w, contacts) => peerContacts.write(w, contacts),
    minSize: 1,
  };
}

const wholeMessage = messageOf(strangersContacts(false));
const cutMessage = messageOf(strangersContacts(true));

/** The byte that is put before signed data, so that a signature of one kind is never taken for another (Albatross network reference, 2.5). */
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

/** The signed data: the tag, then the bytes. */
export function taggedMessage(tag: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(tag), bytes);
}

/** The data that a contact's signature covers. Throws `EncodeError`. */
export function contactSigningBytes(contact: PeerContact): Uint8Array {
  return taggedMessage(signingTags.contact, encode(peerContact, contact));
}

/**
 * Trailing bytes are tolerated, as in the reference. The message is refused if the sender's own data exceeds our bounds. Contacts of other
 * peers that exceed them are left out. Throws `DecodeError`.
 * @param options.cut `bytes` are only the beginning of the message: incomplete contacts are left out too.
 * @param options.strict Refuse the message if contacts of other peers exceed our bounds.
 */
export function decodeDiscoveryMessage(bytes: Uint8Array, { cut = false, strict = false }: { readonly cut?: boolean; readonly strict?: boolean } = {}): DiscoveryMessage {
  return decode(strict ? discoveryMessage : cut ? cutMessage : wholeMessage, bytes, { allowTrailing: true });
}

/** Size of a signed contact's encoding in bytes; undefined if it cannot be encoded. */
export function contactSize(signed: SignedPeerContact): number | undefined {
  try {
    return encode(signedPeerContact, signed).length;
  } catch (error) {
    if (error instanceof EncodeError) return undefined;
    throw error;
  }
}

/** The contacts that fit into one message of ours, tried in order; those that cannot be encoded or do not fit are left out. */
export function fittingContacts(contacts: readonly SignedPeerContact[]): readonly SignedPeerContact[] {
  let room = CONTACTS_ROOM;
  const fitting: SignedPeerContact[] = [];
  for (const contact of contacts) {
    const size = contactSize(contact);
    if (size === undefined || size > room || fitting.length === MAX_CONTACTS) continue;
    room -= size;
    fitting.push(contact);
  }
  return fitting;
}

/** Bytes before the body of a frame: magic, body length, checksum (always 0, not checked), each u32 big-endian. */
export const FRAME_HEADER_SIZE = 12;
/**
 * Bytes of a frame's body that we send at most, and that we keep of a received one; the reference has no bound. 64 contacts of 15 usual
 * addresses stay well below.
 */
export const MAX_FRAME_BODY_SIZE = 262_144;
/** Bytes for the contacts in a message of ours. The rest is for the sender's own data: a contact of 15 addresses of 512 bytes takes 7.9 kB. */
const CONTACTS_ROOM = MAX_FRAME_BODY_SIZE - 16_384;
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
 * The length of the body that follows these first `FRAME_HEADER_SIZE` bytes of a frame, a u32. Throws `DecodeError`: `bad-magic`, or
 * `unexpected-end` when bytes are missing.
 */
export function frameBodySize(header: Uint8Array): number {
  const r = new Reader(header);
  if (r.bigEndian(4) !== FRAME_MAGIC) throw new DecodeError('bad-magic', 0, 'not a discovery frame');
  const size = r.bigEndian(4);
  r.bigEndian(4);
  return size;
}
