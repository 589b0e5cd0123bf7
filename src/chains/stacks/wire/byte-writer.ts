import { BigEndianWriter } from '../../../base/big-endian/big-endian-writer.ts';
import { StacksWireError } from './wire-error.ts';

/** A writer that throws only `StacksWireError`. `capacity`: expected length in bytes. */
export class ByteWriter extends BigEndianWriter {
  constructor(capacity?: number) {
    super(StacksWireError, capacity);
  }
}
