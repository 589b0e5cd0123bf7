import type { Hash } from '../../../base/hash.ts';

/** What the choice between two branches looks at. */
export interface Contender {
  readonly final: boolean;
  /** Of its newest certified block. */
  readonly view: number;
}

/** Whether a branch that comes later takes the place of the current one: final beats all, then the higher view; of equals the first seen stays. */
export function replaces(current: Contender, later: Contender): boolean {
  if (current.final !== later.final) return later.final;
  return later.view > current.view;
}

/** Two certified blocks of one set in one view: more than a third of the set signed both (HotStuff-2 reference, 2.1). */
export function isDoubleCertified(a: { readonly id: Hash; readonly view: number; readonly validators: Hash }, b: { readonly id: Hash; readonly view: number; readonly validators: Hash }): boolean {
  return a.id !== b.id && a.view === b.view && a.validators === b.validators;
}

/** Validators in both certificates, ascending. */
export function doubleSigners(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.filter((signer) => b.includes(signer));
}
