import { BigEndianReader } from '../../../base/big-endian/big-endian-reader.ts';
import { StacksWireError } from './wire-error.ts';

/** A reader that throws only `StacksWireError`. */
export class ByteReader extends BigEndianReader {
  constructor(bytes: Uint8Array) {
    super(bytes, StacksWireError);
  }
}
