/** A digit of the non-adjacent form. */
export type SignedDigit = -1 | 0 | 1;

/**
 * The non-adjacent form of `n` > 0, most significant digit (always 1) first. Of two neighbouring digits at least one is zero. So on average
 * only a third of the digits cost an addition, compared with half of the bits.
 */
export function signedDigits(n: bigint): SignedDigit[] {
  const digits: SignedDigit[] = [];
  for (let rest = n; rest > 0n; rest >>= 1n) {
    const lowest = Number(rest & 3n);
    const digit: SignedDigit = lowest === 1 ? 1 : lowest === 3 ? -1 : 0;
    rest -= BigInt(digit);
    digits.push(digit);
  }
  return digits.toReversed();
}
