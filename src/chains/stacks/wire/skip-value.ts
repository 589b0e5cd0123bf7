import type { ByteReader } from './byte-reader.ts';
import { StacksWireError } from './wire-error.ts';

/** Levels of nesting in a Clarity value at most (the limit of the language's types). */
const MAX_DEPTH = 32;
/** Bytes of a Clarity value at most (the limit of the language). */
const MAX_VALUE = 1_048_576;

/**
 * Moves past one serialised Clarity value, of which a transaction reader only needs the end. Throws `StacksWireError`: `type` for an unknown
 * type byte, `depth`, `length`.
 */
export function skipClarityValue(reader: ByteReader, depth = 0): void {
  if (depth > MAX_DEPTH) throw new StacksWireError('depth', `a value ${depth} levels deep`);
  const type = reader.u8('value type');
  switch (type) {
    case 0x00: // int
    case 0x01: // uint
      return reader.skip(16, 'number');
    case 0x02: // buffer
    case 0x0d: // ASCII text
    case 0x0e: // UTF-8 text
      return reader.skip(reader.count('length', MAX_VALUE, 1), 'value');
    case 0x03: // true
    case 0x04: // false
    case 0x09: // none
      return;
    case 0x05:
    case 0x06:
      return skipPrincipalBody(reader, type);
    case 0x07: // ok
    case 0x08: // err
    case 0x0a: // some
      return skipClarityValue(reader, depth + 1);
    case 0x0b: {
      const count = reader.count('list length', MAX_VALUE, 1);
      for (let i = 0; i < count; i += 1) skipClarityValue(reader, depth + 1);
      return;
    }
    case 0x0c: {
      const count = reader.count('field count', MAX_VALUE, 2);
      for (let i = 0; i < count; i += 1) {
        skipName(reader);
        skipClarityValue(reader, depth + 1);
      }
      return;
    }
    default:
      throw new StacksWireError('type', `value type ${type}`);
  }
}

/** Moves past a standard (type 5) or contract (type 6) principal with its type byte. Throws `type`. */
export function skipPrincipal(reader: ByteReader): void {
  const type = reader.u8('principal type');
  if (type !== 0x05 && type !== 0x06) throw new StacksWireError('type', `principal type ${type}`);
  skipPrincipalBody(reader, type);
}

/** Moves past a name: u8 length, bytes. */
export function skipName(reader: ByteReader): void {
  reader.skip(reader.u8('name length'), 'name');
}

function skipPrincipalBody(reader: ByteReader, type: number): void {
  reader.skip(21, 'address');
  if (type === 0x06) skipName(reader);
}
