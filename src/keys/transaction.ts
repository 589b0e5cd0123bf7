import { toHex } from '../base/bytes.ts';
import { decode, encode } from '../base/postcard/codec.ts';
import { DecodeError, EncodeError } from '../base/postcard/errors.ts';
import { accountTypes, transactionFlags } from '../chains/albatross/transactions/account-type.ts';
import { transactionContent } from '../chains/albatross/transactions/content.ts';
import { contractAddress } from '../chains/albatross/transactions/contract-address.ts';
import { deriveFormat, extendedForm } from '../chains/albatross/transactions/derive-format.ts';
import { innerContent, stakingData, withInnerProof } from '../chains/albatross/transactions/staking-data.ts';
import { signatureProof } from '../chains/albatross/transactions/signature-proof.ts';
import { TransactionError } from '../chains/albatross/transactions/transaction-error.ts';
import { transactionHash } from '../chains/albatross/transactions/transaction-hash.ts';
import { isValidAt } from '../chains/albatross/transactions/validity-window.ts';
import { verifyTransaction } from '../chains/albatross/transactions/verify-transaction.ts';
import { transaction as transactionCodec } from '../chains/albatross/wire/transactions.ts';
import type { ExtendedTransaction } from '../chains/albatross/wire/types.ts';
import type { AccountType } from './account-type.ts';
import { Address } from './address.ts';
import { integerOf, lunaOf } from './amounts.ts';
import { Freeable } from './freeable.ts';
import { requireHex } from './input.ts';
import type { KeyPair } from './key-pair.ts';
import { KeysError } from './keys-error.ts';
import { networkIdOf, networkName } from './network-names.ts';
import { plainProof, plainRecipientData, plainSenderData } from './plain-data.ts';
import type { PlainAccountType, PlainTransaction } from './plain-transaction.ts';
import { SignatureProof } from './signature-proof.ts';
import type { TransactionFlag } from './transaction-flag.ts';
import type { TransactionFormat } from './transaction-format.ts';
import { validityOf } from './network-policy.ts';

const plainTypes: readonly PlainAccountType[] = ['basic', 'vesting', 'htlc', 'staking'];
const MAX_U32 = 0xffff_ffff;
/** The version of a block has two bytes. */
const MAX_U16 = 0xffff;
const NO_BYTES = new Uint8Array(0);

/**
 * A transfer of value, the creation of a contract, or a signal to the staking contract. Its data and proof can be set; the rest is fixed.
 * Amounts are in Luna.
 */
export class Transaction extends Freeable {
  #fields: ExtendedTransaction;

  /**
   * Unsigned. Types are 0 where they are null or undefined. With the flag for the creation of a contract (1), the recipient is replaced
   * by the contract's address.
   * @throws {KeysError} `wrong-type`, `out-of-range`, `unknown-network`; `invalid-data` for a creation or signal without data, the creation of a
   *   basic account, a signal with a value, or either with sender data. The official class drops the last two without a word.
   */
  constructor(
    sender: Address,
    senderType: number | null | undefined,
    senderData: Uint8Array | null | undefined,
    recipient: Address,
    recipientType: number | null | undefined,
    recipientData: Uint8Array | null | undefined,
    value: bigint,
    fee: bigint,
    flags: number | null | undefined,
    validityStartHeight: number,
    networkId: number,
  ) {
    super();
    networkName(networkId);
    const fields: ExtendedTransaction = {
      type: 'extended',
      sender: sender.serialize(),
      senderType: accountTypeOf(senderType ?? accountTypes.basic),
      senderData: optionalBytes(senderData, 'sender data'),
      recipient: recipient.serialize(),
      recipientType: accountTypeOf(recipientType ?? accountTypes.basic),
      recipientData: optionalBytes(recipientData, 'recipient data'),
      value: lunaOf(value, 'value'),
      fee: lunaOf(fee, 'fee'),
      validityStartHeight: integerOf(validityStartHeight, MAX_U32, 'validity start height'),
      network: networkId,
      flags: flagsOf(flags ?? 0),
      proof: NO_BYTES,
    };
    if (fields.flags !== 0 && (recipientData === null || recipientData === undefined)) throw new KeysError('invalid-data', 'recipient data: missing, though the flags ask for it');
    if (fields.flags !== 0 && fields.senderData.length > 0) throw new KeysError('invalid-data', 'sender data: a creation or signal has none');
    if (fields.flags === transactionFlags.signaling && fields.value > 0) throw new KeysError('invalid-data', 'value: a signal has none');
    if (fields.flags === transactionFlags.contractCreation && fields.recipientType === accountTypes.basic) throw new KeysError('invalid-data', 'recipient type: expected that of a contract');
    this.#fields = fields.flags === transactionFlags.contractCreation ? { ...fields, recipient: contractAddress(fields) } : fields;
  }

