/** x^8 + x^7 + x^4 + x^2 + x + 1, without its highest term. */
const POLYNOMIAL = 0x97;

/** The 8-bit checksum of Nimiq's first mnemonics, which are older than their BIP-39 ones. */
export function crc8(bytes: Uint8Array): number {
  let rest = 0;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = ((rest << 1) ^ (rest & 0x80 ? POLYNOMIAL : 0)) & 0xff;
  }
  return rest;
}
