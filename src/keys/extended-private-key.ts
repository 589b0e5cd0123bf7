import { hmacSha512 } from '../crypto/hmac-sha512.ts';
import type { Address } from './address.ts';
import { BufferUtils } from './buffer-utils.ts';
import { KeysError } from './keys-error.ts';
import { NumberUtils } from './number-utils.ts';
import { PrivateKey } from './private-key.ts';
import { PublicKey } from './public-key.ts';
import { SerialBuffer } from './serial-buffer.ts';
import { Serializable } from './serializable.ts';
import { fromUtf8 } from './utf8.ts';

const MASTER_KEY = fromUtf8('ed25519 seed');

/** Indices from here on are hardened: SLIP-0010 has no others for Ed25519. */
const HARDENED = 0x80000000;

/**
 * A private key from which others are derived by SLIP-0010, as in the official client. Nimiq's accounts are at `m/44'/242'/0'/i'`. In
 * bytes: the private key (32) and the chain code (32).
 * @see https://github.com/satoshilabs/slips/blob/master/slip-0010.md
 */
export class ExtendedPrivateKey extends Serializable {
  static readonly CHAIN_CODE_SIZE: number = 32;

  readonly #key: PrivateKey;
  readonly #chainCode: Uint8Array;

  /** `chainCode`: 32 bytes. */
  constructor(key: PrivateKey, chainCode: Uint8Array) {
    super();
    if (!(key instanceof PrivateKey)) throw new KeysError('wrong-type', 'ExtendedPrivateKey: Invalid key');
    if (!(chainCode instanceof Uint8Array)) throw new KeysError('wrong-type', 'ExtendedPrivateKey: Invalid chainCode');
    if (chainCode.length !== ExtendedPrivateKey.CHAIN_CODE_SIZE) throw new KeysError('wrong-length', 'ExtendedPrivateKey: Invalid chainCode length');
    this.#key = key;
    this.#chainCode = new Uint8Array(chainCode);
  }

  /** The key at `m`. `seed`: the 64 bytes of a mnemonic. */
  static generateMasterKey(seed: Uint8Array): ExtendedPrivateKey {
    return fromDigest(hmacSha512(MASTER_KEY, seed));
  }

  /** The child at a hardened index. An index below 2^31 is hardened first. */
  derive(index: number): ExtendedPrivateKey {
    if (!NumberUtils.isUint32(index)) throw new KeysError('out-of-range', `index of a child key: expected an unsigned 32-bit integer, got ${index}`);
    const data = new SerialBuffer(1 + PrivateKey.SIZE + 4);
    data.writeUint8(0);
    data.write(this.#key.serialize());
    data.writeUint32(index < HARDENED ? index + HARDENED : index);
    const child = fromDigest(hmacSha512(this.#chainCode, data));
    data.fill(0);
    return child;
  }

  /** `m`, or `m/…'` with indices below 2^32, all with the mark of hardened ones. An index of 2^31 or more names the same child as without its highest bit. */
  static isValidPath(path: string): boolean {
    return /^m(?:\/\d+')*$/u.test(path) && indicesIn(path).every((index) => NumberUtils.isUint32(index));
  }

  derivePath(path: string): ExtendedPrivateKey {
    if (!ExtendedPrivateKey.isValidPath(path)) throw new KeysError('unknown-format', 'Invalid path');
    return indicesIn(path).reduce((key: ExtendedPrivateKey, index) => key.derive(index), this);
  }

  static derivePathFromSeed(path: string, seed: Uint8Array): ExtendedPrivateKey {
    return ExtendedPrivateKey.generateMasterKey(seed).derivePath(path);
  }

  /** From the buffer's reading position on. The official method takes the private key for the chain code too. */
  static deserialize(buffer: SerialBuffer): ExtendedPrivateKey {
    const key = new PrivateKey(buffer.read(PrivateKey.SIZE));
    return new ExtendedPrivateKey(key, buffer.read(ExtendedPrivateKey.CHAIN_CODE_SIZE));
  }

  /** 128 digits. */
  static fromHex(hex: string): ExtendedPrivateKey {
    return ExtendedPrivateKey.deserialize(BufferUtils.fromHex(hex, PrivateKey.SIZE + ExtendedPrivateKey.CHAIN_CODE_SIZE));
  }

  serialize(buffer: SerialBuffer = new SerialBuffer(this.serializedSize)): SerialBuffer {
    buffer.write(this.#key.serialize());
    buffer.write(this.#chainCode);
    return buffer;
  }

  get serializedSize(): number {
    return PrivateKey.SIZE + ExtendedPrivateKey.CHAIN_CODE_SIZE;
  }

  override equals(other: unknown): boolean {
    return other instanceof ExtendedPrivateKey && super.equals(other);
  }

  get privateKey(): PrivateKey {
    return this.#key;
  }

  /** A copy. */
  get chainCode(): Uint8Array {
    return new Uint8Array(this.#chainCode);
  }

  toAddress(): Address {
    return PublicKey.derive(this.#key).toAddress();
  }
}

/** SLIP-0010: the left half is the key, the right half the chain code. */
function fromDigest(digest: Uint8Array): ExtendedPrivateKey {
  return new ExtendedPrivateKey(new PrivateKey(digest.slice(0, 32)), digest.slice(32));
}

function indicesIn(path: string): number[] {
  return path.split('/').slice(1).map((index) => Number.parseInt(index, 10));
}