  /**
   * Of the bytes of one transaction. Unlike the official class, it takes no longer arrays.
   * @throws {KeysError} `wrong-type`, `unknown-format`, `out-of-range`, `unknown-network`.
   */
  static deserialize(bytes: Uint8Array): Transaction {
    if (!(bytes instanceof Uint8Array)) throw new KeysError('wrong-type', `transaction: expected bytes, got ${typeof bytes}`);
    try {
      const fields = extendedForm(decode(transactionCodec, bytes));
      const transaction = blank(fields.network);
      transaction.#fields = { ...fields, senderType: accountTypeOf(fields.senderType), recipientType: accountTypeOf(fields.recipientType), flags: flagsOf(fields.flags) };
      return transaction;
    } catch (error) {
      if (error instanceof DecodeError || error instanceof TransactionError) throw new KeysError('unknown-format', `transaction: ${error.message}`);
      throw error;
    }
  }

  /**
   * From a transaction, its plain form, its bytes, or these in hex.
   * @throws {KeysError} as `deserialize` and `fromPlain`.
   */
  static fromAny(transaction: Transaction | PlainTransaction | string | Uint8Array): Transaction {
    if (transaction instanceof Transaction) return transaction;
    if (typeof transaction === 'string') return Transaction.deserialize(requireHex(transaction, 'transaction'));
    if (transaction instanceof Uint8Array) return Transaction.deserialize(transaction);
    if (typeof transaction === 'object' && transaction !== null) return Transaction.fromPlain(transaction);
    throw new KeysError('wrong-type', 'Failed to parse transaction.');
  }

  /**
   * From the plain form. Of data and proof, `raw` counts; hash, format and size are computed anew.
   * @throws {KeysError} `wrong-type`, `not-hex`, `unknown-format`, `out-of-range`, `unknown-network`, `invalid-data`.
   */
  static fromPlain(plain: PlainTransaction): Transaction {
    const transaction = new Transaction(
      Address.fromString(plain.sender), plainTypeOf(plain.senderType), rawOf(plain.senderData ?? { raw: '' }, 'sender data'),
      Address.fromString(plain.recipient), plainTypeOf(plain.recipientType), rawOf(plain.data, 'data'),
      BigInt(integerOf(plain.value, Number.MAX_SAFE_INTEGER, 'value')), BigInt(integerOf(plain.fee, Number.MAX_SAFE_INTEGER, 'fee')),
      plain.flags, plain.validityStartHeight, networkIdOf(plain.network),
    );
    transaction.proof = rawOf(plain.proof, 'proof');
    return transaction;
  }

  __getClassname(): string {
    return 'Transaction';
  }

