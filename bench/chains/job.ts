import type { LineOptions } from '../shaped-line.ts';
import type { SyncConfig } from '../../src/engine/sync/sync-config.ts';
import type { Stage } from '../../src/engine/sync/sync-chain.ts';

/** One sync by a client in a process of its own. */
export interface Job {
  readonly chain: 'hotstuff2' | 'moloch';
  /** Path of the local network's parameters. */
  readonly networkFile: string;
  /** The final height to reach. */
  readonly target: number;
  /** Nodes that are connected. */
  readonly peers: number;
  readonly config: Partial<SyncConfig>;
  readonly headersOnly: boolean;
  /** Whether the chain is then opened again on what was stored, and synced again. */
  readonly again: boolean;
  /** Whether the bytes on the line are counted, by a relay in the client's process. */
  readonly counted: boolean;
  /** A line for each node, in the client's process, in place of the machine's own, which takes no time. */
  readonly shaped: LineOptions | undefined;
}

/** Durations in milliseconds. */
export interface JobResult {
  /** Height at the end. */
  readonly height: number;
  readonly strategies: readonly string[];
  readonly elapsed: number;
  /** Processor time of the client's process. */
  readonly processor: number;
  /** Blocks that were fetched, as the client counts them. */
  readonly fetched: number;
  readonly bytes: number;
  readonly usefulBytes: number;
  /** Bytes on the line from the nodes, if they were counted. */
  readonly line: number | undefined;
  readonly coordination: number;
  readonly stages: Readonly<Record<Stage, number>>;
  /** By block: download, validation and application together, for the last 1000 blocks. */
  readonly perBlock: readonly number[];
  /** Bytes of the process at its most, and before the sync. */
  readonly peakMemory: number;
  readonly memoryBefore: number;
  /** Largest heap of JavaScript that was seen, looked at ten times a second. */
  readonly peakHeap: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly again: { readonly elapsed: number; readonly fetched: number; readonly bytes: number; readonly stored: number } | undefined;
}
