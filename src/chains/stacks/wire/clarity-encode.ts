// Tests: `src/chains/stacks/wire/clarity.test.ts`.
import { fromHex } from '../../../base/bytes.ts';
import { ByteWriter } from './byte-writer.ts';
import { ClarityError } from './clarity-error.ts';
import { CLARITY_TYPE, MAX_CLARITY_BYTES, MAX_CLARITY_DATA, MAX_CLARITY_DEPTH, isClarityAscii, isClarityName } from './clarity-value.ts';
import type { ClarityValue } from './clarity-value.ts';
import { principalText } from './principal.ts';
import type { Principal } from './principal.ts';

const utf8 = new TextEncoder();

/** The bytes of a value, as `decodeClarity` reads them. Throws `ClarityError` for a value that has none. */
export function encodeClarity(value: ClarityValue): Uint8Array {
  const writer = new ByteWriter();
  writeClarity(writer, value, 1);
  const bytes = writer.done();
  if (bytes.length > MAX_CLARITY_BYTES) throw new ClarityError('size', `${bytes.length} bytes`);
  return bytes;
}

function writeClarity(writer: ByteWriter, value: ClarityValue, depth: number): void {
  if (depth > MAX_CLARITY_DEPTH) throw new ClarityError('depth', `deeper than ${MAX_CLARITY_DEPTH}`);
  switch (value.type) {
    case 'int':
    case 'uint':
      writer.u8(CLARITY_TYPE[value.type]);
      writeU128(writer, value.type, value.value);
      break;
    case 'buffer':
      writer.u8(CLARITY_TYPE.buffer);
      writeData(writer, value.bytes);
      break;
    case 'bool':
      writer.u8(value.value ? CLARITY_TYPE.true : CLARITY_TYPE.false);
      break;
    case 'principal':
      writePrincipal(writer, value.principal);
      break;
    case 'ok':
    case 'err':
    case 'some':
      writer.u8(CLARITY_TYPE[value.type]);
      writeClarity(writer, value.value, depth + 1);
      break;
    case 'none':
      writer.u8(CLARITY_TYPE.none);
      break;
    case 'list':
      writer.u8(CLARITY_TYPE.list).u32(value.items.length);
      for (const item of value.items) writeClarity(writer, item, depth + 1);
      break;
    case 'tuple':
      writer.u8(CLARITY_TYPE.tuple).u32(value.fields.length);
      if (value.fields.length === 0) throw new ClarityError('size', 'a tuple has fields');
      for (const [i, { name, value: inner }] of value.fields.entries()) {
        if (!isClarityName(name)) throw new ClarityError('name', 'no name of a field');
        if (i > 0 && value.fields[i - 1]!.name >= name) throw new ClarityError('order', `${name} is out of order`);
        writer.u8(name.length).bytes(utf8.encode(name));
        writeClarity(writer, inner, depth + 1);
      }
      break;
    case 'ascii':
      if (!Array.from(value.text).every((character) => isClarityAscii(character.codePointAt(0)!))) throw new ClarityError('text', 'a character that is not ASCII text');
      writer.u8(CLARITY_TYPE.ascii);
      writeData(writer, utf8.encode(value.text));
      break;
    case 'utf8':
      if (/\p{Surrogate}/u.test(value.text)) throw new ClarityError('text', 'half a surrogate pair');
      writer.u8(CLARITY_TYPE.utf8);
      writeData(writer, utf8.encode(value.text));
      break;
  }
}

function writeU128(writer: ByteWriter, type: 'int' | 'uint', value: bigint): void {
  const fits = type === 'int' ? BigInt.asIntN(128, value) === value : BigInt.asUintN(128, value) === value;
  if (!fits) throw new ClarityError('number', `${value} is no ${type}`);
  writer.bytes(fromHex(BigInt.asUintN(128, value).toString(16).padStart(32, '0')));
}

function writeData(writer: ByteWriter, bytes: Uint8Array): void {
  if (bytes.length > MAX_CLARITY_DATA) throw new ClarityError('size', `${bytes.length} bytes`);
  writer.u32(bytes.length).bytes(bytes);
}

function writePrincipal(writer: ByteWriter, principal: Principal): void {
  // Throws for what is no principal.
  principalText(principal);
  const { version, hash, contract } = principal;
  writer.u8(contract === undefined ? CLARITY_TYPE.standard : CLARITY_TYPE.contract).u8(version).bytes(fromHex(hash));
  if (contract !== undefined) writer.u8(contract.length).bytes(utf8.encode(contract));
}
