/** Without I, O, W and Z. Albatross proofs reference, 6. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRSTUVXY';

/** The 20 bytes of an address like `NQ20 TSB0 …` as lower-case hex. It ignores the two check digits. */
export function addressHex(friendly: string): string {
  const characters = Array.from(friendly.replaceAll(' ', '').slice(4));
  const value = characters.reduce((sum, character) => sum * 32n + BigInt(alphabet.indexOf(character)), 0n);
  return value.toString(16).padStart(40, '0');
}
