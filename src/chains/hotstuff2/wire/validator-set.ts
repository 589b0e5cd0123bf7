/**
 * A validator set: "HS2V" 01, scheme(1), count(2), then key length(2) and key each; the order is the index (HotStuff-2 reference, 3). Its hash is the
 * SHA-256 of these bytes.
 * @module
 */
import { toHex } from '../../../base/bytes.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { WireError } from './wire-error.ts';

/** Validators at most (HotStuff-2 reference, 3). */
export const MAX_VALIDATORS = 1024;
const MAGIC = 'HS2V';
const VERSION = 1;
/** Scheme byte and key length in bytes. */
const SCHEMES = { ed25519: { code: 1, keyLength: 32 }, bls: { code: 2, keyLength: 96 } } as const;

export type Scheme = keyof typeof SCHEMES;

export interface ValidatorSet {
  readonly scheme: Scheme;
  /** 32 bytes each for Ed25519, 96 for BLS (compressed G2). No two are equal. */
  readonly keys: readonly Uint8Array[];
}

export function encodeValidatorSet({ scheme, keys }: ValidatorSet): Uint8Array {
  const { code, keyLength } = SCHEMES[scheme];
  requireKeys(keys);
  const writer = new ByteWriter().ascii(MAGIC).u8(VERSION).u8(code).u16(keys.length);
  for (const key of keys) {
    if (key.length !== keyLength) throw new WireError('length', `key of ${key.length} bytes`);
    writer.u16(keyLength).bytes(key);
  }
  return writer.done();
}

export function decodeValidatorSet(bytes: Uint8Array): ValidatorSet {
  const reader = new ByteReader(bytes);
  reader.magic(MAGIC);
  const version = reader.u8('version');
  if (version !== VERSION) throw new WireError('version', `validator set version ${version}`);
  const code = reader.u8('scheme');
  const scheme = (['ed25519', 'bls'] as const).find((name) => SCHEMES[name].code === code);
  if (!scheme) throw new WireError('scheme', `scheme ${code}`);
  const count = reader.u16('validator count');
  if (count < 1 || count > MAX_VALIDATORS) throw new WireError('length', `${count} validators`);
  const keys: Uint8Array[] = [];
  for (let i = 0; i < count; i += 1) {
    const length = reader.u16('key length');
    if (length !== SCHEMES[scheme].keyLength) throw new WireError('length', `key of ${length} bytes`);
    keys.push(reader.bytes(length, 'key'));
  }
  reader.end('the validator set');
  requireKeys(keys);
  return { scheme, keys };
}

function requireKeys(keys: readonly Uint8Array[]): void {
  if (keys.length < 1 || keys.length > MAX_VALIDATORS) throw new WireError('length', `${keys.length} validators`);
  if (new Set(keys.map(toHex)).size < keys.length) throw new WireError('duplicate-key', 'each validator has a key of its own');
}
