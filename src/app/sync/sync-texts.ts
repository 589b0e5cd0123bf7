import type { MeasuredSyncPeer, SyncPhase, SyncProgressView, StrategyName } from '../../client/types.ts';
import { formatNumber } from '../../page/format.ts';
import { counted } from '../../page/counted.ts';

/** The texts of the panel with the details of the sync. */
export const syncTexts = {
  waits: 'Asking the client …',
  noSync: 'This chain tells nothing of its sync.',
  strategy: 'Strategy',
  ownStrategy: 'the chain’s own',
  phase: 'Phase',
  position: 'Position',
  upTo: (current: number, target: number) => `block ${formatNumber(current)} of ${formatNumber(target)}`,
  proven: 'proven',
  claimed: 'only claimed by peers',
  progress: 'Progress of the sync',
  synced: 'Verified in this run',
  blocks: counted('block', 'blocks'),
  rate: 'Rate',
  perSecond: (rate: string) => `${rate} blocks a second`,
  timeLeft: 'Time left',
  trend: 'Trend',
  unknown: 'not measured',
  lastError: 'Last error',
  stages: 'Time of each stage',
  noStages: 'This chain does not measure its stages.',
  peers: 'Peers of the sync',
  noPeers: 'No peer takes part.',
  role: 'Role',
  health: 'Health',
  quality: 'Quality',
  bandwidth: 'Bandwidth',
  useful: 'Useful',
  bannedFor: (reason: string) => `banned: ${reason}`,
  byHeight: 'Milliseconds by height',
  bytesByPeer: 'Bytes by peer',
  latencyByPeer: 'Latency by peer, milliseconds (median)',
  noHeights: 'This chain does not measure its times by height.',
  download: 'Download',
  validation: 'Validation',
  application: 'Application',
  bytes: 'received',
  usefulBytes: 'of use',
  export: 'Export as JSON',
  start: 'Start the sync',
  stop: 'Stop the sync',
  isLive: 'The chain is live: no sync runs that could be stopped, and none is needed.',
  notSteered: 'This chain syncs by itself. It cannot be started or stopped here.',
} as const;

export const phaseNames: Readonly<Record<SyncPhase, string>> = {
  idle: 'nothing runs', waiting: 'waiting for a peer or for a proven target', snapshot: 'fetching a snapshot', blocks: 'fetching and verifying blocks', live: 'live: new blocks are followed as they come', failed: 'failed',
};

export const strategyNames: Readonly<Record<StrategyName, string>> = {
  fast: 'fast: the newest verified snapshot, then the rest', incremental: 'incremental: one block after the other', parallel: 'parallel: ranges from several peers',
  'header-first': 'header-first: signed headers, without events', warp: 'warp: the snapshot of the pinned checkpoint, then the rest',
};

export const trendNames: Readonly<Record<SyncProgressView['trend'], string>> = { faster: 'faster', steady: 'steady', slower: 'slower', stalled: 'stands still' };

export const roleNames: Readonly<Record<MeasuredSyncPeer['role'], string>> = { active: 'active', spare: 'spare', banned: 'banned' };

export const healthNames: Readonly<Record<MeasuredSyncPeer['health'], string>> = { healthy: 'healthy', slow: 'slow', silent: 'silent', banned: 'banned' };

export const stageNames = { structure: 'Structure', link: 'Links', signature: 'Signatures', finality: 'Finality', state: 'State' } as const;
