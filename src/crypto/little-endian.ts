/**
 * Big integers as bytes, least significant byte first: scalars and field elements of both curves.
 * @module
 */

/** '00' to 'ff'. Base 16 is the only text form that engines convert to a BigInt and back in linear time. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The unsigned integer in `bytes`, least significant byte first. */
export function fromLittleEndian(bytes: Uint8Array): bigint {
  let text = '0x0';
  for (let i = bytes.length - 1; i >= 0; i--) text += HEX[bytes[i]!]!;
  return BigInt(text);
}

/** `length` bytes, least significant first. `value` must not be negative; higher bytes that do not fit are cut off. */
export function toLittleEndian(value: bigint, length: number): Uint8Array {
  const text = value.toString(16).padStart(2 * length, '0');
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const end = text.length - 2 * i;
    bytes[i] = Number.parseInt(text.slice(end - 2, end), 16);
  }
  return bytes;
}
