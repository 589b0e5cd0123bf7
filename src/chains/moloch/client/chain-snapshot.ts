import { CodedError, type ErrorData } from '../../../base/coded-error.ts';
import { makeSnapshot, type MadeSnapshot } from '../chain/snapshot.ts';
import type { FinalBlocks } from './final-blocks.ts';
import type { TrustedHeader } from '../wire/trusted-header.ts';
import type { MolochNetwork } from '../chain/network.ts';

export type MolochSnapshotCode =
  /** There is no final block after genesis. */
  | 'nothing-final'
  /** Only headers were fetched, or the places of events had no room: a snapshot needs them all. */
  | 'places-unknown'
  /** It does not reach above the chain: `data.height`, `data.tip`. */
  | 'not-newer'
  /** It is of another chain than ours. */
  | 'not-linked'
  /** A rule that it breaks: `data.reason`. */
  | 'refused'
  /** It is no snapshot, or is cut: `data.reason`. */
  | 'damaged';

/** A snapshot that cannot be made or taken. Nothing has changed. */
export class MolochSnapshotError extends CodedError<MolochSnapshotCode> {
  override readonly name = 'MolochSnapshotError';
  constructor(code: MolochSnapshotCode, data?: ErrorData) {
    super(code, code, data);
  }
}

/** What a chain must say of itself for a snapshot. */
export interface SnapshotSource {
  readonly parameters: MolochNetwork;
  readonly finalBlocks: FinalBlocks;
  readonly finalProof: TrustedHeader | undefined;
}

/** The snapshot at the newest final block: undefined at genesis, and where the place of an event is not known. The same chain makes the same bytes. */
export function snapshotOf({ parameters, finalBlocks, finalProof }: SnapshotSource, chunkSize?: number): MadeSnapshot | undefined {
  if (!finalProof || !finalBlocks.indexed) return undefined;
  const { header } = finalProof;
  return makeSnapshot({
    chainId: parameters.chainId,
    validators: parameters.validators,
    trusted: finalProof,
    mmrNodes: finalBlocks.mmr.nodesOf(header.height),
    index: finalBlocks.places(),
    events: finalBlocks.events,
    created: header.time,
    chunkSize,
  });
}
