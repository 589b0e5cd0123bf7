import type { DecodedKey } from '../../../crypto/jobs.ts';
import { toHex } from '../../../base/bytes.ts';
import type { Validator } from '../wire/types.ts';

/** Keys of four full epochs: those of the active validators, and room for keys that failed attempts added. */
const maxKeys = 2048;

/** The voting keys decoded and checked so far, so that no key is decoded twice. Decoding a key takes tens of milliseconds. */
export class KeyRing {
  readonly #points = new Map<string, Uint8Array>();
  readonly #load: ((compressed: Uint8Array[]) => Promise<readonly DecodedKey[]>) | undefined;
  readonly #remember: ((keys: readonly DecodedKey[]) => void) | undefined;

  constructor(load: ((compressed: Uint8Array[]) => Promise<readonly DecodedKey[]>) | undefined, remember: ((keys: readonly DecodedKey[]) => void) | undefined) {
    this.#load = load;
    this.#remember = remember;
  }

  readonly lookup = (compressed: Uint8Array): Uint8Array | undefined => this.#points.get(toHex(compressed));

  /** Loads keys of these validators that an earlier session decoded. Keys that are not stored are decoded again later. */
  async load(validators: readonly Validator[]): Promise<void> {
    if (!this.#load) return;
    const missing = new Map(validators.filter(({ votingKey }) => !this.lookup(votingKey)).map(({ votingKey }) => [toHex(votingKey), votingKey]));
    if (missing.size === 0) return;
    try {
      this.#put(await this.#load([...missing.values()]));
    } catch {
      // The store is a cache here; without it we decode.
    }
  }

  /** Keeps keys that a verification job decoded, and passes the new ones on to be stored. */
  add(keys: readonly DecodedKey[]): void {
    const fresh = keys.filter(({ compressed }) => !this.lookup(compressed));
    if (fresh.length === 0) return;
    this.#put(fresh);
    this.#remember?.(fresh);
  }

  /** Adds keys; at the bound the oldest are dropped. */
  #put(keys: readonly DecodedKey[]): void {
    for (const { compressed, point } of keys) this.#points.set(toHex(compressed), point);
    for (const key of this.#points.keys()) {
      if (this.#points.size <= maxKeys) break;
      this.#points.delete(key);
    }
  }
}
