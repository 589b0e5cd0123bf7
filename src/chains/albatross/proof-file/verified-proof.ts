import type { Hash } from '../../../base/hash.ts';
import type { AnswerBlock } from '../../../engine/questions.ts';
import type { TrustLevel } from '../../../engine/trust.ts';
import type { AccountView, StakerView, TransactionView, ValidatorView } from '../chain/wallet-views.ts';

/** What the header of a proven block says, beside its height, hash and time. */
export interface ProvenBlockView {
  readonly type: 'micro' | 'checkpoint' | 'election';
  readonly version: number;
  readonly epoch: number;
  readonly batch: number;
  readonly parentHash: Hash;
  readonly stateRoot: Hash;
  readonly historyRoot: Hash;
  readonly bodyRoot: Hash;
}

/** What a file proves. Addresses are texts as people read them, amounts in Luna. */
export type ProvenStatement =
  /** As of the block. Where nothing is stored: a basic account with balance 0. */
  | { readonly type: 'account'; readonly address: string; readonly value: AccountView }
  /** As of the block. Undefined: it is proven that there is none. */
  | { readonly type: 'staker'; readonly address: string; readonly value: StakerView | undefined }
  | { readonly type: 'validator'; readonly address: string; readonly value: ValidatorView | undefined }
  /** In the history up to the block. Its confirmations are counted up to `finalBy`. */
  | { readonly type: 'transaction'; readonly hash: Hash; readonly value: TransactionView }
  | { readonly type: 'block'; readonly hash: Hash; readonly value: ProvenBlockView };

/** The election block from which everything else in a file follows, and why it counts. */
export type RestsOn =
  | { readonly kind: 'genesis'; readonly height: number; readonly hash: Hash }
  | { readonly kind: 'zk-proof'; readonly height: number; readonly hash: Hash }
  /** `pinned`: this release or the caller trusts it. Otherwise only the file names it, and anybody can make such a file. */
  | { readonly kind: 'named'; readonly height: number; readonly hash: Hash; readonly pinned: boolean };

/** A proof file that was verified. */
export interface VerifiedProof {
  /** `development`: anybody can make blocks of this network, so the proof is worth nothing outside of it. */
  readonly network: { readonly name: string; readonly genesisHash: Hash; readonly development: boolean };
  readonly statement: ProvenStatement;
  /** `proven`: rests on the genesis block. `pinned`: on a block that this release or the caller trusts. `claimed`: on a block that only the file names. */
  readonly level: TrustLevel;
  /** A file has only what is final. */
  readonly finality: 'final';
  /** The block that the statement stands on. */
  readonly block: AnswerBlock;
  /** The macro block by which that block is final: itself, or one above it that leads to it by parent hashes or the hashes of election blocks. */
  readonly finalBy: AnswerBlock;
  readonly restsOn: RestsOn;
  /** What was verified on the way. */
  readonly checked: {
    /** Macro blocks with the signatures of two thirds of the slots. */
    readonly signed: number;
    /** Blocks that another block names by its hash. */
    readonly named: number;
  };
}
