// Tests: `src/chains/albatross/transactions/verify-transaction.test.ts`.
import { bool, bytes, coin, constant, fixed, struct, u32be, u8, union } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { DecodeError, EncodeError } from '../../../base/postcard/errors.ts';
import type { BasicTransaction, ExecutedTransaction, ExtendedTransaction, Transaction, WebauthnFields } from './types.ts';

/** Bytes. Policy allows one byte (a staking transaction's type). The decoder allows more, because the limit is a rule and not part of the format. */
const MAX_SENDER_DATA = 255;
/** Bytes. Policy's MAX_TX_RECIPIENT_DATA_SIZE, which the reference enforces in its decoder. */
const MAX_RECIPIENT_DATA = 2112;
/** Bytes. The protocol has no limit of its own; the micro body that must hold it is at most this long. */
const MAX_PROOF = 100_000;
/** Bytes. Policy's MAX_SUPPORTED_WEB_AUTH_SIZE limits all three fields together. */
const MAX_WEBAUTHN_FIELD = 512;

/** Low nibble of `proofFlags`: the curve. */
const ALGORITHM_MASK = 0x0f;
const ES256 = 1;
/** Bit 4 of `proofFlags`. */
const WEBAUTHN = 0x10;
/** Bits without a meaning. The reference drops them when it encodes again, so no block can hold a transaction with them. */
const UNUSED_FLAGS = 0xe0;

const publicKeys = [fixed(32), fixed(33)] as const;
const signature = fixed(64);
const address = fixed(20);
const webauthnField = bytes(MAX_WEBAUTHN_FIELD);

/** After the signature of a proof whose flag says so. */
export const webauthnFields = struct<WebauthnFields>({
  originJson: webauthnField,
  hasCrossOriginField: bool,
  clientDataExtraJson: webauthnField,
  authenticatorDataSuffix: webauthnField,
});

/** The fields between public key and signature. */
const basicMiddle = struct<Pick<BasicTransaction, 'recipient' | 'value' | 'fee' | 'validityStartHeight' | 'network'>>({
  recipient: address,
  value: coin,
  fee: coin,
  validityStartHeight: u32be,
  network: u8,
});

/** Its flags decide the size of the public key and whether WebAuthn fields follow (Albatross network reference, 3.4). */
const basicTransaction: Codec<BasicTransaction> = {
  read: (r) => {
    const start = r.offset;
    const proofFlags = r.u8();
    const publicKey = publicKeys[proofFlags & ALGORITHM_MASK];
    if (publicKey === undefined || (proofFlags & UNUSED_FLAGS) !== 0) throw new DecodeError('invalid-value', start, `proof flags ${proofFlags}`);
    const senderPublicKey = publicKey.read(r);
    return {
      type: 'basic',
      proofFlags,
      senderPublicKey,
      ...basicMiddle.read(r),
      signature: signature.read(r),
      webauthn: (proofFlags & WEBAUTHN) === 0 ? undefined : webauthnFields.read(r),
    };
  },
  write: (w, value) => {
    const { proofFlags } = value;
    if ((proofFlags & ALGORITHM_MASK) > ES256 || (proofFlags & UNUSED_FLAGS) !== 0) throw new EncodeError('out-of-range', `proof flags ${proofFlags}`);
    const flagged = (proofFlags & WEBAUTHN) !== 0;
    if (flagged !== (value.webauthn !== undefined)) throw new EncodeError('inconsistent', 'the flag and the presence of WebAuthn fields');
    w.u8(proofFlags);
    publicKeys[(proofFlags & ALGORITHM_MASK) as 0 | 1].write(w, value.senderPublicKey);
    basicMiddle.write(w, value);
    signature.write(w, value.signature);
    if (value.webauthn !== undefined) webauthnFields.write(w, value.webauthn);
  },
  minSize: 1 + 32 + 20 + 8 + 8 + 4 + 1 + 64,
};

const extendedTransaction = struct<ExtendedTransaction>({
  type: constant('extended'),
  sender: address,
  senderType: u8,
  senderData: bytes(MAX_SENDER_DATA),
  recipient: address,
  recipientType: u8,
  recipientData: bytes(MAX_RECIPIENT_DATA),
  value: coin,
  fee: coin,
  validityStartHeight: u32be,
  network: u8,
  flags: u8,
  proof: bytes(MAX_PROOF),
});

/**
 * 0 Basic, 1 Extended. The reference encodes every transaction that fits as Basic; an Extended one that would have fitted is read and
 * written here unchanged.
 */
export const transaction = union<Transaction>({ basic: basicTransaction, extended: extendedTransaction });

/** 0: it succeeded, 1: it failed and only paid its fee; then the transaction. */
export const executedTransaction: Codec<ExecutedTransaction> = {
  read: (r) => {
    const start = r.offset;
    const tag = r.varint(0xffff_ffff);
    if (tag > 1) throw new DecodeError('unknown-variant', start, `index ${tag} of Ok, Err`);
    return { succeeded: tag === 0, transaction: transaction.read(r) };
  },
  write: (w, value) => {
    w.u8(value.succeeded ? 0 : 1);
    transaction.write(w, value.transaction);
  },
  minSize: 1 + (transaction.minSize ?? 0),
};
