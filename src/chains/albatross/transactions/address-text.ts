/**
 * Addresses as people read them: `NQ`, two check digits, and the 20 bytes as 32 characters, in blocks of four (Albatross proofs
 * reference, 6). The check digits are those of an IBAN (ISO 7064, MOD 97-10).
 * @module
 */
import { CodedError } from '../../../base/coded-error.ts';
import { ADDRESS_LENGTH } from './sender-address.ts';

/** The digits of base 32: without I, O, W and Z. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRSTUVXY';
const COUNTRY = 'NQ';
/** `NQ`, two check digits, 160 bits in characters of 5. */
const TEXT_LENGTH = 36;

/**
 * - `wrong-length`: not 36 characters besides blanks.
 * - `wrong-country`: the text does not begin with `NQ`.
 * - `wrong-checksum`: the check digits do not belong to the rest.
 * - `unknown-format`: a character that no address has.
 */
export type AddressTextErrorCode = 'wrong-length' | 'wrong-country' | 'wrong-checksum' | 'unknown-format';

/** In the words of the official client. */
const messages: Readonly<Record<AddressTextErrorCode, string>> = {
  'wrong-length': 'Wrong length',
  'wrong-country': 'Wrong country code',
  'wrong-checksum': 'Invalid checksum',
  'unknown-format': 'Unknown format',
};

/** A text that is no address. */
export class AddressTextError extends CodedError<AddressTextErrorCode> {
  override readonly name = 'AddressTextError';
  constructor(code: AddressTextErrorCode) {
    super(code, messages[code]);
  }
}

/** The two check digits of 32 characters: 98 minus the remainder by 97 of the characters and `NQ00`, where letters stand for 10 to 35. */
function checkDigits(characters: string): string {
  let remainder = 0;
  for (const character of `${characters}${COUNTRY}00`) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
  }
  return String(98 - remainder).padStart(2, '0');
}

/** The text of an address of 20 bytes, with blanks: `NQ07 0000 0000 0000 0000 0000 0000 0000 0000`. */
export function friendlyAddress(address: Uint8Array): string {
  if (address.length !== ADDRESS_LENGTH) throw new AddressTextError('wrong-length');
  let characters = '';
  let bits = 0;
  let value = 0;
  for (const byte of address) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) characters += ALPHABET.charAt((value >> (bits - 5)) & 31);
    value &= (1 << bits) - 1;
  }
  return `${COUNTRY}${checkDigits(characters)}${characters}`.replaceAll(/.{4}(?=.)/gu, '$& ');
}

/**
 * The 20 bytes of a text like `NQ07 0000 …`. Blanks may be anywhere or missing; letters are upper case.
 * @throws {AddressTextError}
 */
export function parseFriendlyAddress(text: string): Uint8Array {
  const characters = text.replaceAll(' ', '');
  if (characters.length !== TEXT_LENGTH) throw new AddressTextError('wrong-length');
  if (!characters.startsWith(COUNTRY)) throw new AddressTextError('wrong-country');
  if (!/^[0-9A-Z]*$/u.test(characters)) throw new AddressTextError('unknown-format');
  const digits = characters.slice(4);
  if (checkDigits(digits) !== characters.slice(2, 4)) throw new AddressTextError('wrong-checksum');
  const address = new Uint8Array(ADDRESS_LENGTH);
  let bits = 0;
  let value = 0;
  let at = 0;
  for (const digit of digits) {
    const five = ALPHABET.indexOf(digit);
    if (five < 0) throw new AddressTextError('unknown-format');
    value = (value << 5) | five;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    address[at] = value >> bits;
    at += 1;
    value &= (1 << bits) - 1;
  }
  return address;
}
