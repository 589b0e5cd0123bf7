import { ClientError } from '../bridge/errors.ts';

/** Levels of lists and objects: network parameters have three. */
const MAX_DEPTH = 32;
/** Values in all: network parameters and settings have some hundred. */
const MAX_VALUES = 10_000;

/**
 * Checks that a value can be sent to the hub: another thread's copy of a deep value fails there without a word, and a page would wait for an
 * answer in vain. What the values mean is checked by the hub.
 * @throws ClientError `bad-options`
 */
export function requirePlain(name: string, value: unknown): void {
  let left = MAX_VALUES;
  const check = (part: unknown, depth: number): void => {
    left -= 1;
    if (depth > MAX_DEPTH || left < 0) throw new ClientError('bad-options', { option: name, reason: 'too-deep' });
    if (typeof part === 'function' || typeof part === 'symbol') throw new ClientError('bad-options', { option: name, reason: 'not-plain' });
    if (typeof part === 'object' && part !== null) for (const inner of Object.values(part)) check(inner, depth + 1);
  };
  check(value, 1);
}
