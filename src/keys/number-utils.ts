/** Checks for unsigned integers, as in the official client. */
export class NumberUtils {
  static readonly UINT8_MAX: number = 0xff;
  static readonly UINT16_MAX: number = 0xffff;
  static readonly UINT32_MAX: number = 0xffffffff;
  /** The largest integer that a number holds exactly, 2^53 - 1. */
  static readonly UINT64_MAX: number = Number.MAX_SAFE_INTEGER;

  static isInteger(value: unknown): value is number {
    return Number.isInteger(value);
  }

  static isUint8(value: unknown): boolean {
    return isBetween(value, NumberUtils.UINT8_MAX);
  }

  static isUint16(value: unknown): boolean {
    return isBetween(value, NumberUtils.UINT16_MAX);
  }

  static isUint32(value: unknown): boolean {
    return isBetween(value, NumberUtils.UINT32_MAX);
  }

  /** Up to 2^53 - 1 only. */
  static isUint64(value: unknown): boolean {
    return isBetween(value, NumberUtils.UINT64_MAX);
  }
}

function isBetween(value: unknown, most: number): boolean {
  return NumberUtils.isInteger(value) && value >= 0 && value <= most;
}
