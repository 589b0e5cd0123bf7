/**
 * What the widget's frame asks of the page `/confirm`, and what that page answers. Both are pages of the same origin. Over a `MessagePort`
 * the values travel as they are; in the redirect flow they travel as JSON in the URL's fragment. Amounts are luna as decimal texts, so that
 * none is rounded; bytes are hex texts.
 * @module
 */

/** What every request says. The frame fills it in: a host cannot. */
interface RequestBase {
  /** Chosen by the asking page, 32 hex digits; the answer repeats it. */
  readonly nonce: string;
  /** The origin of the embedding page as the browser told it to the frame; `null` for hosts without one. */
  readonly host: string;
  /** As in the query of the app: a built-in network's name, or the path of a network file of this origin. */
  readonly network: string;
}

export interface AccountsRequest extends RequestBase {
  readonly kind: 'accounts';
}

export interface PaymentRequest extends RequestBase {
  readonly kind: 'payment';
  /** As people read it: `NQ07 …`. */
  readonly recipient: string;
  readonly value: string;
  readonly fee?: string | undefined;
  /** The transaction's data. */
  readonly message?: string | undefined;
  /** The paying address, if the host named one. */
  readonly sender?: string | undefined;
}

export interface StakingRequest extends RequestBase {
  readonly kind: 'staking';
  readonly action: 'create-staker' | 'add-stake' | 'update-staker' | 'set-active-stake' | 'retire-stake' | 'remove-stake';
  readonly value?: string | undefined;
  /** The validator's address. */
  readonly delegation?: string | undefined;
  readonly reactivateAllStake?: boolean | undefined;
  readonly fee?: string | undefined;
  readonly sender?: string | undefined;
}

export interface MessageRequest extends RequestBase {
  readonly kind: 'message';
  /** Signed with the prefix of Nimiq's wallets, never as it is. */
  readonly message: string;
  readonly signer?: string | undefined;
}

export type ConfirmRequest = AccountsRequest | PaymentRequest | StakingRequest | MessageRequest;

export type ConfirmAnswer = { readonly nonce: string } & (
  | { readonly kind: 'accounts'; readonly addresses: readonly string[] }
  /** `sent`: the page's own client gave it to peers. */
  | { readonly kind: 'transaction'; readonly transaction: string; readonly hash: string; readonly sent: boolean }
  | { readonly kind: 'message'; readonly publicKey: string; readonly signature: string }
  /** `rejected`: the person refused or closed the page; `bad-request`: a field is wrong (`field`); `no-account`: this browser has no account that could sign. */
  | { readonly kind: 'refused'; readonly reason: 'rejected' | 'bad-request' | 'no-account'; readonly field?: string | undefined }
);

/** The message with which `/confirm` tells its opener that it is ready. The opener answers with `{ petrelRequest }` and a port. */
export interface ConfirmHello {
  readonly petrelConfirm: 1;
}
