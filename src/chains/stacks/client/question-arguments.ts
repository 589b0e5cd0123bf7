// Tests: `src/chains/stacks/client/stacks-questions.test.ts`.
/**
 * The arguments of questions, as they come unchecked from a page.
 * @module
 */
import { CodedError } from '../../../base/coded-error.ts';
import { QuestionError } from '../../../engine/questions.ts';
import type { TrustLevel } from '../../../engine/trust.ts';
import type { StateKey } from '../proofs/state-key.ts';
import { stateKeyText } from '../proofs/state-key.ts';
import { parsePrincipal } from '../wire/principal.ts';
import { MAX_EPOCH2_HEADERS } from './epoch2-headers.ts';

const LEVELS: readonly unknown[] = ['claimed', 'witnessed', 'pinned', 'proven'] satisfies readonly TrustLevel[];
const HASH = /^[0-9a-f]{64}$/u;
/** Characters of one field of a key at most: a serialised key of 1 MiB in hex. */
const MAX_FIELD = 2 * 1024 * 1024;
const FIELDS = ['account', 'contract', 'name', 'key', 'owner', 'asset'] as const;

export function wrong(argument: string, expected: string, value: unknown): QuestionError {
  return new QuestionError('bad-argument', { argument, expected, came: typeof value === 'string' ? value.slice(0, 100) : typeof value });
}

export interface CheckedOptions {
  readonly at: 'final' | 'latest';
}

/** Throws `QuestionError` `bad-argument`, or `level-too-low`: the level of this chain is `pinned`, and never rises, so that waiting for another is of no use. */
export function optionsOf(value: unknown = {}): CheckedOptions {
  if (typeof value !== 'object' || value === null) throw wrong('options', 'an object', value);
  const { at = 'final', minLevel } = value as { readonly at?: unknown; readonly minLevel?: unknown };
  if (at !== 'final' && at !== 'latest') throw wrong('at', 'final or latest', at);
  if (minLevel !== undefined && !LEVELS.includes(minLevel)) throw wrong('minLevel', LEVELS.join(', '), minLevel);
  if (minLevel === 'proven') throw new QuestionError('level-too-low', { level: 'pinned', wanted: 'proven' });
  return { at };
}

/** A key of the state with its text. Throws `QuestionError`. */
export function keyOf(value: unknown): { readonly key: StateKey; readonly text: string } {
  if (typeof value !== 'object' || value === null) throw wrong('key', 'a key of the state', value);
  const given = value as Readonly<Record<string, unknown>>;
  const key: Record<string, string> = {};
  for (const name of ['kind', ...FIELDS]) {
    const field = given[name];
    if (field === undefined) continue;
    if (typeof field !== 'string' || field.length > MAX_FIELD) throw wrong(name, 'a text', field);
    key[name] = field;
  }
  try {
    const text = stateKeyText(key as unknown as StateKey);
    if (typeof text === 'string') return { key: key as unknown as StateKey, text };
  } catch (error) {
    // A field that the kind needs may be missing.
    if (!(error instanceof CodedError) && !(error instanceof TypeError)) throw error;
  }
  throw wrong('key', 'a key of the state', given['kind']);
}

/** An account, or a contract. Throws `QuestionError`. */
export function principalOf(value: unknown): string {
  const refused = () => wrong('principal', 'an address, or an address, "." and a contract name', value);
  if (typeof value !== 'string') throw refused();
  try {
    parsePrincipal(value);
  } catch (error) {
    throw error instanceof CodedError ? refused() : error;
  }
  return value;
}

export function hashOf(argument: string, value: unknown): string {
  if (typeof value !== 'string' || !HASH.test(value)) throw wrong(argument, '64 lower-case hex digits', value);
  return value;
}

export function cycleArgument(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value >= 2 ** 31) throw wrong('cycle', 'a number of a cycle', value);
  return value;
}

/** Tenures that are fetched for one question: by default a few hours of the main network, and at most those of a cycle. */
const TENURES = { usual: 32, most: 2_100 };

export function mostArgument(value: unknown): number {
  if (value === undefined) return TENURES.usual;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1 || value > TENURES.most) throw wrong('tenures', `a number from 1 to ${TENURES.most}`, value);
  return value;
}

export function epoch2CountArgument(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1 || value > MAX_EPOCH2_HEADERS) throw wrong('count', `a number from 1 to ${MAX_EPOCH2_HEADERS}`, value);
  return value;
}
