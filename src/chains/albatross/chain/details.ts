import type { ChainDetails } from '../../../engine/view.ts';

/** What a page is told of an Albatross block beyond what any chain's block has. */
export interface AlbatrossHead extends ChainDetails {
  readonly chain: 'albatross';
  readonly type: 'micro' | 'skip' | 'checkpoint' | 'election';
  readonly version: number;
  readonly epoch: number;
  readonly batch: number;
}

/** The rest of the header, when a page asks for one block. */
export interface AlbatrossBlock extends AlbatrossHead {
  readonly parentElectionHash: string | undefined;
  readonly stateRoot: string;
  readonly bodyRoot: string;
  readonly historyRoot: string;
  readonly extraData: Uint8Array;
}

/** The constants of an Albatross network. */
export interface AlbatrossNetwork extends ChainDetails {
  readonly chain: 'albatross';
  readonly blocksPerBatch: number;
  readonly batchesPerEpoch: number;
  /** Milliseconds. */
  readonly blockSeparationTime: number;
}
