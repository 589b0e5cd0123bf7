import type { PeerHandlers } from '../../src/engine/follow/followed-chain.ts';
import type { SyncChain } from '../../src/engine/sync/sync-chain.ts';
import type { SyncPeer } from '../../src/engine/sync/sync-peer.ts';

/** What the bench needs of a chain's client: the chain, its connections, and the bytes that a store would hold. */
export interface BenchClient<B> {
  readonly chain: SyncChain<B>;
  connect(address: string): Promise<SyncPeer<B> & { close(): void }>;
  /** Bytes of the blocks that a store would hold. */
  readonly stored: () => number;
  /** A new client that begins with them. */
  reopen(): Promise<BenchClient<B>>;
}

/** Handlers of a client that does not follow live. */
export const noHandlers: PeerHandlers<unknown, unknown> = { announced: () => undefined, claims: () => undefined, fault: () => undefined, closed: () => undefined };
