/** What HotStuff-2 tells of heads, blocks and networks beyond what every chain has. */

import type { ChainDetails } from '../../../engine/view.ts';

export interface HotStuff2Head extends ChainDetails {
  readonly chain: 'hotstuff2';
  /**
   * `claimed`: a peer's word. `linked`: hashes bind it to a certified block. `certified`: one quorum certificate is on it, and another block can
   * still take its place. `final`: the two-chain rule holds for it or for a block after it. `checkpoint`: the block that the chain here begins with
   * (HotStuff-2 reference, 3).
   */
  readonly grade: 'claimed' | 'linked' | 'certified' | 'final' | 'checkpoint';
  readonly view: number;
  /** Index in the list of validators. */
  readonly proposer: number;
  /** Validators whose votes are in the certificate on this block; undefined: this client holds none. */
  readonly signers: number | undefined;
  readonly validators: number;
}

/** All roots and hashes: 64 lower-case hex digits. */
export interface HotStuff2Block extends HotStuff2Head {
  readonly stateRoot: string;
  readonly payloadRoot: string;
  readonly validatorsHash: string;
  readonly nextValidatorsHash: string;
}

export interface HotStuff2Network extends ChainDetails {
  readonly chain: 'hotstuff2';
  /** Of the genesis. */
  readonly validators: number;
  /** Votes that make a certificate. */
  readonly quorum: number;
  readonly scheme: 'ed25519' | 'bls';
}

/** A set of validators, as the question `getValidators` answers it. */
export interface HotStuff2Validators {
  readonly hash: string;
  /** The hash of the set that is announced; undefined: none is. */
  readonly next: string | undefined;
  readonly scheme: 'ed25519' | 'bls';
  readonly quorum: number;
  /** Lower-case hex, by index. */
  readonly keys: readonly string[];
}
