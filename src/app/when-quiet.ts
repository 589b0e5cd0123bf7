import type { Client } from '../client/types.ts';

/** Milliseconds from the start after which deferred work is done anyway: the network may be unreachable. */
const LONGEST = 10_000;

/** Milliseconds that the page may stay busy once the client has consensus. */
const BUSY = 5_000;

/** Resolves when the client has consensus, or has failed, and the page is idle; after some time in any case. */
export async function whenQuiet(client: Promise<Pick<Client, 'on'>>): Promise<void> {
  await new Promise<void>((resolve) => {
    let stop = () => {};
    const done = () => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, LONGEST);
    client.then((started) => {
      stop = started.on('status', ({ consensus }) => consensus === 'established' && done());
    }, done);
  });
  const { requestIdleCallback: whenIdle } = globalThis as Partial<Pick<Window, 'requestIdleCallback'>>;
  await new Promise<void>((resolve) => (whenIdle ? whenIdle(() => resolve(), { timeout: BUSY }) : setTimeout(resolve)));
}
