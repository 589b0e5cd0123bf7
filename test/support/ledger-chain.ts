import { loadGenesis } from '../../src/chains/albatross/chain/genesis.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { transactionContent } from '../../src/chains/albatross/transactions/content.ts';
import { addressOfKey } from '../../src/chains/albatross/transactions/sender-address.ts';
import { signatureProof } from '../../src/chains/albatross/transactions/signature-proof.ts';
import { verifyTransaction } from '../../src/chains/albatross/transactions/verify-transaction.ts';
import { transaction as transactionCodec } from '../../src/chains/albatross/wire/transactions.ts';
import type { ExecutedTransaction, ExtendedTransaction, Transaction } from '../../src/chains/albatross/wire/types.ts';
import { decode, encode } from '../../src/base/postcard/codec.ts';
import { ed25519PublicKey } from '../../src/crypto/ed25519.ts';
import { DevChain } from '../../devnet/chain.ts';
import { Accounts } from '../../devnet/ledger/accounts.ts';
import { genesisAccounts } from '../../devnet/ledger/genesis-accounts.ts';
import { signedTransfer, type TransferFields } from '../../devnet/ledger/signed-transfer.ts';
import { signFast } from '../../devnet/make-block.ts';
import { unitValidator } from '../../devnet/validators.ts';

const UNIT = [unitValidator(loadGenesis(unitAlbatross).header.validators![0]!)];

/** Unix milliseconds, at which the tests' chains begin. */
export const NOW = 1_800_000_000_000;

/** The account of unit-albatross' genesis block: address (20 bytes), private key (32 bytes) and balance in Luna. */
export const rich = genesisAccounts(unitAlbatross).funded[0]!;

/** A key that follows from a number, with its address. */
export function keyOf(number: number): { readonly privateKey: Uint8Array; readonly address: Uint8Array } {
  const privateKey = new Uint8Array(32).fill(number);
  return { privateKey, address: addressOfKey(ed25519PublicKey(privateKey)) };
}

/** A transfer from the rich account. */
export function transfer(fields: Partial<TransferFields> & Pick<TransferFields, 'to' | 'value'>): Transaction {
  return signedTransfer(rich.privateKey, { validityStartHeight: 200, network: 7, ...fields });
}

/** The proof of one key for a transaction. */
export function signedBy(privateKey: Uint8Array, transaction: ExtendedTransaction) {
  return { algorithm: 'ed25519', publicKey: ed25519PublicKey(privateKey), merklePath: [], signature: signFast(privateKey, transactionContent(transaction)), webauthn: undefined } as const;
}

/** A transaction with the given fields, which spends from a basic account and is signed by its key. */
export function signed(privateKey: Uint8Array, fields: Partial<ExtendedTransaction>): ExtendedTransaction {
  const unsigned: ExtendedTransaction = {
    type: 'extended', sender: addressOfKey(ed25519PublicKey(privateKey)), senderType: 0, senderData: new Uint8Array(0),
    recipient: new Uint8Array(20), recipientType: 0, recipientData: new Uint8Array(0),
    value: 0, fee: 0, validityStartHeight: 200, network: 7, flags: 0, proof: new Uint8Array(0),
    ...fields,
  };
  return { ...unsigned, proof: encode(signatureProof, signedBy(privateKey, unsigned)) };
}

/** A unit-albatross chain of the devnet, for tests of what its blocks do to accounts. */
export class LedgerChain {
  now = NOW;
  readonly chain = new DevChain({ network: unitAlbatross, seed: 'ledger', genesisValidators: UNIT, electedValidators: UNIT, now: () => this.now });

  /**
   * Makes a block with these transactions, which may be in the bytes of another implementation. Every one must be valid in itself. Returns
   * what the block has of them.
   */
  block(...given: readonly (Transaction | Uint8Array)[]): readonly ExecutedTransaction[] {
    const transactions = given.map((one) => (one instanceof Uint8Array ? decode(transactionCodec, one) : one));
    for (const transaction of transactions) verifyTransaction(transaction, { version: 1, network: 7 });
    const made = this.chain.next({ transactions });
    this.chain.add(made);
    const { block } = made;
    return block.type === 'micro' ? (block.body?.transactions ?? []) : [];
  }

  /** Whether each of the transactions succeeded, in a new block. */
  outcomes(...given: readonly (Transaction | Uint8Array)[]): readonly boolean[] {
    return this.block(...given).map(({ succeeded }) => succeeded);
  }

  growTo(height: number): this {
    while (this.chain.head.height < height) this.chain.produce();
    return this;
  }

  /** The accounts at the head. */
  get accounts(): Accounts {
    return new Accounts(this.chain.stateOf(this.chain.head).accounts);
  }

  balance(address: Uint8Array): number {
    return this.accounts.account(address).balance;
  }
}
