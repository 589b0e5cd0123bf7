/**
 * Argon2 version 1.3 with one lane (RFC 9106): keys from passwords.
 * @module
 * @see https://www.rfc-editor.org/rfc/rfc9106
 */
import { argon2d, argon2dAsync, argon2id, argon2idAsync } from '@noble/hashes/argon2.js';
import { CryptoInputError } from './crypto-input-error.ts';

/** What a key is made from, beside the password. */
export interface Argon2Options {
  /** 8 bytes or more. */
  readonly salt: Uint8Array;
  /** Kibibytes, 8 or more. */
  readonly memory: number;
  /** Passes over the memory, 1 to 2^32 - 1. */
  readonly iterations: number;
  /** Length of the key in bytes, 4 or more. */
  readonly length: number;
}

/** Milliseconds of work between two turns of the event loop: half a frame. */
const TURN = 8;

/** RFC 9106, 3.1. The salt's least length is the one of the reference implementation of Argon2. */
const MIN_SALT_LENGTH = 8;
const MIN_KEY_LENGTH = 4;
const MAX_UINT32 = 0xffffffff;

/** The Argon2d key of `password`. Blocks until it is made. @throws {CryptoInputError} `wrong-length`, `out-of-range`. */
export function argon2dKey(password: Uint8Array, options: Argon2Options): Uint8Array {
  return argon2d(password, options.salt, parametersOf(options));
}

/** As `argon2dKey`. Other tasks get their turn every 8 ms. */
export async function argon2dKeyInTurns(password: Uint8Array, options: Argon2Options): Promise<Uint8Array> {
  return argon2dAsync(password, options.salt, { ...parametersOf(options), asyncTick: TURN });
}

/** The Argon2id key of `password`. Blocks until it is made. @throws {CryptoInputError} `wrong-length`, `out-of-range`. */
export function argon2idKey(password: Uint8Array, options: Argon2Options): Uint8Array {
  return argon2id(password, options.salt, parametersOf(options));
}

/** As `argon2idKey`. Other tasks get their turn every 8 ms. */
export async function argon2idKeyInTurns(password: Uint8Array, options: Argon2Options): Promise<Uint8Array> {
  return argon2idAsync(password, options.salt, { ...parametersOf(options), asyncTick: TURN });
}

function parametersOf({ salt, memory, iterations, length }: Argon2Options): { m: number; t: number; p: number; dkLen: number } {
  if (salt.length < MIN_SALT_LENGTH) throw new CryptoInputError('wrong-length', `Argon2 salt: expected ${MIN_SALT_LENGTH} bytes or more, got ${salt.length}`);
  requireRange(iterations, 1, 'iterations');
  requireRange(length, MIN_KEY_LENGTH, 'key length');
  return { m: memory, t: iterations, p: 1, dkLen: length };
}

function requireRange(value: number, least: number, what: string): void {
  if (!Number.isInteger(value) || value < least || value > MAX_UINT32) throw new CryptoInputError('out-of-range', `Argon2 ${what}: expected ${least} to ${MAX_UINT32}, got ${value}`);
}
