import type { SyncConfig } from '../../../engine/sync/sync-config.ts';

/**
 * What this chain sets otherwise than the others. A proof of the newest confirmed block is many requests, one after the other, and two tenures of blocks: it may
 * take a minute. The newest two tenures, which are pending, have up to a thousand blocks on the main network.
 */
export const STACKS_SYNC: Partial<SyncConfig> = { peerTimeout: 60_000, maxBehindBlocks: 1_024, validationPipelineSize: 2_048 };
