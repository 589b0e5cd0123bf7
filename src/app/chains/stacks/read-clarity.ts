import { fromHex } from '../../../base/bytes.ts';
import { CodedError } from '../../../base/coded-error.ts';
import { decodeClarity } from '../../../chains/stacks/wire/clarity-decode.ts';
import { encodeClarity } from '../../../chains/stacks/wire/clarity-encode.ts';
import { type ClarityValue, isClarityName, MAX_CLARITY_DEPTH } from '../../../chains/stacks/wire/clarity-value.ts';
import { parsePrincipal } from '../../../chains/stacks/wire/principal.ts';
import { toHex } from '../../../base/bytes.ts';

/** Characters at most: a key that a person types. */
const MAX_TYPED = 20_000;

/** One word of a literal: a bracket, a colon, a comma, a text in quotation marks, or anything up to white space or one of these. */
const word = /\s*([{}():,]|u?"(?:[^"\\]|\\.)*"|[^\s{}():,"]+)/uy;

/** What is typed is no literal that this page reads. */
class NoLiteral extends Error {
  override readonly name = 'NoLiteral';
}

/**
 * The key of a map as a person types it, as hex of the serialised value: a literal of Clarity, or "hex:" and that hex itself. Read are `5`, `u5`, `true`,
 * `'SP…` (the quotation mark may be missing), `"text"`, `u"text"`, `0x00ff` (a buffer), `none`, `(some …)`, `(ok …)`, `(err …)`, `(list …)`, and tuples as
 * `{ id: u1, owner: 'SP… }` or `(tuple (id u1) (owner 'SP…))`. Undefined: none of these, or a value that the language does not have.
 */
export function readClarity(text: string): string | undefined {
  if (text.length > MAX_TYPED) return undefined;
  try {
    const hex = /^\s*hex:\s*(?:0x)?([0-9a-fA-F]+)\s*$/u.exec(text)?.[1]?.toLowerCase();
    if (hex !== undefined) return toHex(encodeClarity(decodeClarity(fromHex(hex))));
    return toHex(encodeClarity(valueIn(text)));
  } catch (error) {
    if (error instanceof NoLiteral || error instanceof CodedError) return undefined;
    throw error;
  }
}

/** A cursor over the words. */
interface Words {
  next(): string;
  peek(): string;
}

function wordsOf(text: string): Words {
  const all: string[] = [];
  word.lastIndex = 0;
  for (let at = 0; text.slice(at).trim() !== ''; at = word.lastIndex) {
    const found = word.exec(text)?.[1];
    if (found === undefined) throw new NoLiteral();
    all.push(found);
  }
  return { next: () => all.shift() ?? '', peek: () => all[0] ?? '' };
}

function valueIn(text: string): ClarityValue {
  const words = wordsOf(text);
  const value = read(words, 1);
  if (words.peek() !== '') throw new NoLiteral();
  return value;
}

function read(words: Words, depth: number): ClarityValue {
  if (depth > MAX_CLARITY_DEPTH) throw new NoLiteral();
  const first = words.next();
  if (first === '{') return tuple(fieldsInBraces(words, depth));
  if (first === '(') return form(words, depth);
  return atom(first);
}

function form(words: Words, depth: number): ClarityValue {
  const name = words.next();
  if (name === 'some' || name === 'ok' || name === 'err') {
    const value = read(words, depth + 1);
    expect(words, ')');
    return { type: name, value };
  }
  if (name === 'list') {
    const items: ClarityValue[] = [];
    while (words.peek() !== ')') items.push(read(words, depth + 1));
    expect(words, ')');
    return { type: 'list', items };
  }
  if (name !== 'tuple') throw new NoLiteral();
  const fields: { readonly name: string; readonly value: ClarityValue }[] = [];
  while (words.peek() === '(') {
    words.next();
    fields.push({ name: words.next(), value: read(words, depth + 1) });
    expect(words, ')');
  }
  expect(words, ')');
  return tuple(fields);
}

function fieldsInBraces(words: Words, depth: number): { readonly name: string; readonly value: ClarityValue }[] {
  const fields: { readonly name: string; readonly value: ClarityValue }[] = [];
  for (;;) {
    const name = words.next();
    expect(words, ':');
    fields.push({ name, value: read(words, depth + 1) });
    if (words.peek() !== ',') break;
    words.next();
  }
  expect(words, '}');
  return fields;
}

/** Fields ascend by name in the serialised form, however they are typed. */
function tuple(fields: readonly { readonly name: string; readonly value: ClarityValue }[]): ClarityValue {
  if (fields.some(({ name }) => !isClarityName(name))) throw new NoLiteral();
  return { type: 'tuple', fields: fields.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

function atom(text: string): ClarityValue {
  if (text === 'true' || text === 'false') return { type: 'bool', value: text === 'true' };
  if (text === 'none') return { type: 'none' };
  if (/^u\d{1,39}$/u.test(text)) return { type: 'uint', value: BigInt(text.slice(1)) };
  if (/^-?\d{1,39}$/u.test(text)) return { type: 'int', value: BigInt(text) };
  if (/^0x(?:[0-9a-fA-F]{2})*$/u.test(text)) return { type: 'buffer', bytes: fromHex(text.slice(2).toLowerCase()) };
  if (/^u?"/u.test(text)) return { type: text.startsWith('u') ? 'utf8' : 'ascii', text: unquoted(text.slice(text.indexOf('"') + 1, -1)) };
  return { type: 'principal', principal: parsePrincipal(text.replace(/^'/u, '')) };
}

const escaped: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

function unquoted(text: string): string {
  return text.replaceAll(/\\(.)/gsu, (_, letter: string) => {
    const meant = escaped[letter];
    if (meant === undefined) throw new NoLiteral();
    return meant;
  });
}

function expect(words: Words, wanted: string): void {
  if (words.next() !== wanted) throw new NoLiteral();
}
