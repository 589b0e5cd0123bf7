import { ClientError } from '../bridge/errors.ts';
import { missingLanguage } from '../bridge/life/required-language.ts';

/** The object that is checked; `globalThis` outside tests. */
export interface Surroundings {
  readonly isSecureContext?: boolean;
  readonly navigator?: { readonly locks?: unknown };
  readonly crypto?: { readonly subtle?: unknown; readonly randomUUID?: unknown };
  readonly Worker?: unknown;
  readonly SharedWorker?: unknown;
  readonly MessageChannel?: unknown;
  readonly Array?: unknown;
  readonly Object?: unknown;
  readonly AbortSignal?: unknown;
}

/**
 * Checks that the page has the features that Petrel needs. Browsers withhold locks and WebCrypto from a page that was loaded neither over
 * https nor from localhost.
 * @throws ClientError `insecure-context` or `missing-features`, with `data.missing` a comma-separated list.
 */
export function requireFeatures(surroundings: Surroundings): void {
  const missing = [
    surroundings.navigator?.locks === undefined && 'navigator.locks',
    surroundings.crypto?.subtle === undefined && 'crypto.subtle',
    surroundings.crypto?.randomUUID === undefined && 'crypto.randomUUID',
    surroundings.SharedWorker === undefined && surroundings.Worker === undefined && 'Worker',
    surroundings.MessageChannel === undefined && 'MessageChannel',
    ...missingLanguage(surroundings),
  ].filter((name) => name !== false);
  if (surroundings.isSecureContext !== true) throw new ClientError('insecure-context', { missing: missing.join(', ') });
  if (missing.length > 0) throw new ClientError('missing-features', { missing: missing.join(', ') });
}
