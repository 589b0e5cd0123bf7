/**
 * What a page is told of accounts and transactions: plain, clonable values. Addresses are texts as people read them (`NQ07 0000 …`), amounts
 * in Luna (1 NIM = 100 000 Luna), times Unix milliseconds, hashes and keys lower-case hex. The shapes are those of the official client's
 * plain values, so that both can be compared field by field.
 * @module
 */

/** An account under its address. Where nothing is stored under an address, it is a basic account with balance 0. */
export type AccountView =
  | { readonly type: 'basic'; readonly balance: number }
  | {
      readonly type: 'vesting';
      readonly balance: number;
      readonly owner: string;
      readonly startTime: number;
      readonly timeStep: number;
      readonly stepAmount: number;
      readonly totalAmount: number;
    }
  | {
      readonly type: 'htlc';
      readonly balance: number;
      readonly sender: string;
      readonly recipient: string;
      readonly hashAlgorithm: 'blake2b' | 'sha256' | 'sha512';
      readonly hashRoot: string;
      readonly hashCount: number;
      readonly timeout: number;
      readonly totalAmount: number;
    }
  | {
      readonly type: 'staking';
      readonly balance: number;
      /** Address and stake. */
      readonly activeValidators: readonly (readonly [string, number])[];
      /** Address and slots. */
      readonly currentEpochDisabledSlots: readonly (readonly [string, readonly number[]])[];
      readonly previousDisabledSlots: readonly number[];
    };

export interface StakerView {
  /** The active stake. */
  readonly balance: number;
  /** The validator that the stake is delegated to. */
  readonly delegation: string | undefined;
  readonly inactiveBalance: number;
  /** The block at which the inactive stake became inactive; may be in the future. */
  readonly inactiveFrom: number | undefined;
  /** The block from which the inactive stake can be retired or delegated anew. */
  readonly inactiveRelease: number | undefined;
  readonly retiredBalance: number;
}

export interface ValidatorView {
  readonly signingPublicKey: string;
  readonly votingPublicKey: string;
  readonly rewardAddress: string;
  readonly signalData: string | undefined;
  readonly totalStake: number;
  readonly deposit: number;
  readonly numStakers: number;
  readonly inactiveFrom: number | undefined;
  readonly inactiveRelease: number | undefined;
  readonly retired: boolean;
  readonly jailedFrom: number | undefined;
  readonly jailedRelease: number | undefined;
}

/** A validator of the running epoch. */
export interface ElectedValidatorView {
  readonly address: string;
  readonly numSlots: number;
}

/**
 * Where a transaction is. `included`: proven, in a block that can still change. `confirmed`: proven, in a final block. `sent`: given to the
 * network, not seen in a block. `expired`: its validity window is over, and the peers that were asked could not prove it. `reverted`: its block
 * was replaced, and it is in no other.
 */
export type TransactionState = 'sent' | 'included' | 'confirmed' | 'expired' | 'reverted';

/** A transaction whose place in the chain was proven here. */
export interface TransactionView {
  readonly hash: string;
  /** `reward`: paid to a validator by a macro block; such a transaction has no bytes. */
  readonly kind: 'transaction' | 'reward';
  readonly state: Extract<TransactionState, 'included' | 'confirmed'>;
  readonly sender: string;
  readonly recipient: string;
  readonly value: number;
  readonly fee: number;
  readonly blockHeight: number;
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly confirmations: number;
  /** False: it failed, and only its fee was paid. */
  readonly executionResult: boolean;
  /** As on the wire, with its signature. */
  readonly bytes: Uint8Array;
}

/** A page of an address's transactions, newest first. */
export interface TransactionPage {
  readonly transactions: readonly TransactionView[];
  /**
   * That a peer leaves out none cannot be proven. `agreed`: the lists of two peers had the same. `claimed`: only one
   * peer could be asked, or the lists differed; then all that was proven is here.
   */
  readonly complete: 'agreed' | 'claimed';
  /** Transactions that a peer named and no peer could prove. */
  readonly unproven: readonly string[];
  /** Whether older ones may follow: pass the hash of the last one as `before`. */
  readonly more: boolean;
}

/** What has become of a transaction that was sent here or that concerns a watched address. */
export interface TransactionUpdate {
  readonly hash: string;
  readonly state: TransactionState;
  /** The transaction as it was proven last; undefined as long as it was not seen in a block. */
  readonly transaction: TransactionView | undefined;
  /** The sender, the recipient and, of a stake that is added, the staker. */
  readonly addresses: readonly string[];
}

/** Updates since an earlier question. Pass `next` to get those that follow. */
export interface TransactionUpdates {
  /** `subjects`: the addresses and hashes, as they were given, that the update concerns. */
  readonly updates: readonly (TransactionUpdate & { readonly subjects: readonly string[] })[];
  readonly next: number;
}

/** What a peer said about a transaction of an address; not proven. */
export interface ReceiptView {
  readonly hash: string;
  readonly height: number;
}
