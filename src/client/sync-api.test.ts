import { expect, it } from 'vitest';
import { syncApi } from './sync-api.ts';

/** What was asked by each call. */
function recorded() {
  const asked: (readonly [string, readonly unknown[], unknown])[] = [];
  const sync = syncApi(async (question, args, options) => {
    asked.push([question, args, options?.timeout]);
    return question;
  });
  return { sync, asked };
}

it('asks each call under its own name, with its arguments', async () => {
  const { sync, asked } = recorded();
  const blocks = [new Uint8Array(3)];
  await Promise.all([
    sync.startSync(), sync.startSync(9), sync.stopSync(), sync.getSyncStatus(), sync.syncBlocks(1, 2), sync.syncSingleBlock(3), sync.verifyBlockChain(blocks), sync.syncStateToHeight(4),
    sync.downloadStateSnapshot(), sync.downloadStateSnapshot('s'), sync.verifyStateConsistency(5), sync.addSyncPeer('/ip4/127.0.0.1/tcp/1/ws'), sync.removeSyncPeer('p'), sync.getSyncPeers(),
    sync.getSyncProgress(), sync.estimateSyncCompletion(), sync.getSyncMonitor(),
  ]);
  expect(asked.map(([question, args]) => [question, ...args])).toEqual([
    ['startSync', undefined], ['startSync', 9], ['stopSync'], ['getSyncStatus'], ['syncBlocks', 1, 2], ['syncSingleBlock', 3], ['verifyBlockChain', blocks], ['syncStateToHeight', 4],
    ['downloadStateSnapshot', undefined], ['downloadStateSnapshot', 's'], ['verifyStateConsistency', 5], ['addSyncPeer', '/ip4/127.0.0.1/tcp/1/ws'], ['removeSyncPeer', 'p'], ['getSyncPeers'],
    ['getSyncProgress'], ['estimateSyncCompletion'], ['getSyncMonitor'],
  ]);
  expect(new Set(asked.map(([question]) => question))).toEqual(new Set(Object.keys(sync)));
});

it('gives long calls ten minutes, and every call the caller’s own deadline', async () => {
  const { sync, asked } = recorded();
  await sync.startSync();
  await sync.startSync(undefined, { timeout: 5 });
  await sync.getSyncStatus();
  await sync.getSyncStatus({ timeout: 7 });
  expect(asked.map(([, , timeout]) => timeout)).toEqual([600_000, 5, undefined, 7]);
});

it('passes errors on', async () => {
  const failure = new Error('unsupported');
  const sync = syncApi(() => Promise.reject(failure));
  await expect(sync.syncStateToHeight(1)).rejects.toBe(failure);
});
