// Runs as a separate process in each Node: `node node.mjs <folder> <options as JSON>`. Prints the measurements as JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const [folder, options] = process.argv.slice(2);
const { rounds, runs } = JSON.parse(options);
const load = (file) => import(pathToFileURL(join(folder, file)).href);
const { measureCrypto, proveElections } = await load('measure.js');
const official = await load('official/index.js');
official.initSync({ module: readFileSync(join(folder, 'official/index_bg.wasm')) });
const text = (name) => readFileSync(join(folder, `${name}.txt`), 'utf8');

const measurement = measureCrypto({ rounds, inputs: text('inputs'), official });
const elections = [];
for (const { workers: count, ...run } of runs) {
  const threads = Array.from({ length: count }, () => new Worker(join(folder, 'node-worker.mjs')));
  const workers = threads.map(
    (thread) => (request) =>
      new Promise((resolve, reject) => {
        thread.removeAllListeners();
        thread.once('message', resolve);
        thread.once('error', reject);
        // oxlint-disable-next-line require-post-message-target-origin -- a worker has none.
        thread.postMessage(request);
      }),
  );
  const before = process.cpuUsage();
  const proving = await proveElections({ ...run, workers, batch: text('batch') });
  const { user, system } = process.cpuUsage(before);
  elections.push({ workers: count, ...run, ...proving, processor: (user + system) / 1000 });
  await Promise.all(threads.map((thread) => thread.terminate()));
}
process.stdout.write(JSON.stringify({ measurement, elections }));
