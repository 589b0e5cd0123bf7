/** The process of one client: takes a `Job` as JSON in its argument, and prints the `JobResult` as JSON. */
import '../../src/base/with-resolvers.ts';
import '../../src/network/node-web-socket.ts';
import { readFileSync } from 'node:fs';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { syncConfig } from '../../src/engine/sync/default-sync-config.ts';
import type { PeerHandlers } from '../../src/engine/follow/followed-chain.ts';
import { SyncManager } from '../../src/engine/sync/sync-manager.ts';
import type { HeightSample } from '../../src/engine/sync/sync-views.ts';
import { socketUrlOf } from '../../src/network/framed/web-socket-url.ts';
import { ShapedLine } from '../shaped-line.ts';
import { countingRelay } from './counting-relay.ts';
import type { Job, JobResult } from './job.ts';
import { keptRows } from './kept-rows.ts';
import { openHotStuff2Chain, openMoloch, type OpenedChain } from './open-chains.ts';

/** Milliseconds between two looks at the heap. */
const LOOK = 100;

/** The bench does not follow live. */
const ignored: PeerHandlers<unknown, unknown> = { announced: () => undefined, claims: () => undefined, fault: () => undefined, closed: () => undefined };

/** Syncs a client to the target, over connections of its own. */
async function sync<B, F>({ chain, choose, plans, config }: OpenedChain<B, F>, seeds: readonly string[], job: Job) {
  let fetched = 0;
  const strategies = new Set<string>();
  const ports = seeds.slice(0, job.peers).map((seed) => socketUrlOf(seed)!.port);
  const lines = ports.map(() => job.shaped && new ShapedLine(job.shaped));
  const ends = await Promise.all(ports.map((port, i) => lines[i]?.to(port) ?? port));
  const relays = job.counted ? await Promise.all(ends.map(countingRelay)) : [];
  const peers = await Promise.all(ends.map((port, i) => chain.connect(`/ip4/127.0.0.1/tcp/${relays[i]?.port ?? port}/ws`, ignored, { signal: new AbortController().signal, random: systemRandom })));
  const manager = new SyncManager<B>({
    chain,
    chunks: chain.store.chunks,
    clock: systemClock,
    random: systemRandom,
    config: syncConfig({ ...config, ...job.config }),
    report: (peer, report) => {
      if (report.kind === 'lie') throw new Error(`${peer}: ${JSON.stringify(report)}`);
    },
    choose,
    plans: (name, settings) => {
      strategies.add(name);
      return plans(name, settings);
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
  const [began, processor] = [performance.now(), process.cpuUsage()];
  await manager.startSync(job.target);
  const elapsed = performance.now() - began;
  const { user, system } = process.cpuUsage(processor);
  const monitor = manager.getMonitor();
  await manager.close();
  const line = job.counted ? relays.reduce((sum, { bytes }) => sum + bytes(), 0) : undefined;
  for (const peer of peers) peer.close();
  for (const relay of [...relays, ...lines]) relay?.close();
  const { height } = chain.tip();
  if (height < job.target) throw new Error(`the sync ended at ${height} of ${job.target}`);
  return { elapsed, processor: (user + system) / 1000, fetched, monitor, line, strategies: [...strategies] };
}

function perBlock(...lists: readonly (readonly HeightSample[])[]): readonly number[] {
  const sums = new Map<number, number>();
  for (const { height, milliseconds } of lists.flat()) sums.set(height, (sums.get(height) ?? 0) + milliseconds);
  return [...sums.values()];
}

async function run<B, F>(open: () => Promise<OpenedChain<B, F>>, seeds: readonly string[], job: Job): Promise<JobResult> {
  const client = await open();
  const memoryBefore = process.memoryUsage.rss();
  let peakHeap = 0;
  const looks = setInterval(() => (peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed)), LOOK);
  const first = await sync(client, seeds, job);
  clearInterval(looks);
  const peakMemory = process.resourceUsage().maxRSS * 1024;
  let again: JobResult['again'];
  if (job.again) {
    const began = performance.now();
    await client.chain.store.flush();
    const reopened = await open();
    const restored = performance.now() - began;
    const second = await sync(reopened, seeds, job);
    again = { elapsed: restored + second.elapsed, fetched: second.fetched, bytes: second.monitor.bytes, stored: client.chain.store.bytes };
  }
  const { bytes, usefulBytes, coordination, stages, downloads, validations, applications, errors } = first.monitor;
  const { elapsed, processor, fetched, line, strategies } = first;
  return { height: client.chain.tip().height, strategies, elapsed, processor, fetched, bytes, usefulBytes, line, coordination, stages, perBlock: perBlock(downloads, validations, applications), peakMemory, memoryBefore, peakHeap, errors, again };
}

const job = JSON.parse(process.argv[2]!) as Job;
const parameters = JSON.parse(readFileSync(job.networkFile, 'utf8')) as { readonly seeds: readonly string[] };
const { seeds } = parameters;
// They outlive the chain that is opened on them, as a database does.
const rows = keptRows();
const result = await (job.chain === 'hotstuff2' ? run(() => openHotStuff2Chain(parameters, rows), seeds, job) : run(() => openMoloch(parameters, rows, job.headersOnly), seeds, job));
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
