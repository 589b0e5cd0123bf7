import type { ComponentType } from 'react';
import type { BlockView, Client, Head, Status, TrustLevel } from '../../client/types.ts';
import type { RecentBlocks } from '../recent-blocks.ts';
import type { BlockKey } from '../route.ts';

type Network = Status['network'];

/** What the page says of the nodes that it asks. */
export interface NodeWords {
  readonly title: string;
  readonly one: string;
  readonly none: string;
  /** The phase while none is connected, and the same as a sentence. */
  readonly looking: string;
  readonly asking: string;
  /** Of a block that came from one of them. */
  readonly sent: string;
  readonly notYet: string;
  readonly noneAtHeight: string;
  readonly noneWithHash: string;
  readonly noRaw: string;
}

/** A chain's own words for what is final and what is not. */
export interface ChainWords {
  /** What Petrel does with this chain, in a sentence or two. */
  readonly what: string;
  /** The blocks above the final one: "3 blocks above it …". */
  readonly pending: (count: number) => string;
  /** When a block is final, in one sentence; beside the newest block. */
  readonly finality: string;
  /** Of a verified block that is not final: until when another block can replace it. */
  readonly untilFinal: string;
  /** What else can be looked up on this chain, and where; said of a text that names no block. */
  readonly elsewhere?: string;
  /** What a hash can be that is of no block, and where to look then. */
  readonly otherHash?: string;
  /** What its first block is, where that is no genesis block. */
  readonly first?: {
    readonly title: string;
    readonly text: string;
    /** Said while no other block is known; `only` without its height. */
    readonly beginsAt: (height: string) => string;
    readonly only: string;
  };
  /** Where its nodes are not called peers. */
  readonly nodes?: NodeWords;
  /** How the hashes lead from a verified block down to one that a peer sent. */
  readonly linked: (block: BlockView, from: number) => string;
}

/** What the page shows of one chain only. It is loaded for pages that follow that chain, and for no others. */
export interface ChainParts {
  readonly words: ChainWords;
  /** What no check shows, in place of the usual assumptions; a sentence each. */
  readonly assumed?: readonly string[];
  /** The highest level of trust that it can reach; default: `proven`. */
  readonly highestLevel?: TrustLevel;
  /** Beside the newest blocks. */
  readonly Overview?: ComponentType<{ readonly network: Network; readonly head: Head }>;
  /** The newest blocks, with what their marks mean. */
  readonly Recent: ComponentType<{ readonly network: Network; readonly head: Head; readonly recent: RecentBlocks }>;
  /** What kind of block it is. */
  readonly BlockKind?: ComponentType<{ readonly block: BlockView }>;
  /** Fields of its header that other chains do not have. */
  readonly BlockFields?: ComponentType<{ readonly block: BlockView }>;
  /** What a block holds, beside its header. */
  readonly BlockContent?: ComponentType<{ readonly client: Client; readonly block: BlockView }>;
  /** A panel that reads the chain's state. */
  readonly Reader?: ComponentType<{ readonly client: Client }>;
  /** The same, beside the peers, where there is more room. */
  readonly WideReader?: ComponentType<{ readonly client: Client }>;
  /** Links from a block besides those to its parent and the next one. */
  readonly blockLinks?: (block: BlockView, network: Network) => readonly (readonly [BlockKey, string])[];
  /** What is shown where no peer has the block at a height. */
  readonly NoBlock?: ComponentType<{ readonly height: number; readonly network: Network; readonly head: Head }>;
}
