import { createHash } from 'node:crypto';
import { idAndRootOf } from '../../src/chains/stacks/proofs/block-root.ts';
import { verifyMarfProof } from '../../src/chains/stacks/proofs/verify-marf-proof.ts';
import { decodeMarfProof } from '../../src/chains/stacks/wire/marf-proof.ts';
import { sha512_256 } from '../../src/crypto/sha512-256.ts';
import { headerOfBlock, recordedProofs } from '../../test/support/stacks-proof-vectors.ts';
import { time, type Group } from '../chains/primitives.ts';

export interface ProofTimes {
  readonly segments: number;
  readonly proofs: number;
  /** Mean length in bytes. */
  readonly bytes: number;
  /** Milliseconds a proof, by the clock and of processor time. */
  readonly milliseconds: number;
  readonly processor: number;
}

const rootOfBlock = (block: string): string | undefined => {
  const header = headerOfBlock(block);
  return header && idAndRootOf(header).stateRoot;
};

/** Milliseconds of the first proof of the process, whose code is cold: a reader of one answer waits for it. */
export function timeFirstProof(): { readonly bytes: number; readonly milliseconds: number } {
  const { bytes, key, value, root } = recordedProofs.find(({ segments }) => segments === 2)!;
  const began = performance.now();
  if (!verifyMarfProof(decodeMarfProof(bytes), { key, value, root, rootOfBlock }).ok) throw new Error('a proof is refused');
  return { bytes: bytes.length, milliseconds: performance.now() - began };
}

/** The recorded proofs of the original node, decoded and verified, by the number of their segments. The headers that they pass are hashed, too. Throws if one is refused. */
export async function timeProofs(): Promise<readonly ProofTimes[]> {
  const bySegments = new Map<number, typeof recordedProofs>();
  for (const proof of recordedProofs) {
    const { segments } = proof;
    if (segments > 0) bySegments.set(segments, [...(bySegments.get(segments) ?? []), proof]);
  }
  const times: ProofTimes[] = [];
  for (const [segments, proofs] of [...bySegments].toSorted(([a], [b]) => a - b)) {
    const timed = await time('', () => {
      for (const { bytes, key, value, root } of proofs) if (!verifyMarfProof(decodeMarfProof(bytes), { key, value, root, rootOfBlock }).ok) throw new Error('a proof is refused');
    });
    times.push({ segments, proofs: proofs.length, bytes: proofs.reduce((sum, { bytes }) => sum + bytes.length, 0) / proofs.length, milliseconds: timed.milliseconds / proofs.length, processor: timed.processor / proofs.length });
  }
  return times;
}

/** SHA-512/256, which takes nearly all of a proof's time. */
export async function rivalsOfProofs(): Promise<Group> {
  const bytes = new Uint8Array(17_000).fill(7);
  return {
    title: 'SHA-512/256 of 17 000 bytes, about one segment of a proof',
    rows: [await time('noble, as a client hashes', () => sha512_256(bytes)), await time('`node:crypto`', () => createHash('sha512-256').update(bytes).digest())],
  };
}
