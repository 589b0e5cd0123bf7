import { readFileSync } from 'node:fs';

/** The recorded answers of real nodes and arkworks' verdicts, as they stand in `test/vectors/node` (provenance: `test/vectors/README.md`). */
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
  /** Whose turn it was as the node computed it; of a skip block, the one that was skipped. Null where the node no longer had the block before. */
  readonly proposer: { readonly slot: number; readonly validator: string } | null;
  /** postcard of the block, with its body and as it is served without. */
  readonly withBody: string;
  readonly header: string;
}

/** A request and its answer, without the 8 bytes of their lengths. */
export interface RecordedExchange {
  readonly typeId: number;
  readonly request: string;
  readonly response: string;
}

/** A name for the request, a colon, and the answer in the node's own words. Of the head and of single blocks there is less, or nothing. */
export interface HeaderExchange extends RecordedExchange {
  readonly what?: string;
}

export interface ReceiptsExchange extends RecordedExchange {
  readonly address: string;
  readonly max: number | null;
  readonly startAt: string | null;
  /** Transaction hash and height. */
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
  /** Null: nothing is stored under the key. */
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
  /** By `epoch 1` and so on, in the order of the tree. */
  'history-leaves': Readonly<Record<string, readonly RecordedLeaf[]>>;
  /** `true`, `false`, or in which step arkworks gave up and with which error. */
  'ark-cases': Groth16File<string>;
  /** arkworks' verdicts on proofs made with our trapdoor. */
  'petrel-cases': Groth16File<boolean>;
}

/** The file's content; that it has this shape is what the tests show. */
export function recording<R extends Recording>(name: R): Recordings[R] {
  return JSON.parse(readFileSync(new URL(`../vectors/node/${name}.json`, import.meta.url), 'utf8')) as Recordings[R];
}
