import { equalBytes } from '../../../base/bytes.ts';
import type { Validator } from '../wire/types.ts';

/** Compares two lists field by field, byte by byte. */
export function sameValidators(a: readonly Validator[] | undefined, b: readonly Validator[] | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return a.length === b.length && a.every((one, index) => sameValidator(one, b[index]!));
}

function sameValidator(a: Validator, b: Validator): boolean {
  return (
    a.slots.start === b.slots.start &&
    a.slots.end === b.slots.end &&
    equalBytes(a.address, b.address) &&
    equalBytes(a.signingKey, b.signingKey) &&
    equalBytes(a.votingKey, b.votingKey)
  );
}
