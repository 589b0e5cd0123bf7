import { isDenied } from '../base/is-denied.ts';

/**
 * Whether a rejected question about a transaction means that peers were heard and none could prove it. An error without such an answer
 * (no peer, silence, a lost connection) says nothing: the transaction may be in a block. Errors come from another thread, so only their
 * fields are read; any value is accepted.
 */
export function noPeerProves(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, data } = error as { readonly code?: unknown; readonly data?: Parameters<typeof isDenied>[0] | null };
  return code === 'no-answer' && isDenied(data ?? {});
}
