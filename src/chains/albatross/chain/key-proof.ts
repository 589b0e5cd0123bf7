import { equalBytes } from '../../../base/bytes.ts';
import type { Validator } from '../wire/types.ts';
import { sameValidators } from './same-validators.ts';
import { validatorAt } from './slots.ts';

/**
 * How far the signing key of a slot's owner can be relied on: `proven`: it is the true one; `unproven`: one list names it, and nothing
 * contradicts; `disputed`: lists under the same hash name different keys, or no list is left.
 */
export type KeyStanding = 'proven' | 'unproven' | 'disputed';

/** Refuted lists kept, so that a copy of one is recognised: as many as copies of one block are kept. */
const maxRefuted = 16;

/**
 * The state of knowledge about the signing keys of one epoch. The hash of a version 1 election block covers the voting keys only: any peer
 * can hand out the true block with other signing keys. So a key is proven only when a block that a later macro block made final carries a
 * seed that verifies with it: the hash covers the seed, and the macro block needs 2f+1 of the voting keys. Albatross block reference, 2.2.
 */
export class KeyProof {
  readonly #covered: boolean;
  /** The true signing key of each slot whose owner's seed is in a final block. */
  readonly #proven = new Map<number, Uint8Array>();
  #lists: readonly (readonly Validator[])[];
  #refuted: readonly (readonly Validator[])[] = [];
  #disputed = false;

  /** `covered`: the block's hash covers the list, or the list is part of the release. */
  constructor(list: readonly Validator[], covered: boolean) {
    this.#lists = [list];
    this.#covered = covered;
  }

  /** The lists that may be the true one, in the order of arrival. */
  get lists(): readonly (readonly Validator[])[] {
    return this.#lists;
  }

  get covered(): boolean {
    return this.#covered;
  }

  /** Whether there is any slot whose owner's key is disputed. */
  get disputed(): boolean {
    return this.#disputed;
  }

  standing(slot: number): KeyStanding {
    if (this.#covered) return 'proven';
    const owners = this.#lists.map((list) => validatorAt(list, slot));
    const [first, ...rest] = owners;
    if (!first || rest.some((other) => !other || !equalBytes(other.signingKey, first.signingKey))) return 'disputed';
    // Adjacent bands with the same voting key could be merged into each other; they belong to one operator.
    for (const [at, key] of this.#proven) if (first.slots.start <= at && at < first.slots.end && equalBytes(key, first.signingKey)) return 'proven';
    return 'unproven';
  }

  /** A final block shows that this is the signing key of the slot's owner. */
  prove(slot: number, key: Uint8Array): void {
    if (this.#covered) return;
    this.#proven.set(slot, key);
    for (const list of this.#lists) if (this.#contradicts(list)) this.refute(list);
  }

  /** A final block shows that this list is false. */
  refute(list: readonly Validator[]): void {
    this.#lists = this.#lists.filter((other) => other !== list);
    if (!this.refutes(list)) this.#refuted = [...this.#refuted, list].slice(-maxRefuted);
    this.#disputed = this.#anyDisputed();
  }

  refutes(list: readonly Validator[]): boolean {
    if (this.#covered) return !sameValidators(list, this.#lists[0]);
    return this.#contradicts(list) || this.#refuted.some((other) => sameValidators(other, list));
  }

  /** Adds another list under the same hash. */
  add(list: readonly Validator[]): 'added' | 'known' | 'refuted' {
    if (this.refutes(list)) return 'refuted';
    if (this.#lists.some((other) => sameValidators(other, list))) return 'known';
    this.#lists = [...this.#lists, list];
    this.#disputed = this.#anyDisputed();
    return 'added';
  }

  #anyDisputed(): boolean {
    return this.#lists.length !== 1 && (this.#lists.length === 0 || this.#lists.flat().some(({ slots }) => this.standing(slots.start) === 'disputed'));
  }

  #contradicts(list: readonly Validator[]): boolean {
    for (const [slot, key] of this.#proven) {
      const owner = validatorAt(list, slot);
      if (!owner || !equalBytes(owner.signingKey, key)) return true;
    }
    return false;
  }
}
