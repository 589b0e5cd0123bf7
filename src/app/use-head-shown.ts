import { useEffect, useState } from 'react';
import type { Head, Status } from '../client/types.ts';

/** Whether there is a head to show: the stored one, or the network's. Blocks that are verified on the way during the sync do not count. */
export function useHeadShown(status: Status | undefined, head: Head | undefined): boolean {
  const [was, setWas] = useState(false);
  const still = useStill(head?.latest.hash);
  const { phase, reason, progress } = status ?? {};
  // The sync may wait for more peers. Then the verified block is the newest one that this client can show.
  const waits = still && reason !== undefined && reason.code !== 'catching-up' && (!progress || progress.done >= progress.total);
  const syncing = phase === 'catch-up' || (phase === 'live-sync' && !waits);
  const now = head !== undefined && status !== undefined && !syncing && head.known;
  if (now && !was) setWas(true);
  // The data was deleted: only genesis is left.
  const gone = was && !now && head !== undefined && !head.known;
  if (gone) setWas(false);
  return now || (was && !gone);
}

/** Milliseconds without a new head after which it counts as still. */
const STILL = 2000;

/** Whether the hash has been the same for a while. */
function useStill(hash: string | undefined): boolean {
  const [still, setStill] = useState<string>();
  useEffect(() => {
    const timer = setTimeout(() => setStill(hash), STILL);
    return () => clearTimeout(timer);
  }, [hash]);
  return hash !== undefined && still === hash;
}

/** The genesis block comes with the release. Until peers say that it is the newest block, nothing is known of the network. */
export function isGenesis(status: Status | undefined, { latest }: Head): boolean {
  return latest.height <= (status?.network.genesisHeight ?? -1);
}
