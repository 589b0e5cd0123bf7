/**
 * The check of a compact proof (Moloch reference, 2.6). The crates' own check of the range refuses every correct proof; here all peaks are in the proof, and everything follows
 * from the number of blocks.
 * @module
 */
import { blockHash, eventId } from '../chain/hash.ts';
import { checkEventProof, proveEvent } from '../chain/events-root.ts';
import { checkMmrProof, type Mmr } from '../chain/mmr.ts';
import { leafPosition, mmrSize } from '../chain/mmr-shape.ts';
import type { CompactProof, MmrPart } from '../wire/compact-proof.ts';
import type { MolochEvent } from '../wire/event.ts';
import type { MolochHeader } from '../wire/header.ts';

export type ProofStep = 'event' | 'block' | 'inclusion' | 'chain';

/** Which step refused a proof, and why. */
export interface ProofFault {
  readonly step: ProofStep;
  readonly code: string;
  readonly data?: Readonly<Record<string, string | number>> | undefined;
}

/** That the event is in the block of this header. Codes: `other-event`, `other-height`, `other-block`, and those of `checkEventProof`. */
export function checkEventPart(proof: CompactProof, event: MolochEvent, header: MolochHeader): ProofFault | undefined {
  const id = eventId(event);
  if (proof.eventId !== id) return { step: 'event', code: 'other-event', data: { id: proof.eventId, expected: id } };
  if (proof.height !== header.height) return { step: 'block', code: 'other-height', data: { height: proof.height, expected: header.height } };
  const hash = blockHash(header);
  if (proof.blockHash !== hash) return { step: 'block', code: 'other-block', data: { hash: proof.blockHash, expected: hash } };
  const fault = checkEventProof({ id, index: proof.index, siblings: proof.siblings }, header);
  return fault && { step: 'inclusion', code: fault.code, data: fault.data };
}

/**
 * That the block of the proof is one of those before a later header. Codes: `mmr-missing`, `mmr-size`, `mmr-position`, and those of `checkMmrProof`.
 */
export function checkChainPart({ height, blockHash: leaf, mmr }: CompactProof, later: { readonly height: number; readonly mmrRoot: string }): ProofFault | undefined {
  if (!mmr) return { step: 'chain', code: 'mmr-missing' };
  const size = mmrSize(later.height);
  if (mmr.size !== size) return { step: 'chain', code: 'mmr-size', data: { size: mmr.size, expected: size } };
  const position = leafPosition(height);
  if (mmr.position !== position) return { step: 'chain', code: 'mmr-position', data: { position: mmr.position, expected: position } };
  const fault = checkMmrProof({ leaf, index: height, leaves: later.height, siblings: mmr.siblings, peaks: mmr.peaks }, later.mmrRoot);
  return fault && { step: 'chain', code: fault.code, data: fault.data };
}

/** The proof of event `index` of a block. `mmr`: a range over at least the blocks up to it, for the part that a header at height `leaves` proves. */
export function makeCompactProof(
  block: { readonly header: MolochHeader; readonly events: readonly MolochEvent[] },
  index: number,
  mmr?: { readonly range: Mmr; readonly leaves: number },
): CompactProof {
  const ids = block.events.map(eventId);
  const { height } = block.header;
  const part = mmr?.range.prove(height, mmr.leaves);
  const mmrPart: MmrPart | undefined = part && { position: leafPosition(height), size: mmrSize(part.leaves), siblings: part.siblings, peaks: part.peaks };
  return { eventId: ids[index]!, height, blockHash: blockHash(block.header), siblings: proveEvent(ids, index), index, mmr: mmrPart };
}
