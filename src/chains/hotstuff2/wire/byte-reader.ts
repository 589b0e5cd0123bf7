import { BigEndianReader } from '../../../base/big-endian/big-endian-reader.ts';
import { WireError } from './wire-error.ts';

/** A reader that throws only `WireError`. */
export class ByteReader extends BigEndianReader {
  constructor(bytes: Uint8Array) {
    super(bytes, WireError);
  }
}
