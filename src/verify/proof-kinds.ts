/**
 * The kinds of proof files that are not of Albatross, told apart by their first bytes. What verifies a kind is loaded when the first file of that kind
 * is opened.
 */

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
}

/**
 * Takes any bytes. `network`: the parameters that the page was opened with, unchecked; undefined: they are of another chain, so that nothing says
 * which validators to trust. Rejects with the signal's reason only.
 */
export type CheckProof = (bytes: Uint8Array, options: { readonly network: unknown; readonly signal: AbortSignal }) => Promise<CheckedProof>;

export interface ProofKind {
  readonly chain: string;
  /** The file's first bytes, ASCII. */
  readonly magic: string;
  /** Bytes; a larger file is not read. */
  readonly maxBytes: number;
  readonly load: () => Promise<CheckProof>;
}

export const proofKinds: readonly ProofKind[] = [];

/** The kind of a file; undefined: of none of these. */
export function proofKindOf(start: Uint8Array, kinds: readonly ProofKind[] = proofKinds): ProofKind | undefined {
  return kinds.find(({ magic }) => start.length >= magic.length && Array.from(magic).every((letter, at) => letter.charCodeAt(0) === start[at]));
}
