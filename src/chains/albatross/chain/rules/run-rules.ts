import type { DecodedKey, JobResult, Verify } from '../../../../crypto/jobs.ts';
import type { BlockErrorCode } from './codes.ts';
import type { JobRule, Rule } from './rule.ts';

/** The result of the expensive rules. `decoded`: the voting keys that the jobs decoded. */
export interface JobOutcome {
  /** The code of the first broken rule. */
  readonly code: BlockErrorCode | undefined;
  readonly decoded: readonly DecodedKey[];
}

/** The code of the first cheap rule that the block breaks. Skips expensive rules. */
export function firstBrokenCheck<C>(rules: readonly Rule<C>[], context: C): BlockErrorCode | undefined {
  return rules.find((rule) => 'check' in rule && !rule.check(context))?.code;
}

/** Runs the expensive rules in order, up to the first broken one. Skips cheap rules. Rejects only when `verify` does. */
export async function runJobs<C>(rules: readonly Rule<C>[], context: C, verify: Verify, signal?: AbortSignal): Promise<JobOutcome> {
  const decoded: DecodedKey[] = [];
  const results = new Map<JobRule<C>['job'], JobResult | 'broken' | undefined>();
  for (const rule of rules) {
    if (!('job' in rule)) continue;
    if (!results.has(rule.job)) {
      const job = rule.job(context);
      const result = job === undefined || job === 'broken' ? job : await verify(job, { signal });
      results.set(rule.job, result);
      if (result && result !== 'broken') decoded.push(...result.decoded);
    }
    const result = results.get(rule.job);
    if (result === 'broken' || (result?.valid === false && rule.blames(result.failure))) return { code: rule.code, decoded };
  }
  return { code: undefined, decoded };
}
