import { useEffect, useRef, useState } from 'react';
import type { BlockView, Client, Head, Status } from '../client/types.ts';
import type { BlockKey } from './route.ts';

export type BlockSearch = { readonly state: 'looking' | 'none' | 'failed' } | { readonly state: 'found'; readonly block: BlockView };

/** Milliseconds. An epoch of mainnet has 720 batches, and one answer brings one batch. */
const TIMEOUT = 300_000;

/**
 * Looks for a block, and looks again whenever something happens that can change the answer. A found block stays until there is a better
 * answer. The key must stay the same as long as the component is mounted.
 */
export function useBlock(client: Client, key: BlockKey): { readonly search: BlockSearch; readonly again: () => void } {
  const [search, setSearch] = useState<BlockSearch>({ state: 'looking' });
  const look = useRef(() => {});
  useEffect(() => {
    let running = new AbortController();
    let status: Status | undefined;
    let head: Head | undefined;
    let last = '';
    const set = (next: BlockSearch) => setSearch((before) => (before.state === 'found' && next.state !== 'found' ? before : next));
    look.current = () => {
      running.abort();
      running = new AbortController();
      const { signal } = running;
      set({ state: 'looking' });
      client.getBlock(key, { signal, timeout: TIMEOUT }).then(
        (block) => void (signal.aborted || set(block ? { state: 'found', block } : { state: 'none' })),
        () => void (signal.aborted || set({ state: 'failed' })),
      );
    };
    const review = () => {
      const reached = typeof key === 'number' && head !== undefined && key <= head.latest.height;
      const moment = JSON.stringify([status?.phase === 'established', status?.peers.live !== 0, head?.final.hash, head?.final.trust, reached]);
      if (moment === last) return;
      last = moment;
      look.current();
    };
    const ends = [
      client.on('status', (next) => {
        status = next;
        review();
      }),
      client.on('head', (event) => {
        ({ head } = event);
        review();
      }),
    ];
    review();
    return () => {
      for (const end of ends) end();
      running.abort();
    };
  }, [client, key]);
  return { search, again: () => look.current() };
}
