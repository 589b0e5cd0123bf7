/** Views of byte arrays, as in the official client. */
export class ArrayUtils {
  /** A view of `bytes` from `begin` up to, not including, `end`. Both are moved into the array; negative ones count as 0. */
  static subarray(bytes: Uint8Array, begin = 0, end = bytes.byteLength): Uint8Array {
    const start = clamp(begin, bytes.byteLength);
    return new Uint8Array(bytes.buffer, bytes.byteOffset + start, Math.max(0, clamp(end, bytes.byteLength) - start));
  }
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}
