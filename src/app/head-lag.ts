import type { Client, Phase } from '../client/types.ts';

/**
 * Calls `onLag` for each block that is followed live, with the milliseconds from the block's own time to now. While the client catches up,
 * its newest block is old because the client was away, not because the network is slow. So blocks count only once the client is established.
 */
export function watchHeadLag(client: Pick<Client, 'on'>, now: () => number, onLag: (lag: number) => void): () => void {
  let phase: Phase | undefined;
  let established = false;
  // The first event only reports the existing state.
  let known = false;
  const stops = [
    client.on('status', (status) => {
      ({ phase } = status);
      if (phase !== 'established') established = false;
      // The head that came with this status was reached by catching up. It is delivered before this runs.
      else queueMicrotask(() => (established = phase === 'established'));
    }),
    client.on('head', ({ head, adopted }) => {
      // A clock that is behind the network's would give a negative value.
      if (established && known && adopted.length === 1) onLag(Math.max(0, now() - head.latest.timestamp));
      known = true;
    }),
  ];
  return () => stops.forEach((stop) => stop());
}
