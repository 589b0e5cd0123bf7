import type { Client, Head, Status } from '../client/types.ts';

/**
 * Calls `ask` as soon as the client follows the head, and then whenever an answer may have become another one: a batch has ended, blocks were
 * reverted, the trust level of the final block has changed, or there are peers again. The returned function ends it.
 */
export function whenAnswersChange(client: Pick<Client, 'on'>, ask: () => void): () => void {
  let status: Status | undefined;
  let head: Head | undefined;
  let reverts = 0;
  let last = '';
  const review = () => {
    if (!head || status?.consensus !== 'established') return;
    const moment = JSON.stringify([status.peers.live > 0, head.final.hash, head.final.trust, reverts]);
    if (moment === last) return;
    last = moment;
    ask();
  };
  const ends = [
    client.on('status', (next) => {
      // What was answered before the consensus was lost may be outdated when it is back.
      if (next.consensus !== 'established') last = '';
      status = next;
      review();
    }),
    client.on('head', (event) => {
      ({ head } = event);
      if (event.reverted.length > 0 || event.gap) reverts += 1;
      review();
    }),
  ];
  return () => ends.forEach((end) => end());
}
