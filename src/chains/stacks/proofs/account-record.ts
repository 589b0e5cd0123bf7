/**
 * The balance of an account as the state keeps it (Stacks reference, 9).
 * @module
 */
import { StateError } from './state-error.ts';

/** Amounts are microSTX, 10^-6 STX, of up to 128 bits. */
export type AccountRecord =
  | { readonly kind: 'unlocked'; readonly unlocked: bigint }
  | {
      readonly kind: 'locked';
      /** The version of PoX that locked it. From an upgrade of PoX on, a node releases what an earlier one locked, though the record stays. */
      readonly pox: 1 | 2 | 3 | 4 | 5;
      readonly unlocked: bigint;
      readonly locked: bigint;
      /** Height of the Bitcoin block that releases it. */
      readonly unlockHeight: number;
    };

/** The kind byte of a locked record; PoX-1 wrote none. */
const POX_OF_KIND = [2, 3, 4, 5] as const;

/**
 * A record: in hex, 16 bytes unlocked, 16 locked, 8 unlock height, big-endian; before a record that PoX-2 or a later one locked, a byte 0 to 3. Throws
 * `StateError` with `value`.
 */
export function readAccountRecord(text: string): AccountRecord {
  const [, kind, unlockedHex, lockedHex, heightHex] = /^(0[0-3])?([0-9a-f]{32})([0-9a-f]{32})([0-9a-f]{16})$/u.exec(text) ?? [];
  if (unlockedHex === undefined) throw new StateError('value', 'no balance of an account');
  const unlocked = BigInt(`0x${unlockedHex}`);
  const locked = BigInt(`0x${lockedHex}`);
  const unlockHeight = Number.parseInt(heightHex!, 16);
  if (!Number.isSafeInteger(unlockHeight)) throw new StateError('value', 'an unlock height above 2^53 - 1');
  if (kind !== undefined) return { kind: 'locked', pox: POX_OF_KIND[Number(kind)]!, unlocked, locked, unlockHeight };
  if (locked > 0n) return { kind: 'locked', pox: 1, unlocked, locked, unlockHeight };
  if (unlockHeight !== 0) throw new StateError('value', 'an unlock height, and nothing is locked');
  return { kind: 'unlocked', unlocked };
}
