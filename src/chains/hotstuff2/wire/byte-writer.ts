import { BigEndianWriter } from '../../../base/big-endian/big-endian-writer.ts';
import { WireError } from './wire-error.ts';

/** A writer that throws only `WireError`. `capacity`: expected length in bytes. */
export class ByteWriter extends BigEndianWriter {
  constructor(capacity?: number) {
    super(WireError, capacity);
  }
}
