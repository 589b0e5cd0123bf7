// Tests: `src/chains/moloch/proofs/verify-receipt.test.ts`.
import type { MolochNetwork } from '../chain/network.ts';
import type { CompactProof } from '../wire/compact-proof.ts';
import { encodeEvent, type MolochEvent } from '../wire/event.ts';
import type { MolochHeader } from '../wire/header.ts';
import type { TrustedHeader } from '../wire/trusted-header.ts';
import { encodeReceipt } from './receipt-file.ts';
import { genesisCheckpoint } from './verify-receipt.ts';

export interface ReceiptParts {
  readonly network: MolochNetwork;
  /** The signed header that the proof rests on: the block's own, or a later one that the proof's range is for. */
  readonly trusted: TrustedHeader;
  /** Of the event's block. */
  readonly header: MolochHeader;
  readonly proof: CompactProof;
  readonly event: MolochEvent;
}

/** The file of a receipt: it rests on the pinned checkpoint where the network has one, else on genesis. */
export function makeMolochReceipt({ network, trusted, header, proof, event }: ReceiptParts): Uint8Array {
  return encodeReceipt({
    chainId: network.chainId,
    genesisHash: network.genesisHash,
    checkpoint: network.checkpoint ?? genesisCheckpoint(network),
    trusted: [trusted],
    header,
    proof,
    event: encodeEvent(event),
  });
}
