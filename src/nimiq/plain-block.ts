/**
 * Blocks as values that JSON can hold, field for field as the official client's. Hashes, seeds and keys are hex.
 * @module
 */

export interface PlainBlockCommonFields {
  hash: string;
  /** Bytes, without the body. */
  size: number;
  height: number;
  batch: number;
  epoch: number;
  /** Unix milliseconds. */
  timestamp: number;
  /** As `MainAlbatross`; in transactions it is in lower case. */
  network: string;
  version: number;
  prevHash: string;
  seed: string;
  extraData: string;
  stateHash: string;
  bodyHash: string;
  historyHash: string;
}

/** Who could make a micro block. */
export interface PlainSlot {
  slotNumber: number;
  /** In the user-friendly form. */
  validator: string;
  /** The voting key. */
  publicKey: string;
}

export interface PlainMacroBlock extends PlainBlockCommonFields {
  isElectionBlock: boolean;
  round: number;
  prevElectionHash: string;
}

export interface PlainMicroBlock extends PlainBlockCommonFields {
  producer: PlainSlot;
}

export type PlainBlock = ({ type: 'macro' } & PlainMacroBlock) | ({ type: 'micro' } & PlainMicroBlock);
