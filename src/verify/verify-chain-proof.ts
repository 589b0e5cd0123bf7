import type { CheckedProof } from './checked-proof.ts';
import { proofKindOf } from './proof-kinds.ts';

export interface ChainProofOptions {
  /** The content of the network file, as JSON gives it. Only what it names is trusted: validators, or a checkpoint. Checked here. */
  readonly network?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Verifies a proof file of another chain than Albatross: a state proof of HotStuff-2 or of Stacks, or a receipt of Moloch. It needs no network and no client.
 * Takes any bytes. Resolves with what was checked, step by step; with undefined if the file is of none of these kinds. Rejects with the signal's reason only.
 */
export async function verifyChainProof(bytes: Uint8Array, { network, signal = new AbortController().signal }: ChainProofOptions = {}): Promise<CheckedProof | undefined> {
  const kind = proofKindOf(bytes);
  if (!kind) return undefined;
  const { chain, maxBytes } = kind;
  if (bytes.length > maxBytes) return { ok: false, chain, value: [], steps: [{ name: 'form', state: 'failed', code: 'too-large', data: { bytes: bytes.length, limit: maxBytes } }] };
  const check = await kind.load();
  signal.throwIfAborted();
  return check(bytes, { network, signal });
}
