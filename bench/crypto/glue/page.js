import { measureCrypto, proveElections } from './measure.js';
import init, * as official from './official/index.js';

const text = async (name) => (await fetch(`${name}.txt`)).text();

export async function measure(rounds) {
  await init();
  return measureCrypto({ rounds, inputs: await text('inputs'), official });
}

export async function prove({ workers: count, ...run }) {
  const threads = Array.from({ length: count }, () => new Worker('page-worker.js', { type: 'module' }));
  const workers = threads.map(
    (thread) => (request) =>
      new Promise((resolve, reject) => {
        thread.addEventListener('message', ({ data }) => resolve(data), { once: true });
        thread.addEventListener('error', ({ message }) => reject(new Error(message)), { once: true });
        // oxlint-disable-next-line require-post-message-target-origin -- a worker has none.
        thread.postMessage(request);
      }),
  );
  const proving = await proveElections({ ...run, workers, batch: await text('batch') });
  for (const thread of threads) thread.terminate();
  return proving;
}
