import { bytes, constant, decode, encode, hash32, struct, u32, union, vec } from '../../base/postcard/codec.ts';
import type { Hash } from '../../base/hash.ts';
import { parseMultiaddr } from '../addresses.ts';
import { browserAddress } from '../browser-addresses.ts';
import type { BrowserAddress } from '../browser-addresses.ts';

/** The protocol by which Petrel clients find each other and say what they serve. Other nodes of the network do not know it. */
export const PETREL_PEERS_PROTOCOL = '/petrel/peers/1';

/** Bytes of the length before a message: u32, big-endian. */
export const LENGTH_SIZE = 4;
/** Maximum addresses of the sender: one for each relay where it has a reservation, and these are few. */
export const MAX_OWN = 4;
/** Maximum addresses of others in one message; as many as a client could use in an hour. */
export const MAX_OTHERS = 32;
/** Maximum bytes of an address: relay, its id and the browser's id take about 100. */
const MAX_ADDRESS = 256;
/** Maximum bytes of a message, without its length. */
export const MAX_MESSAGE_SIZE = 1 + 32 + 5 + (MAX_OWN + MAX_OTHERS) * (MAX_ADDRESS + 2) + 4;

export interface PeersMessage {
  readonly genesisHash: Hash;
  /** Bits of `wire/services.ts`; 0: nothing is served. */
  readonly services: number;
  /** Where other browsers reach the sender. */
  readonly own: readonly BrowserAddress[];
  /** Addresses of other Petrel clients, which those announced to the sender themselves. */
  readonly others: readonly BrowserAddress[];
}

const address = bytes(MAX_ADDRESS);

interface Version1 {
  readonly type: 'version-1';
  readonly genesisHash: Hash;
  readonly services: number;
  readonly own: readonly Uint8Array[];
  readonly others: readonly Uint8Array[];
}

/** The union's index comes first and is the version. Another layout will have another index, which is not read here. */
const wire = union<Version1>({
  'version-1': struct<Version1>({ type: constant('version-1'), genesisHash: hash32, services: u32, own: vec(address, MAX_OWN), others: vec(address, MAX_OTHERS) }),
});

/** Encodes the length, then the message. Items over the bounds are left out. */
export function encodePeersMessage({ genesisHash, services, own, others }: PeersMessage): Uint8Array {
  const short = (list: readonly BrowserAddress[], max: number) => list.flatMap(({ text }) => parseMultiaddr(text)?.bytes ?? []).filter((item) => item.length <= MAX_ADDRESS).slice(0, max);
  const body = encode(wire, { type: 'version-1', genesisHash, services, own: short(own, MAX_OWN), others: short(others, MAX_OTHERS) });
  const framed = new Uint8Array(LENGTH_SIZE + body.length);
  new DataView(framed.buffer).setUint32(0, body.length);
  framed.set(body, LENGTH_SIZE);
  return framed;
}

/** Reads the length. */
export function messageSize(length: Uint8Array): number {
  return new DataView(length.buffer, length.byteOffset, LENGTH_SIZE).getUint32(0);
}

/**
 * Reads a message without its length. Addresses of unknown forms are skipped, because a later release may use others. Throws `DecodeError`.
 */
export function decodePeersMessage(body: Uint8Array): PeersMessage {
  const { genesisHash, services, own, others } = decode(wire, body);
  const known = (list: readonly Uint8Array[]): readonly BrowserAddress[] => list.flatMap((item) => {
    const parsed = parseMultiaddr(item);
    return (parsed && browserAddress(parsed)) ?? [];
  });
  return { genesisHash, services, own: known(own), others: known(others) };
}
