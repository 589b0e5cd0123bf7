/**
 * The vectors of the HotStuff-2 reference, see `test/vectors/README.md`.
 * @module
 */
import { readFileSync } from 'node:fs';

export interface VectorBlock {
  readonly height: number;
  readonly view: number;
  readonly hash: string;
  readonly header: string;
  readonly payload: string;
  readonly qc?: string;
}

interface Run {
  readonly chainId: string;
  readonly name: string;
  readonly n: number;
  readonly blocks: readonly VectorBlock[];
  readonly notFinal: readonly VectorBlock[];
  readonly messages: readonly { readonly type: string; readonly view: number; readonly from: number; readonly hex: string }[];
  readonly genesisState: readonly { readonly key: string; readonly value: string }[];
  readonly seeds: readonly string[];
  readonly validators: readonly string[];
  readonly validatorsBytes: string;
  readonly validatorsHash: string;
  readonly viewGaps: readonly { readonly height: number; readonly view: number; readonly childView: number }[];
  readonly engineCommitOrder: readonly { readonly node: number; readonly heights: readonly number[] }[];
}

interface ProvenEntry {
  readonly index: number;
  readonly count: number;
  readonly key: string;
  readonly entry: string;
  readonly path: readonly string[];
}

interface Upstream {
  readonly accepted: boolean;
  readonly error?: string;
  readonly stage?: 'decode' | 'validate';
}

export interface Vectors {
  readonly n4: Run;
  readonly n7: Run;
  readonly negative: readonly { readonly name: string; readonly expect: string; readonly set: string; readonly block: string; readonly blockView: number; readonly qc: string; readonly upstream: Upstream }[];
  readonly bls: {
    readonly validators: readonly string[];
    readonly validatorsBytes: string;
    readonly secretKeys: readonly string[];
    readonly paddedWithZeroTimestamps: { readonly qc: string; readonly upstream: Upstream };
    readonly qcs: readonly { readonly aggregate: string; readonly hash: string; readonly message: string; readonly qc: string; readonly signers: readonly number[]; readonly view: number; readonly votes: readonly { readonly bytes: string; readonly digest: string; readonly index: number; readonly signature: string }[] }[];
  };
  readonly situations: {
    readonly certifiedNotFinal: { readonly blocks: readonly VectorBlock[]; readonly grades: readonly string[] };
    readonly viewGap: { readonly blocks: readonly VectorBlock[]; readonly finalAfterEachQc: readonly (number | null)[] };
    readonly fork: { readonly parent: VectorBlock; readonly losing: VectorBlock; readonly winning: readonly VectorBlock[] };
    readonly conflictingFinals: { readonly a: readonly VectorBlock[]; readonly b: readonly VectorBlock[]; readonly doubleSigners: readonly number[] };
  };
  readonly jsMade: {
    readonly input: {
      readonly sets: Readonly<Record<string, { readonly scheme: 'ed25519'; readonly keys: readonly string[] }>>;
      readonly qcs: readonly { readonly id: string; readonly set: string; readonly qc: string }[];
      readonly chains: readonly { readonly id: string; readonly set: string; readonly items: readonly { readonly block: string; readonly qc: string }[] }[];
    };
    readonly verdicts: readonly { readonly id: string; readonly accepted: boolean; readonly error?: string; readonly directlyCommitted?: readonly number[] }[];
  };
  readonly handover: { readonly cases: readonly { readonly name: string; readonly expect: string; readonly sets: readonly string[]; readonly finalHeight?: number; readonly blocks: readonly VectorBlock[] }[] };
  readonly snapshot: { readonly blockHash: string; readonly chunkRoots: readonly string[]; readonly chunks: readonly string[]; readonly entries: number; readonly entriesPerChunk: number; readonly height: number; readonly stateRoot: string };
  readonly trees: readonly { readonly mth: string; readonly n: number; readonly payload: string; readonly payloadRoot: string }[];
  readonly stateProofs: { readonly height: number; readonly stateRoot: string; readonly present: readonly ProvenEntry[]; readonly absent: { readonly key: string; readonly neighbours: readonly ProvenEntry[] } };
}

export const vectors = JSON.parse(readFileSync(new URL('../../vectors/hotstuff2.json', import.meta.url), 'utf8')) as Vectors;