  get sender(): Address {
    return new Address(this.#fields.sender);
  }

  get senderType(): AccountType {
    return this.#fields.senderType as AccountType;
  }

  get senderData(): Uint8Array {
    return this.#fields.senderData.slice();
  }

  get recipient(): Address {
    return new Address(this.#fields.recipient);
  }

  get recipientType(): AccountType {
    return this.#fields.recipientType as AccountType;
  }

  /** The recipient data. */
  get data(): Uint8Array {
    return this.#fields.recipientData.slice();
  }

  /** @throws {KeysError} `wrong-type`. */
  set data(data: Uint8Array) {
    this.#fields = { ...this.#fields, recipientData: optionalBytes(data, 'recipient data') };
  }

  get value(): bigint {
    return BigInt(this.#fields.value);
  }

  get fee(): bigint {
    return BigInt(this.#fields.fee);
  }

  /** Luna. */
  get feePerByte(): number {
    return this.#fields.fee / this.serializedSize;
  }

  get validityStartHeight(): number {
    return this.#fields.validityStartHeight;
  }

  get networkId(): number {
    return this.#fields.network;
  }

  get flags(): TransactionFlag {
    return this.#fields.flags as TransactionFlag;
  }

  get proof(): Uint8Array {
    return this.#fields.proof.slice();
  }

  /** @throws {KeysError} `wrong-type`. */
  set proof(proof: Uint8Array) {
    this.#fields = { ...this.#fields, proof: optionalBytes(proof, 'proof') };
  }

  /** Basic only if it is signed: the format follows from all fields. */
  get format(): TransactionFormat {
    return deriveFormat(this.#fields).type === 'basic' ? 0 : 1;
  }

  /** Bytes. */
  get serializedSize(): number {
    return this.serialize().length;
  }

  /** The address of the contract that this transaction creates. */
  getContractCreationAddress(): Address {
    return new Address(contractAddress(this.#fields));
  }

  /** The hash, by which the transaction is known: 64 lower-case digits. It does not cover the proof. */
  hash(): string {
    return transactionHash(this.#fields);
  }

  /** Whether a block at this height may hold it, by its network's window: from a batch before the validity start to 120 batches after. */
  isValidAt(blockHeight: number): boolean {
    return isValidAt(this.#fields.validityStartHeight, blockHeight, validityOf(this.#fields.network));
  }

  /** @throws {KeysError} `out-of-range` when a field is longer than the wire allows. */
  serialize(): Uint8Array {
    try {
      return encode(transactionCodec, deriveFormat(this.#fields));
    } catch (error) {
      if (error instanceof EncodeError) throw new KeysError('out-of-range', `transaction: ${error.message}`);
      throw error;
    }
  }

  /** What the sender signs. */
  serializeContent(): Uint8Array {
    return transactionContent(this.#fields);
  }

  /**
   * Signs, and sets the proof. A transaction to the staking contract is signed twice: inside by the staker's or validator's key
   * (`innerKeyPair`, or the same), outside by the sender's.
   * @throws {KeysError} `unsupported` for the redemption of an HTLC; `invalid-data` for data that the staking contract does not know, or a sender that cannot use it.
   */
  sign(keyPair: KeyPair, innerKeyPair: KeyPair | undefined): void {
    const { senderType, recipientType } = this.#fields;
    if (recipientType === accountTypes.staking) {
      if (senderType !== accountTypes.basic && senderType !== accountTypes.vesting) throw new KeysError('invalid-data', 'Incoming staking transactions must be sent from a basic account or a vesting contract');
      this.#signInside(innerKeyPair ?? keyPair);
    }
    if (senderType === accountTypes.htlc) throw new KeysError('unsupported', 'HTLC redemption transactions are not supported');
    this.proof = SignatureProof.singleSig(keyPair.publicKey, keyPair.sign(this.serializeContent())).serialize();
  }

  #signInside(keyPair: KeyPair): void {
    try {
      const data = decode(stakingData, this.#fields.recipientData);
      const proof = decode(signatureProof, SignatureProof.singleSig(keyPair.publicKey, keyPair.sign(innerContent(this.#fields))).serialize());
      this.data = encode(stakingData, withInnerProof(data, proof));
    } catch (error) {
      if (error instanceof DecodeError) throw new KeysError('invalid-data', `Invalid data for an incoming staking transaction: ${error.message}`);
      throw error;
    }
  }

  /** Hex of `serialize`. */
  toHex(): string {
    return toHex(this.serialize());
  }

  /** The parameters are the official ones'; nothing here depends on them. */
  toPlain(_genesisBlockNumber?: number | null, _genesisTimestamp?: bigint | null): PlainTransaction {
    const { sender, senderType, senderData, recipient, recipientType, recipientData, value, fee, validityStartHeight, network, flags, proof } = this.#fields;
    const size = this.serializedSize;
    return {
      transactionHash: this.hash(),
      format: this.format === 0 ? 'basic' : 'extended',
      sender: new Address(sender).toPlain(),
      senderType: plainTypes[senderType] ?? 'basic',
      recipient: new Address(recipient).toPlain(),
      recipientType: plainTypes[recipientType] ?? 'basic',
      value,
      fee,
      feePerByte: fee / size,
      validityStartHeight,
      network: networkName(network),
      flags,
      senderData: plainSenderData(senderType, senderData),
      data: plainRecipientData(recipientType, recipientData, value),
      proof: plainProof(senderType, proof),
      size,
    };
  }

  /**
   * Checks all that can be checked without the chain's state: values, flags, data, signatures. Left out is one thing: whether who
   * registers a voting key knows its secret.
   * @throws {TransactionError} for the first rule that it breaks.
   * @throws {KeysError} `unknown-network`, `out-of-range` for the parameters.
   */
  verify(protocolVersion: number, networkId?: number | null): void {
    integerOf(protocolVersion, MAX_U16, 'protocol version');
    if (networkId !== undefined && networkId !== null) networkName(networkId);
    verifyTransaction(this.#fields, { version: protocolVersion, network: networkId ?? undefined });
  }
}

/** A transaction to be filled. */
function blank(network: number): Transaction {
  return new Transaction(Address.NULL, undefined, undefined, Address.NULL, undefined, undefined, 0n, 0n, undefined, 0, network);
}

function accountTypeOf(type: number): number {
  if (!plainTypes[type]) throw new KeysError('out-of-range', `Can't convert ${type} to AccountType.`);
  return type;
}

function plainTypeOf(type: PlainAccountType): number {
  const index = plainTypes.indexOf(type);
  if (index < 0) throw new KeysError('unknown-format', `account type: expected one of ${plainTypes.join(', ')}, got ${type}`);
  return index;
}

/** None or one. */
function flagsOf(flags: number): number {
  if (![0, transactionFlags.contractCreation, transactionFlags.signaling].includes(flags)) throw new KeysError('out-of-range', `Invalid transaction flags: ${flags}`);
  return flags;
}

/** A copy. */
function optionalBytes(bytes: Uint8Array | null | undefined, what: string): Uint8Array {
  if (bytes === null || bytes === undefined) return NO_BYTES;
  if (!(bytes instanceof Uint8Array)) throw new KeysError('wrong-type', `${what}: expected bytes, got ${typeof bytes}`);
  return new Uint8Array(bytes);
}

function rawOf(plain: { readonly raw: string } | undefined, what: string): Uint8Array {
  if (typeof plain?.raw !== 'string') throw new KeysError('wrong-type', `${what}: expected its bytes in hex as "raw"`);
  return requireHex(plain.raw, what);
}
