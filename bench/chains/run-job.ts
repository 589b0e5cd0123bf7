/** The process of one client: takes a `Job` as JSON in its argument, and prints the `JobResult` as JSON. */
import '../../src/base/with-resolvers.ts';
import '../../src/network/node-web-socket.ts';
import { readFileSync } from 'node:fs';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { syncConfig } from '../../src/engine/sync/default-sync-config.ts';
import { strategyPlan } from '../../src/engine/sync/strategy-plan.ts';
import type { ChunkStore } from '../../src/engine/sync/sync-chain.ts';
import { SyncManager } from '../../src/engine/sync/sync-manager.ts';
import type { HeightSample } from '../../src/engine/sync/sync-views.ts';
import { socketUrlOf } from '../../src/network/framed/web-socket-url.ts';
import { ShapedLine } from '../shaped-line.ts';
import type { BenchClient } from './bench-client.ts';
import { countingRelay } from './counting-relay.ts';
import { hotStuff2Client } from './hotstuff2-client.ts';
import type { Job, JobResult } from './job.ts';
import { molochClient } from './moloch-client.ts';

/** Milliseconds between two looks at the heap. */
const LOOK = 100;

function memoryChunks(): ChunkStore {
  const chunks = new Map<number, Uint8Array>();
  return { load: async () => new Map(chunks), put: async (_, index, chunk) => void chunks.set(index, chunk), clear: async () => chunks.clear() };
}

/** Syncs a client to the target, over connections of its own. */
async function sync<B>(client: BenchClient<B>, seeds: readonly string[], job: Job) {
  let fetched = 0;
  const strategies = new Set<string>();
  const ports = seeds.slice(0, job.peers).map((seed) => socketUrlOf(seed)!.port);
  const lines = ports.map(() => job.shaped && new ShapedLine(job.shaped));
  const ends = await Promise.all(ports.map((port, i) => lines[i]?.to(port) ?? port));
  const relays = job.counted ? await Promise.all(ends.map(countingRelay)) : [];
  const peers = await Promise.all(ends.map((port, i) => client.connect(`/ip4/127.0.0.1/tcp/${relays[i]?.port ?? port}/ws`)));
  const manager = new SyncManager<B>({
    chain: client.chain,
    chunks: memoryChunks(),
    clock: systemClock,
    random: systemRandom,
    config: syncConfig(job.config),
    report: (peer, report) => {
      if (report.kind === 'lie') throw new Error(`${peer}: ${JSON.stringify(report)}`);
    },
    plans: (name, config) => {
      strategies.add(name);
      return { ...strategyPlan(name, config), ...job.plan };
    },
    headersOnly: job.headersOnly,
  });
  for (const peer of peers) {
    const { getBlocks } = peer;
    peer.getBlocks = async (...args) => {
      const answer = await getBlocks.apply(peer, args);
      fetched += answer.value.length;
      return answer;
    };
    manager.addSyncPeer(peer);
  }
  const from = client.chain.tip().height;
  const [began, processor] = [performance.now(), process.cpuUsage()];
  await manager.startSync(job.target);
  const elapsed = performance.now() - began;
  const { user, system } = process.cpuUsage(processor);
  const monitor = manager.getMonitor();
  await manager.close();
  const line = job.counted ? relays.reduce((sum, { bytes }) => sum + bytes(), 0) : undefined;
  for (const peer of peers) peer.close();
  for (const relay of [...relays, ...lines]) relay?.close();
  const { height } = client.chain.tip();
  if (height < job.target) throw new Error(`the sync ended at ${height} of ${job.target}`);
  return { from, elapsed, processor: (user + system) / 1000, fetched, monitor, line, strategies: [...strategies] };
}

function perBlock(...lists: readonly (readonly HeightSample[])[]): readonly number[] {
  const sums = new Map<number, number>();
  for (const { height, milliseconds } of lists.flat()) sums.set(height, (sums.get(height) ?? 0) + milliseconds);
  return [...sums.values()];
}

async function run<B>(client: BenchClient<B>, seeds: readonly string[], job: Job): Promise<JobResult> {
  const memoryBefore = process.memoryUsage.rss();
  let peakHeap = 0;
  const looks = setInterval(() => (peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed)), LOOK);
  const first = await sync(client, seeds, job);
  clearInterval(looks);
  const peakMemory = process.resourceUsage().maxRSS * 1024;
  let again: JobResult['again'];
  if (job.again) {
    const began = performance.now();
    const reopened = await client.reopen();
    const restored = performance.now() - began;
    const second = await sync(reopened, seeds, job);
    again = { elapsed: restored + second.elapsed, fetched: second.fetched, bytes: second.monitor.bytes, stored: client.stored() };
  }
  const { bytes, usefulBytes, coordination, stages, downloads, validations, applications, errors } = first.monitor;
  const { elapsed, processor, fetched, line, strategies } = first;
  return { height: client.chain.tip().height, strategies, elapsed, processor, fetched, bytes, usefulBytes, line, coordination, stages, perBlock: perBlock(downloads, validations, applications), peakMemory, memoryBefore, peakHeap, errors, again };
}

const job = JSON.parse(process.argv[2]!) as Job;
const parameters = JSON.parse(readFileSync(job.networkFile, 'utf8')) as { readonly seeds: readonly string[] };
const { seeds } = parameters;
const result = await (job.chain === 'hotstuff2' ? run(hotStuff2Client(parameters, job.again), seeds, job) : run(molochClient(parameters, job.again), seeds, job));
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
