/**
 * The toy chain: a counter that an authority increases by one in each block, and signs. Every tenth block is final, with all before it.
 * Layout of a block, big-endian: value (4 bytes), unix milliseconds (8), id of the parent (32), Ed25519 signature over all of that (64).
 * @module
 */

import { concatBytes, equalBytes, fromHex, toHex } from '../../src/base/bytes.ts';
import { verifyEd25519 } from '../../src/crypto/ed25519.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { CodedError } from '../../src/base/coded-error.ts';

const SIGNED_LENGTH = 44;
export const BLOCK_LENGTH = 108;
export const FINAL_EVERY = 10;

export interface ToyBlock {
  readonly value: number;
  readonly time: number;
  readonly parent: string;
  readonly id: string;
  readonly bytes: Uint8Array;
}

export interface ToyNetwork {
  readonly chain: 'toy';
  readonly name: string;
  /** Ed25519, 64 hex digits. */
  readonly authority: string;
  /** The id of block 0, which has no signature: SHA-256 of its time and the authority. */
  readonly genesisHash: string;
  readonly genesisTime: number;
  readonly seeds: readonly string[];
}

export class ToyError extends CodedError {
  override readonly name = 'ToyError';
  constructor(code: string, data?: Readonly<Record<string, string>>) {
    super(code, code, data);
  }
}

function timeBytes(value: number, time: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, value);
  view.setBigUint64(4, BigInt(time));
  return bytes;
}

export function genesisId(time: number, authority: string): string {
  return toHex(sha256(concatBytes(timeBytes(0, time), fromHex(authority))));
}

/** The bytes of a block that the authority signs. */
export function signedPart(value: number, time: number, parent: string): Uint8Array {
  return concatBytes(timeBytes(value, time), fromHex(parent));
}

/** Throws `ToyError` `malformed`. */
export function decodeToyBlock(bytes: Uint8Array): ToyBlock {
  if (bytes.length !== BLOCK_LENGTH) throw new ToyError('malformed');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const time = Number(view.getBigUint64(4));
  if (!Number.isSafeInteger(time)) throw new ToyError('malformed');
  return { value: view.getUint32(0), time, parent: toHex(bytes.subarray(12, SIGNED_LENGTH)), id: toHex(sha256(bytes.subarray(0, SIGNED_LENGTH))), bytes: bytes.slice() };
}

export function genesisOf(network: ToyNetwork): ToyBlock {
  return { value: 0, time: network.genesisTime, parent: '00'.repeat(32), id: network.genesisHash, bytes: new Uint8Array(0) };
}

/** The broken rule, or undefined. */
export async function brokenRule(network: ToyNetwork, parent: ToyBlock, block: ToyBlock): Promise<'wrong-parent' | 'wrong-value' | 'invalid-signature' | undefined> {
  if (block.parent !== parent.id) return 'wrong-parent';
  if (block.value !== parent.value + 1) return 'wrong-value';
  const signature = block.bytes.subarray(SIGNED_LENGTH);
  return (await verifyEd25519(fromHex(network.authority), block.bytes.subarray(0, SIGNED_LENGTH), signature)) ? undefined : 'invalid-signature';
}

/** Throws `ToyError` `bad-field`, with the field. */
export function checkToyNetwork(data: unknown): ToyNetwork {
  const fields = (typeof data === 'object' && data !== null ? data : {}) as Readonly<Record<string, unknown>>;
  const text = (field: string, pattern: RegExp): string => {
    const value = fields[field];
    if (typeof value !== 'string' || !pattern.test(value)) throw new ToyError('bad-field', { field });
    return value;
  };
  const { genesisTime, seeds } = fields;
  if (typeof genesisTime !== 'number' || !Number.isSafeInteger(genesisTime) || genesisTime < 0) throw new ToyError('bad-field', { field: 'genesisTime' });
  if (!Array.isArray(seeds) || seeds.length > 8 || !seeds.every((seed) => typeof seed === 'string')) throw new ToyError('bad-field', { field: 'seeds' });
  const network: ToyNetwork = {
    chain: 'toy', name: text('name', /^[a-z0-9-]{1,32}$/), authority: text('authority', /^[0-9a-f]{64}$/), genesisHash: text('genesisHash', /^[0-9a-f]{64}$/), genesisTime, seeds,
  };
  if (!equalBytes(fromHex(network.genesisHash), fromHex(genesisId(genesisTime, network.authority)))) throw new ToyError('bad-field', { field: 'genesisHash' });
  return network;
}
