/** The vault in a page of a test, for tests of pages that need accounts. */
export { openVault } from '../../src/vault/open-vault.ts';
export { Address } from '../../src/keys/address.ts';
export { TransactionBuilder } from '../../src/keys/transaction-builder.ts';
