/** `NQ`, two check digits, and 32 characters of Nimiq's alphabet. */
const form = /^NQ\d\d[\dA-HJ-NP-VXY]{32}$/u;

/** An address as people write it, in groups of four; `undefined` if it is none, or if its check digits do not fit. */
export function addressOf(text: string): string | undefined {
  const characters = text.replaceAll(/[\s+-]/gu, '').toUpperCase();
  if (!form.test(characters)) return undefined;
  // By 97, with letters as 10 to 35 (ISO 7064, MOD 97-10).
  let rest = 0;
  for (const character of `${characters.slice(4)}${characters.slice(0, 4)}`) {
    const digit = Number.parseInt(character, 36);
    rest = (rest * (digit < 10 ? 10 : 100) + digit) % 97;
  }
  return rest === 1 ? characters.replaceAll(/.{4}(?=.)/gu, '$& ') : undefined;
}
