import type { Item, SyncChain } from '../sync/sync-chain.ts';

export interface Observer<B> {
  /** These blocks were applied; they ascend. */
  readonly applied: (items: readonly Item<B>[]) => void;
  /** A snapshot was imported: the tip has jumped. */
  readonly imported: () => void;
}

/** The chain as the sync manager gets it: what the sync applies is told to the observer, each block once. */
export function observedChain<B>(chain: SyncChain<B>, { applied, imported }: Observer<B>): SyncChain<B> {
  const { snapshots } = chain;
  return {
    tip: () => chain.tip(),
    checkStructure: (item) => chain.checkStructure(item),
    checkLink: (parent, item) => chain.checkLink(parent, item),
    checkSignatures: (run, options) => chain.checkSignatures(run, options),
    checkFinality: (run, target) => chain.checkFinality(run, target),
    checkState: (height) => chain.checkState(height),
    async apply(run, options) {
      const before = chain.tip().height;
      try {
        return await chain.apply(run, options);
      } finally {
        // Also with a fault: the blocks before the bad one are applied.
        const { height } = chain.tip();
        const good = run.filter((item) => item.height > before && item.height <= height);
        if (good.length > 0) applied(good);
      }
    },
    snapshots: snapshots && {
      checkManifest: (manifest, signal) => snapshots.checkManifest(manifest, signal),
      checkChunk: (snapshot, index, chunk) => snapshots.checkChunk(snapshot, index, chunk),
      async import(snapshot, chunks) {
        const fault = await snapshots.import(snapshot, chunks);
        if (fault === undefined) imported();
        return fault;
      },
    },
  };
}
