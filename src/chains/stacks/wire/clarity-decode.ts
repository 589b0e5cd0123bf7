// Tests: `src/chains/stacks/wire/clarity.test.ts`.
import { ByteReader } from './byte-reader.ts';
import { ClarityError } from './clarity-error.ts';
import { CLARITY_TYPE, MAX_CLARITY_BYTES, MAX_CLARITY_DATA, MAX_CLARITY_DEPTH, isClarityAscii, isClarityName } from './clarity-value.ts';
import type { ClarityValue, TupleField } from './clarity-value.ts';
import { isContractName } from './principal.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const TRUE: ClarityValue = Object.freeze({ type: 'bool', value: true });
const FALSE: ClarityValue = Object.freeze({ type: 'bool', value: false });
const NONE: ClarityValue = Object.freeze({ type: 'none' });

/**
 * One value of Clarity, and nothing after it. Big-endian; a value has one encoding. Throws `ClarityError`, and `StacksWireError` for bytes that end too early
 * or are left over.
 */
export function decodeClarity(bytes: Uint8Array): ClarityValue {
  if (bytes.length > MAX_CLARITY_BYTES) throw new ClarityError('size', `${bytes.length} bytes`);
  const reader = new ByteReader(bytes);
  const value = readClarity(reader, 1);
  reader.end('Clarity value');
  return value;
}

/** `depth`: 1 for the outermost value. */
function readClarity(reader: ByteReader, depth: number): ClarityValue {
  if (depth > MAX_CLARITY_DEPTH) throw new ClarityError('depth', `deeper than ${MAX_CLARITY_DEPTH}`);
  const type = reader.u8('type');
  switch (type) {
    case CLARITY_TYPE.int:
      return { type: 'int', value: BigInt.asIntN(128, readU128(reader)) };
    case CLARITY_TYPE.uint:
      return { type: 'uint', value: readU128(reader) };
    case CLARITY_TYPE.buffer:
      return { type: 'buffer', bytes: readData(reader) };
    case CLARITY_TYPE.true:
      return TRUE;
    case CLARITY_TYPE.false:
      return FALSE;
    case CLARITY_TYPE.standard:
      return { type: 'principal', principal: readAddress(reader) };
    case CLARITY_TYPE.contract:
      return { type: 'principal', principal: { ...readAddress(reader), contract: readName(reader, isContractName) } };
    case CLARITY_TYPE.ok:
      return { type: 'ok', value: readClarity(reader, depth + 1) };
    case CLARITY_TYPE.err:
      return { type: 'err', value: readClarity(reader, depth + 1) };
    case CLARITY_TYPE.none:
      return NONE;
    case CLARITY_TYPE.some:
      return { type: 'some', value: readClarity(reader, depth + 1) };
    case CLARITY_TYPE.list:
      return { type: 'list', items: Array.from({ length: readCount(reader) }, () => readClarity(reader, depth + 1)) };
    case CLARITY_TYPE.tuple:
      return { type: 'tuple', fields: readFields(reader, depth + 1) };
    case CLARITY_TYPE.ascii:
      return { type: 'ascii', text: readAscii(reader) };
    case CLARITY_TYPE.utf8:
      return { type: 'utf8', text: readUtf8(reader) };
    default:
      throw new ClarityError('type', `type byte ${type}`);
  }
}

function readU128(reader: ByteReader): bigint {
  return BigInt(`0x${reader.hex(16, 'number')}`);
}

/** A count of values; each has at least one byte, so that a short input claims no large array. */
function readCount(reader: ByteReader): number {
  const count = reader.u32('count');
  if (count > reader.remaining) throw new ClarityError('size', `${count} values in ${reader.remaining} bytes`);
  return count;
}

function readData(reader: ByteReader): Uint8Array {
  const length = reader.u32('length');
  if (length > MAX_CLARITY_DATA) throw new ClarityError('size', `${length} bytes`);
  return reader.bytes(length, 'data');
}

function readAddress(reader: ByteReader): { readonly version: number; readonly hash: string } {
  const version = reader.u8('address version');
  if (version > 31) throw new ClarityError('principal', `version ${version}`);
  return { version, hash: reader.hex(20, 'hash160') };
}

function readName(reader: ByteReader, isName: (text: string) => boolean): string {
  const text = String.fromCharCode(...reader.bytes(reader.u8('length of a name'), 'name'));
  if (!isName(text)) throw new ClarityError('name', 'no such name');
  return text;
}

function readFields(reader: ByteReader, depth: number): readonly TupleField[] {
  const fields: TupleField[] = [];
  for (let left = readCount(reader); left > 0; left -= 1) {
    const name = readName(reader, isClarityName);
    const before = fields.at(-1);
    if (before && before.name >= name) throw new ClarityError('order', `${name} after ${before.name}`);
    fields.push({ name, value: readClarity(reader, depth) });
  }
  if (fields.length === 0) throw new ClarityError('size', 'a tuple has fields');
  return fields;
}

function readAscii(reader: ByteReader): string {
  const bytes = readData(reader);
  if (!bytes.every(isClarityAscii)) throw new ClarityError('text', 'a character that is not ASCII text');
  return utf8.decode(bytes);
}

function readUtf8(reader: ByteReader): string {
  const bytes = readData(reader);
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ClarityError('text', 'bytes that are not UTF-8');
  }
}
