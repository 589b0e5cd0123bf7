/** Codes of log entries that only Albatross has. They become a part of the closed list of all codes, so the app must have a text for each. */
export type AlbatrossLogCode =
  | 'rebranched' | 'equivocation' | 'block-undecided' | 'validator-list-decided'
  // The verification of the past.
  | 'zkp-applied' | 'zkp-outdated' | 'zkp-invalid' | 'proof-by-election-chain' | 'proof-unknown'
  // The store.
  | 'keys-not-stored' | 'proof-not-stored' | 'archive-not-stored' | 'archive-not-read' | 'history-not-stored' | 'history-not-read';

declare module '../../../base/log-codes.ts' {
  interface ChainLogCodes {
    albatross: AlbatrossLogCode;
  }
}
