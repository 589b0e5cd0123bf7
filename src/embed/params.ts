import { validAddress } from '../page/accounts/address-of.ts';
import type { Plain } from '../widget/plain-data.ts';
import { codes, ProviderError } from '../widget/provider-error.ts';
import { lunaOf } from './amount.ts';

/** Characters of a text that a host may send. */
const MAX_TEXT = 4_096;

/** The named parameters of a request. Every reader throws a `ProviderError` that names the field. */
export class Params {
  readonly #fields: Readonly<Record<string, Plain>>;

  /**
   * @param params an object, a list with one object, or nothing.
   * @param names that the method takes. Others are refused, so that nobody believes that they had an effect.
   */
  constructor(params: Plain, names: readonly string[]) {
    const given = Array.isArray(params) ? (params as readonly Plain[]) : params === undefined || params === null ? [] : [params];
    const first = given[0] ?? {};
    if (given.length > 1 || typeof first !== 'object' || Array.isArray(first)) throw new ProviderError(codes.badParams, 'no-object');
    this.#fields = first as Readonly<Record<string, Plain>>;
    const unknown = Object.keys(this.#fields).find((name) => !names.includes(name));
    if (unknown !== undefined) throw new ProviderError(codes.badParams, 'unknown-field', unknown.slice(0, 64));
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  /** In groups of four. */
  address(name: string): string {
    const value = this.#fields[name];
    return (typeof value === 'string' ? validAddress(value.slice(0, MAX_TEXT)) : undefined) ?? wrong(name);
  }

  /** A decimal text. @param least the smallest that is taken. */
  luna(name: string, least = 1n): string {
    return String(lunaOf(this.#fields[name], least) ?? wrong(name));
  }

  text(name: string): string {
    const value = this.#fields[name];
    return typeof value === 'string' && value.length <= MAX_TEXT && !/\p{Surrogate}/u.test(value) ? value : wrong(name);
  }

  flag(name: string): boolean {
    const value = this.#fields[name];
    return typeof value === 'boolean' ? value : wrong(name);
  }

  integer(name: string, least: number, most: number): number {
    const value = this.#fields[name];
    return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : wrong(name);
  }

  hash(name: string): string {
    const value = this.#fields[name];
    return typeof value === 'string' && /^[\da-f]{64}$/u.test(value) ? value : wrong(name);
  }

  /** The field, read, or nothing if it is not there. */
  optional<T>(name: string, read: (name: string) => T): T | undefined {
    return this.has(name) ? read(name) : undefined;
  }
}

function wrong(name: string): never {
  throw new ProviderError(codes.badParams, 'wrong-value', name);
}
