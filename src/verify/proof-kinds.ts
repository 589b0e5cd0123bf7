/**
 * The kinds of proof files that are not of Albatross, told apart by their first bytes. What verifies a kind is loaded when the first file of that kind
 * is opened.
 */

import type { CheckProof } from './checked-proof.ts';

export interface ProofKind {
  readonly chain: string;
  /** The file's first bytes, ASCII. */
  readonly magic: string;
  /** Bytes; a larger file is not read. */
  readonly maxBytes: number;
  readonly load: () => Promise<CheckProof>;
}

export const proofKinds: readonly ProofKind[] = [
  { chain: 'hotstuff2', magic: 'HS2PROOF', maxBytes: 16 * 1024 * 1024, load: async () => (await import('./check-hotstuff2-proof.ts')).checkHotStuff2Proof },
  { chain: 'moloch', magic: 'MRCPT001', maxBytes: 4 * 1024 * 1024, load: async () => (await import('./check-moloch-receipt.ts')).checkMolochReceipt },
  { chain: 'stacks', magic: 'STXPROOF', maxBytes: 16 * 1024 * 1024, load: async () => (await import('./check-stacks-proof.ts')).checkStacksProof },
];

/** The kind of a file; undefined: of none of these. */
export function proofKindOf(start: Uint8Array, kinds: readonly ProofKind[] = proofKinds): ProofKind | undefined {
  return kinds.find(({ magic }) => start.length >= magic.length && Array.from(magic).every((letter, at) => letter.charCodeAt(0) === start[at]));
}
