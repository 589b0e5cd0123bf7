import { useEffect, useReducer, useRef, useState } from 'react';
import type { Client } from '../client/types.ts';
import { watchHeadLag } from './head-lag.ts';
import { follow, noBlocks, type RecentBlocks } from './recent-blocks.ts';

/** Values kept for a plot. */
const SAMPLES = 60;

/** The newest blocks and branches, from the head events. */
export function useRecentBlocks(client: Client): RecentBlocks {
  const [blocks, dispatch] = useReducer(follow, noBlocks);
  useEffect(() => client.on('head', dispatch), [client]);
  return blocks;
}

/** For each head that was followed live, the milliseconds from the block's own time to now. */
export function useHeadLag(client: Client): readonly number[] {
  const [lags, setLags] = useState<readonly number[]>([]);
  useEffect(() => watchHeadLag(client, Date.now, (lag) => setLags((before) => before.concat(lag).slice(-SAMPLES))), [client]);
  return lags;
}

type Counts = Readonly<Record<string, number>>;
type Lists = Readonly<Record<string, readonly number[]>>;

/** How much growing counts grew in each of the last seconds, oldest first; one list per key. */
export function useGrowth(counts: Counts): Lists {
  const now = useRef(counts);
  const [lists, setLists] = useState<Lists>({});
  useEffect(() => {
    now.current = counts;
  });
  useEffect(() => {
    let before = now.current;
    const timer = setInterval(() => {
      const [from, to] = [before, now.current];
      before = to;
      const grown = (key: string, count: number) => Math.max(0, count - (from[key] ?? count));
      setLists((old) => Object.fromEntries(Object.entries(to).map(([key, count]) => [key, (old[key] ?? []).concat(grown(key, count)).slice(-SAMPLES)])));
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  return lists;
}
