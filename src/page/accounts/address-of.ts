/**
 * What is wrong with a text that should be an address, so that the page can say it. Nothing is decided here: the client reads the address itself.
 * - `not-nimiq`: does not begin with `NQ`.
 * - `hex`: 40 hex digits, which have no check digits.
 * - `character`: one that is in no address (`data`).
 * - `length`: not 36 characters (`data`: how many).
 * - `checksum`: the check digits do not fit.
 */
export type AddressProblem =
  | { readonly code: 'not-nimiq' | 'hex' | 'checksum' | 'empty' }
  | { readonly code: 'character'; readonly data: string }
  | { readonly code: 'length'; readonly data: number };

export type ReadAddress = { readonly address: string } | { readonly problem: AddressProblem };

/** `NQ`, two check digits, and 32 characters. */
const LENGTH = 36;

/** Reads what a person entered: upper or lower case, with blanks, hyphens or plus signs anywhere. `address` is in groups of four. */
export function addressOf(text: string): ReadAddress {
  const characters = text.trim().replaceAll(/[\s+-]/gu, '').toUpperCase();
  const wrong = (problem: AddressProblem): ReadAddress => ({ problem });
  if (characters === '') return wrong({ code: 'empty' });
  if (/^(?:0X)?[\dA-F]{40}$/u.test(characters)) return wrong({ code: 'hex' });
  if (!characters.startsWith('NQ')) return wrong({ code: 'not-nimiq' });
  const unknown = /[^\dA-HJ-NP-VXY]/u.exec(characters.slice(2))?.[0];
  if (unknown !== undefined) return wrong({ code: 'character', data: unknown });
  if (characters.length !== LENGTH) return wrong({ code: 'length', data: characters.length });
  if (remainder(`${characters.slice(4)}${characters.slice(0, 4)}`) !== 1) return wrong({ code: 'checksum' });
  return { address: characters.replaceAll(/.{4}(?=.)/gu, '$& ') };
}

/** The address in groups of four; `undefined` if the text is none, for callers that need not say why. */
export function validAddress(text: string): string | undefined {
  const read = addressOf(text);
  return 'address' in read ? read.address : undefined;
}

/** By 97, with letters as 10 to 35 (ISO 7064, MOD 97-10). */
function remainder(characters: string): number {
  let value = 0;
  for (const character of characters) {
    const digit = Number.parseInt(character, 36);
    value = (value * (digit < 10 ? 10 : 100) + digit) % 97;
  }
  return value;
}
