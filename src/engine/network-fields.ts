/**
 * The checks of a network file that every chain makes alike: types and ranges of its fields, which come unchecked from a page.
 * @module
 */

type FieldCode = 'not-an-object' | 'wrong-type' | 'out-of-range' | 'not-hex';

/** Throws the error of the chain's own class. `field` is `''` for the whole file. */
type Fail = (code: FieldCode, field: string, detail: string) => never;

type Fields = Readonly<Record<string, unknown>>;

const MAX_SEEDS = 64;
/** Characters; far above the longest multiaddress. */
const MAX_SEED_LENGTH = 512;
/** The name of a network. Pages show it. */
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

export interface NetworkFields {
  /** `field` names the value in errors, here and below; by default it is the name. */
  object(value: unknown, field: string): Fields;
  text(fields: Fields, name: string, pattern: RegExp, field?: string): string;
  name(fields: Fields): string;
  integer(fields: Fields, name: string, min: number, max: number, field?: string): number;
  /** Undefined where the field is missing. */
  optionalInteger(fields: Fields, name: string, min: number, max: number): number | undefined;
  optionalFlag(fields: Fields, name: string): boolean | undefined;
  list(value: unknown, field: string, min: number, max: number): readonly unknown[];
  /** Pairs of lower-case hex digits. */
  hex(value: unknown, field: string, minDigits: number, maxDigits: number): string;
  /** The list of seeds, each unchecked. */
  seedList(value: unknown): readonly unknown[];
  /** The syntax of one: whether it can be dialled is decided where it is dialled. */
  seed(value: unknown): string;
}

export function networkFields(fail: Fail): NetworkFields {
  const typed = (expected: string, value: unknown, field: string): never => fail('wrong-type', field, `expected ${expected}, got ${typeof value}`);
  const textOf = (value: unknown, field: string): string => (typeof value === 'string' ? value : typed('a text', value, field));
  const list: NetworkFields['list'] = (value, field, min, max) => {
    if (!Array.isArray(value)) return fail('wrong-type', field, 'expected a list');
    return value.length >= min && value.length <= max ? value : fail('out-of-range', field, `${value.length} entries, expected ${min} to ${max}`);
  };
  const text: NetworkFields['text'] = (fields, name, pattern, field = name) => {
    const value = textOf(fields[name], field);
    return pattern.test(value) ? value : fail('out-of-range', field, `does not match ${pattern.source}`);
  };
  const integer: NetworkFields['integer'] = (fields, name, min, max, field = name) => {
    const value = fields[name];
    if (typeof value !== 'number') return typed('a number', value, field);
    return Number.isInteger(value) && value >= min && value <= max ? value : fail('out-of-range', field, `expected ${min} to ${max}, got ${value}`);
  };
  return {
    object: (value, field) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : fail('not-an-object', field, 'expected an object')),
    text,
    name: (fields) => text(fields, 'name', NAME),
    integer,
    optionalInteger: (fields, name, min, max) => (fields[name] === undefined ? undefined : integer(fields, name, min, max)),
    optionalFlag(fields, name) {
      const value = fields[name];
      return value === undefined || typeof value === 'boolean' ? value : typed('true or false', value, name);
    },
    list,
    hex(given, field, minDigits, maxDigits) {
      const value = textOf(given, field);
      if (value.length < minDigits || value.length > maxDigits) return fail('out-of-range', field, `expected ${minDigits} to ${maxDigits} digits, got ${value.length}`);
      return /^(?:[0-9a-f]{2})*$/.test(value) ? value : fail('not-hex', field, 'expected pairs of lower-case hex digits');
    },
    seedList: (value) => list(value, 'seeds', 0, MAX_SEEDS),
    seed(given) {
      const value = textOf(given, 'seeds');
      return value.length <= MAX_SEED_LENGTH && value.startsWith('/') ? value : fail('out-of-range', 'seeds', 'expected multiaddresses');
    },
  };
}
