import { type BlockKey, blockKeyOf } from './route.ts';

export type LookUp = { readonly kind: 'block'; readonly key: BlockKey } | { readonly kind: 'address' | 'empty' | 'unknown' };

/** Reads what the user entered to look up. `address`: looks like one, and may be wrong. Heights may have the digit separators of any locale. */
export function readLookUp(text: string): LookUp {
  const entered = text.trim();
  if (entered === '') return { kind: 'empty' };
  if (/^NQ[\s\d]/iu.test(entered) || /^(?:0x)?[0-9a-f]{40}$/iu.test(entered)) return { kind: 'address' };
  const key = blockKeyOf(entered.replace(/^(?:0x(?=[0-9a-f]{64}$)|#)/iu, '')) ?? blockKeyOf(ungrouped(entered.replace(/^#/u, '')));
  return key === undefined ? { kind: 'unknown' } : { kind: 'block', key };
}

/** "1,234,567" as "1234567"; groups of three only, so that "1.5" is not fifteen. */
function ungrouped(text: string): string {
  return /^\d{1,3}(?:([\s.,'’_])\d{3})(?:\1\d{3})*$/u.test(text) ? text.replace(/\D/gu, '') : text;
}
