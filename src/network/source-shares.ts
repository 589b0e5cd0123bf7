import type { Random } from '../base/random.ts';

/** Sources recorded per key; further ones are ignored. More than a client has peers. */
const MAX_SOURCES_PER_KEY = 16;

export interface SourceSharesOptions {
  readonly random: Random;
  /** Maximum keys in all. */
  readonly max: number;
  /** Maximum keys of one source. */
  readonly share: number;
}

/**
 * Records which sources reported which keys, so that no source can crowd out what others reported. A source beyond its share loses one of
 * its own keys at random. When there are too many keys in all, the source with the most keys loses one. A key stays as long as one source
 * is recorded for it.
 */
export class SourceShares {
  readonly #options: SourceSharesOptions;
  readonly #sources = new Map<string, Set<string>>();
  readonly #keys = new Map<string, Set<string>>();

  constructor(options: SourceSharesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sources.size;
  }

  has(key: string): boolean {
    return this.#sources.has(key);
  }

  sourcesOf(key: string): ReadonlySet<string> {
    return new Set(this.#sources.get(key));
  }

  /** Records that `source` reported `key`. Returns the keys that were evicted for it, never `key` itself. */
  add(key: string, source: string): readonly string[] {
    const sources = this.#sources.get(key) ?? new Set();
    if (sources.has(source) || sources.size >= MAX_SOURCES_PER_KEY) return [];
    this.#sources.set(key, sources.add(source));
    const keys = this.#keys.get(source) ?? new Set();
    this.#keys.set(source, keys.add(key));
    const gone: string[] = [];
    if (keys.size > this.#options.share) gone.push(...this.#drop(source, key));
    while (this.size > this.#options.max) gone.push(...this.#drop(this.#largest(source, key), key));
    return gone;
  }

  delete(key: string): void {
    for (const source of this.#sources.get(key) ?? []) this.#unmark(key, source);
  }

  /** The source with the most keys besides `except`; `first` if it is among several. */
  #largest(first: string, except: string): string {
    const count = ([, keys]: readonly [string, ReadonlySet<string>]) => keys.size - (keys.has(except) ? 1 : 0);
    const largest = Array.from(this.#keys).reduce((a, b) => (count(b) > count(a) || (count(b) === count(a) && b[0] === first) ? b : a));
    return largest[0];
  }

  /** Removes one random key from a source. */
  #drop(source: string, except: string): readonly string[] {
    const keys = Array.from(this.#keys.get(source) ?? []).filter((key) => key !== except);
    const key = keys[Math.floor(this.#options.random.next() * keys.length)] as string;
    this.#unmark(key, source);
    return this.#sources.has(key) ? [] : [key];
  }

  #unmark(key: string, source: string): void {
    const sources = this.#sources.get(key);
    sources?.delete(source);
    if (sources?.size === 0) this.#sources.delete(key);
    const keys = this.#keys.get(source);
    keys?.delete(key);
    if (keys?.size === 0) this.#keys.delete(source);
  }
}
