import type { LightChain } from '../chain/light-chain.ts';
import type { ProofRecord } from '../chain/proof-record.ts';
import type { BulkVerifier } from '../sync/past/bulk-verifier.ts';
import { type StoredWay, verifyStoredWay, type WayOptions } from '../sync/past/stored-way.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Clock } from '../../../base/clock.ts';

export interface StoredCheckOptions {
  readonly chain: LightChain;
  readonly bulk: BulkVerifier;
  readonly clock: Clock;
  readonly way: StoredWay;
  /** The claims of the records in the store. */
  readonly claims: readonly ProofRecord[];
  /** The newest election block of the restored chain; undefined if none was restored. */
  readonly restored: LightChain['electionHead'] | undefined;
  /** See `WayOptions`. */
  readonly known?: WayOptions['known'];
  readonly signal: AbortSignal;
}

/**
 * `refused`: a stored block or proof breaks a rule, so nothing stored can be used. `records`: what is verified now, for each origin as far
 * as the store can show it; a record that reaches the restored election block gives the chain's anchor. `verified`: the election blocks on
 * these ways; `bases`: the blocks that the ways begin with.
 */
export type StoredVerdict =
  | { readonly kind: 'checked'; readonly records: readonly ProofRecord[]; readonly verified: ReadonlySet<Hash>; readonly bases: ReadonlySet<Hash> }
  | { readonly kind: 'refused'; readonly code: string; readonly height: number; readonly hash: string };

/**
 * Verifies the loaded data as if a peer had sent it: the blocks after the newest macro block, and the way from genesis or the pinned block.
 * The restored chain itself is verified from its election block on (`restoreChain`). Rejects with the signal's reason, or when `verify`
 * does.
 */
export async function checkStored({ chain, bulk, clock, way, claims, restored, known, signal }: StoredCheckOptions): Promise<StoredVerdict> {
  // Runs beside the way, but begins after it: the way's jobs take longest, and while a verifier runs one of them, this thread can run these.
  let tail: ReturnType<LightChain['verifyTail']> | undefined;
  const startTail = () => {
    tail ??= restored ? chain.verifyTail({ signal }) : Promise.resolve(undefined);
    tail.catch(() => {});
    return tail;
  };
  const records: ProofRecord[] = [];
  const verified = new Set<Hash>();
  const bases = new Set<Hash>();
  for (const origin of ['genesis', 'pinned'] as const) {
    const claim = claims.find((record) => record.origin === origin);
    for (const target of [restored, claim?.head]) {
      if (!target || target.hash === chain.genesis.hash) continue;
      const outcome = await verifyStoredWay({ way, chain, bulk, clock, origin, target, known, onAsked: startTail, signal });
      if (outcome.kind === 'refused') return outcome;
      if (outcome.kind === 'incomplete') continue;
      records.push(outcome.record);
      outcome.row.forEach((hash) => verified.add(hash));
      bases.add(outcome.base);
      break;
    }
    // A way from genesis proves more than one from the pinned block, so that one is not needed.
    if (records[0] && records[0].head.hash === restored?.hash) break;
  }
  const bad = await startTail();
  return bad ? { kind: 'refused', ...bad } : { kind: 'checked', records, verified, bases };
}
