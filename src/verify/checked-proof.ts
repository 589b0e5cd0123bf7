/** What came of a proof file of another chain than Albatross, step by step. */

/** One thing that was checked, in order. `open`: not reached, because an earlier one failed. */
export interface CheckedStep {
  /** Such as `finality`. The page has a text for it by the chain. */
  readonly name: string;
  readonly state: 'done' | 'failed' | 'open';
  /** Why it failed. */
  readonly code?: string | undefined;
  /** What it showed, or what was wrong. */
  readonly data: Readonly<Record<string, string | number>>;
}

/** What came of a file. Nothing in it was taken on the file's own word. */
export interface CheckedProof {
  readonly ok: boolean;
  readonly chain: string;
  /** What it states, by name: `key`, `value`, `block`, … Empty if it proves nothing. */
  readonly value: readonly { readonly name: string; readonly text: string }[];
  readonly steps: readonly CheckedStep[];
  /** What no check of this chain's files shows, by name. Undefined: that fewer than a third of the validators were dishonest. */
  readonly assumed?: readonly string[];
}

/**
 * Takes any bytes. `network`: the parameters that the page was opened with, unchecked; undefined: they are of another chain, so that nothing says
 * which validators to trust. Rejects with the signal's reason only.
 */
export type CheckProof = (bytes: Uint8Array, options: { readonly network: unknown; readonly signal: AbortSignal }) => Promise<CheckedProof>;

/** The steps in their order: those before the failed one are right, those after it are open. If the file names an unknown network, nothing else of it was read: all other steps are open. `shown`: what right ones showed. */
export function stepsOf<Step extends string>(names: readonly Step[], failed: { readonly step: Step; readonly code: string; readonly data: CheckedStep['data'] } | undefined, shown: Partial<Readonly<Record<Step, CheckedStep['data']>>> = {}): readonly CheckedStep[] {
  const at = failed === undefined ? names.length : names.indexOf(failed.step);
  const right = failed?.code === 'unknown-network' ? 0 : at;
  return names.map((name, index) => {
    if (failed && index === at) return { name, state: 'failed', code: failed.code, data: failed.data };
    return { name, state: index < right ? 'done' : 'open', data: index < right ? (shown[name] ?? {}) : {} };
  });
}
