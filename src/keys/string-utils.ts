/** Checks of texts, as in the official client. */
export class StringUtils {
  /** Whether every surrogate is one of a pair. `String.prototype.isWellFormed` is newer than the browsers that are supported. */
  static isWellFormed(text: string): boolean {
    return !/\p{Surrogate}/u.test(text);
  }

  /** Whether there are only hex digits of either case. The empty text has only those. */
  static isHex(text: string): boolean {
    return /^[\dA-Fa-f]*$/u.test(text);
  }

  /** Whether the text is hex with two digits a byte. `length`: in bytes, any if left out. */
  static isHexBytes(text: string, length?: number): boolean {
    return StringUtils.isHex(text) && text.length % 2 === 0 && (length === undefined || text.length === 2 * length);
  }
}
