/**
 * A text of a stranger, so that a person sees what is in it. What has no shape of its own, or turns the direction, or looks like another
 * letter, is told apart.
 * @module
 */

/**
 * `plain`: shown as it is. `hidden`: one character that shows nothing or changes how others are shown: controls, marks of direction, blanks
 * of special widths, unassigned ones. `look-alike`: a letter of another alphabet within a word of Latin letters, or a variant of a Latin letter.
 */
export interface TextPart {
  readonly kind: 'plain' | 'hidden' | 'look-alike';
  readonly text: string;
  /** `U+202E`, if it is not plain. */
  readonly codePoint?: string | undefined;
}

const hidden = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?![ ])\p{Zs}/u;
/** Symbols that are drawn as nothing: a blank pattern of Braille, a note without a head, what stands for an object. */
const blank = /[\u2800\ufffc\u{1d159}]/u;
/** Alphabets with letters that look like Latin ones. */
const likeLatin = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Cherokee}\p{Script=Armenian}\p{Script=Coptic}\p{Script=Lisu}]/u;
const latin = /\p{Script=Latin}/u;
/** What joins the parts of an emoji, or asks for its colours: seen as part of it. */
const emoji = /\p{Extended_Pictographic}/u;
const joiner = /\u200d|\ufe0f/u;
/** Marks above and below: more than two on a letter draw over the lines around. */
const mark = /\p{M}/u;
const MAX_MARKS = 2;

export function revealText(text: string): readonly TextPart[] {
  const characters = Array.from(text);
  const mixed = mixedPlaces(characters);
  const parts: TextPart[] = [];
  let marks = 0;
  for (const [at, character] of characters.entries()) {
    marks = mark.test(character) ? marks + 1 : 0;
    const isJoiner = joiner.test(character) && emoji.test(characters[at - 1] ?? '');
    const kind = ((hidden.test(character) || blank.test(character)) && character !== '\n' && !isJoiner) || marks > MAX_MARKS ? 'hidden' : mixed.has(at) || isVariant(character) ? 'look-alike' : 'plain';
    const last = parts.at(-1);
    if (kind === 'plain' && last?.kind === 'plain') parts[parts.length - 1] = { kind, text: last.text + character };
    else parts.push(kind === 'plain' ? { kind, text: character } : { kind, text: character, codePoint: codePointOf(character) });
  }
  return parts;
}

/** Whether the parts show all there is. */
export function isClean(parts: readonly TextPart[]): boolean {
  const whole = parts.map(({ text }) => text).join('');
  return parts.every(({ kind }) => kind === 'plain') && whole === whole.trim() && !/ {2}|\n{3}/u.test(whole);
}

export function codePointOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The places of letters of other alphabets in words that have Latin letters too. */
function mixedPlaces(characters: readonly string[]): ReadonlySet<number> {
  const places = new Set<number>();
  let others: number[] = [];
  let hasLatin = false;
  const endOfWord = (): void => {
    if (hasLatin) for (const place of others) places.add(place);
    others = [];
    hasLatin = false;
  };
  for (const [at, character] of characters.entries()) {
    if (likeLatin.test(character)) others.push(at);
    else if (latin.test(character)) hasLatin = true;
    else if (!/[\p{L}\p{M}\p{N}\p{Cf}]/u.test(character)) endOfWord();
  }
  endOfWord();
  return places;
}

/** A variant of a Latin letter or a digit that Unicode keeps for other purposes: full width, mathematical, in a circle. */
function isVariant(character: string): boolean {
  if (character <= '\u{2000}') return false;
  const usual = character.normalize('NFKC');
  return usual !== character && /^[\w.:/@-]+$/u.test(usual);
}
