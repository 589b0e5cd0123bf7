import { readFileSync } from 'node:fs';

/** The recorded answers of real nodes and the verdicts of arkworks, as in `test/vectors/node` (provenance: `test/vectors/README.md`). */
export type Recording = 'blocks' | 'requests' | 'receipts' | 'blocks-proofs' | 'transactions-proofs' | 'trie-proofs' | 'history-leaves' | 'ark-cases' | 'petrel-cases';

/** A block that the node held. Hashes and bytes are lower-case hex. */
export interface RecordedBlock {
  readonly height: number;
  readonly kind: 'election' | 'checkpoint' | 'micro' | 'skip';
  readonly version: number;
  readonly hash: string;
  readonly parentHash: string;
  readonly timestamp: number;
  readonly stateRoot: string;
  readonly historyRoot: string;
  readonly bodyRoot: string;
  readonly transactions: number;
  /** The proposer as the node computed it; for a skip block, the skipped proposer. Null where the node no longer had the previous block. */
  readonly proposer: { readonly slot: number; readonly validator: string } | null;
  /** Postcard bytes of the block with its body, and as a node serves it without. */
  readonly withBody: string;
  readonly header: string;
}

/** A request and its answer, without their two 4-byte lengths. */
export interface RecordedExchange {
  readonly typeId: number;
  readonly request: string;
  readonly response: string;
}

/** A name for the request, a colon, and the answer as the node worded it. For the head and single blocks it has less text or none. */
export interface HeaderExchange extends RecordedExchange {
  readonly what?: string;
}

export interface ReceiptsExchange extends RecordedExchange {
  readonly address: string;
  readonly max: number | null;
  readonly startAt: string | null;
  /** Pairs of transaction hash and height. */
  readonly receipts: readonly (readonly [string, number])[];
}

export interface BlocksProofExchange extends RecordedExchange {
  readonly electionHead: number;
  readonly blocks: readonly number[];
  readonly result: { readonly proof: readonly [] } | { readonly error: string };
}

export interface TransactionsProofExchange extends RecordedExchange {
  readonly what: string;
  readonly blockNumber: number | null;
  readonly transactions: readonly { readonly hash: string; readonly ok: boolean; readonly height: number; readonly sender: string; readonly recipient: string; readonly value: number; readonly fee: number }[];
  readonly provingBlock: { readonly height: number; readonly hash: string; readonly historyRoot: string; readonly kind: string };
  readonly positions: readonly number[];
  readonly history: readonly { readonly height: number; readonly time: number; readonly network: number; readonly txHash: string; readonly leafHash: string; readonly isBasic: boolean }[];
}

export interface TransactionsProofRefusal extends RecordedExchange {
  readonly what: string;
  readonly blockNumber: number | null;
  readonly transactions: readonly string[];
  readonly error: string;
}

export interface TrieProofExchange extends RecordedExchange {
  readonly blockHash: string;
  readonly stateRoot: string;
  /** Null: no value is stored under the key. */
  readonly keys: readonly { readonly name: string; readonly key: string; readonly value: string | null }[];
}

export interface RecordedLeaf {
  readonly height: number;
  readonly txHash: string;
  readonly leafHash: string;
  readonly bytes: string;
}

/** `verifyingKey` and `keysCommitment` are indices into the lists beside the cases. */
export interface Groth16Case<V> {
  readonly name: string;
  readonly verdict: V;
  readonly verifyingKey: number;
  readonly keysCommitment: number;
  readonly genesisHash: string;
  readonly finalHash: string;
  readonly proof: string;
}

interface Groth16File<V> {
  readonly verifyingKeys: readonly string[];
  readonly keysCommitments: readonly string[];
  readonly cases: readonly Groth16Case<V>[];
}

interface Recordings {
  blocks: { readonly network: string; readonly blocksPerBatch: number; readonly batchesPerEpoch: number; readonly blocks: readonly RecordedBlock[] };
  requests: { readonly exchanges: readonly HeaderExchange[] };
  receipts: { readonly exchanges: readonly ReceiptsExchange[] };
  'blocks-proofs': { readonly exchanges: readonly BlocksProofExchange[] };
  'transactions-proofs': {
    readonly head: number; readonly macroHead: number; readonly electionHead: number;
    readonly proofs: readonly TransactionsProofExchange[]; readonly errors: readonly TransactionsProofRefusal[];
  };
  'trie-proofs': { readonly head: { readonly height: number; readonly hash: string; readonly stateRoot: string; readonly header: string }; readonly proofs: readonly TrieProofExchange[] };
  /** Keyed by `epoch 1` and so on; leaves in the order of the tree. */
  'history-leaves': Readonly<Record<string, readonly RecordedLeaf[]>>;
  /** The verdict: `true`, `false`, or the step and error at which arkworks stopped. */
  'ark-cases': Groth16File<string>;
  /** arkworks' verdicts on proofs made with the unit trapdoor. */
  'petrel-cases': Groth16File<boolean>;
}

/** The file's content. The tests that use it show that it has this shape. */
export function recording<R extends Recording>(name: R): Recordings[R] {
  return JSON.parse(readFileSync(new URL(`../vectors/node/${name}.json`, import.meta.url), 'utf8')) as Recordings[R];
}
