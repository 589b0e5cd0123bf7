/**
 * The frames that this side sends (Stacks reference, 6).
 * @module
 */
import type { RecoverableSigner } from '../../../crypto/secp256k1-sign.ts';
import { encodeFrame, frameHash, SIGNATURE_AT } from '../wire/frame.ts';
import { SIGNATURE_LENGTH } from '../wire/header.ts';
import type { PeerMessage } from '../wire/peer-message.ts';

/** What a peer and its other side must agree about. */
export interface PeerNetwork {
  readonly networkId: number;
  /** Top byte: network; lowest byte: epoch. `/v2/info` has it. */
  readonly peerVersion: number;
  /** Bitcoin blocks between a height and the stable one: 7 (Stacks reference, 6). */
  readonly confirmations: number;
}

/** What this side says of Bitcoin. A peer that knows the stable height compares the hash. */
export interface BurnView {
  readonly burnHeight: number;
  /** 64 hex digits. */
  readonly burnHash: string;
  /** `burnHeight` minus the network's confirmations. */
  readonly stableHeight: number;
  readonly stableHash: string;
}

/** A signed frame without relayers. Throws `StacksWireError` for a message that has no bytes. */
export function sealFrame(message: PeerMessage, sequence: number, { networkId, peerVersion }: PeerNetwork, view: BurnView, signer: RecoverableSigner): Uint8Array {
  const { burnHeight, burnHash, stableHeight, stableHash } = view;
  const preamble = { peerVersion, networkId, sequence, burnHeight, burnHash, stableHeight, stableHash, additional: 0, signature: new Uint8Array(SIGNATURE_LENGTH) };
  const frame = encodeFrame({ preamble, relayers: [], message });
  frame.set(signer.sign(frameHash(frame)), SIGNATURE_AT);
  return frame;
}
