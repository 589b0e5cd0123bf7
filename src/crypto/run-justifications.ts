/**
 * The `justifications` job. Keys are decoded only as items need them, and never many more than the next equation uses. So a forged chain of
 * blocks with ever new keys is detected before all of those keys are decoded.
 * @module
 */
import type { BlsVerifier } from './bls-verifier.ts';
import type { Signer } from './signer.ts';
import type { DecodedKey, JobFailure, JobResult, JustificationsJob } from './jobs.ts';
import type { BatchItem } from './justification-batch.ts';
import { isNews } from './voting-key.ts';
import type { VotingKey } from './voting-key.ts';

/** There are no more slots, hence no more signers. */
const MAX_SIGNERS = 512;
/** Bounds of a job: the answer to a request for macro blocks has at most 1000 epochs, and four full sets of keys. */
const MAX_ITEMS = 1024;
const MAX_KEYS = 2048;

/** Keys decoded (some 30 ms each) after which the items so far are verified before more keys are decoded. */
const MAX_UNPROVEN_KEYS = 128;

export function* runJustifications<E>(verifier: BlsVerifier<E>, { keys, items }: JustificationsJob): Generator<void, JobResult> {
  const known = new Map<number, VotingKey<E>>();
  const decoded = new Set<DecodedKey>();
  let unproven = 0;
  /** Items whose keys are decoded and whose signatures are not verified yet; the first of them is item `begin`. */
  let open: BatchItem<E>[] = [];
  let begin = 0;
  const failed = (failure: JobFailure, at: number): JobResult => ({ valid: false, failure, at, decoded: [...decoded] });

  if (items.length > MAX_ITEMS || keys.length > MAX_KEYS) return failed('multi-signature', 0);

  function* signersOf(item: JustificationsJob['items'][number]): Generator<void, Signer<E>[] | JobFailure> {
    // There is no such key, so the job is invalid in any case.
    if (item.signers.length > MAX_SIGNERS || item.signers.some(({ key }) => !keys[key])) return 'multi-signature';
    const signers: Signer<E>[] = [];
    for (const { key: index, weight } of item.signers) {
      let key = known.get(index);
      if (!key) {
        const given = keys[index]!;
        if (!given.decoded && !verifier.keys.has(given.compressed)) unproven++;
        key = yield* verifier.keys.decodeSteps(given);
        if (!key) return 'voting-key';
        known.set(index, key);
        // A key that came decoded takes no step of its own, so yield here.
        yield;
        if (isNews(key, given.decoded)) decoded.add(key.decoded);
      }
      signers.push({ key, weight });
    }
    return signers;
  }

  for (const [at, item] of items.entries()) {
    const signers = yield* signersOf(item);
    const isBad = !Array.isArray(signers);
    if (!isBad) open.push({ ...item, signers });
    if (!isBad && unproven <= MAX_UNPROVEN_KEYS && at < items.length - 1) continue;
    const bad = yield* verifier.firstInvalidSteps(open);
    if (bad !== undefined) return failed('multi-signature', begin + bad);
    if (isBad) return failed(signers, at);
    open = [];
    begin = at + 1;
    unproven = 0;
  }
  return { valid: true, decoded: [...decoded] };
}
