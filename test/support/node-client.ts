// Node 20 has no WebSocket of its own.
import '../../src/network/node-web-socket.ts';
import type { NetworkParameters } from '../../src/chains/albatross/chain/network.ts';
import type { SyncSettings } from '../../src/chains/albatross/sync/settings.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { HeadEvent, LogEntry, Notice, TrustRecord } from '../../src/bridge/contract.ts';
import { runJob } from '../../src/crypto/run-job.ts';
import { startLightClient } from '../../src/chains/albatross/client/light-client.ts';
import type { ChainClient } from '../../src/engine/driver.ts';
import { resolveSettings, type SettingsValues } from '../../src/engine/settings.ts';
import { createAlbatrossNode } from '../../src/chains/albatross/net/node.ts';
import type { AlbatrossNode, AlbatrossNodeOptions } from '../../src/chains/albatross/net/node-types.ts';
import { VerifierPool, type VerifierPort } from '../../src/hub/loans/verifier-pool.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { MemoryRows } from '../../src/storage/memory-rows.ts';
import { createMemoryStore } from '../../src/chains/albatross/store/memory-store.ts';
import type { Store } from '../../src/chains/albatross/store/store.ts';

export interface NodeClientOptions {
  readonly network: NetworkParameters;
  /** What an earlier client stored. */
  readonly rows?: MemoryRows | undefined;
  /** Default: a store in memory, on `rows`. */
  readonly store?: Store | undefined;
  /** The database, for a client that works in memory. */
  readonly reopen?: (() => Promise<Store>) | undefined;
  /** What the network sees of it: other than a browser, it can listen. */
  readonly node?: Partial<AlbatrossNodeOptions> | undefined;
  /** Changes its node before anything else is done with it. */
  readonly tamper?: ((node: AlbatrossNode) => void) | undefined;
  readonly settings?: SettingsValues | undefined;
  /** In place of the host's. */
  readonly clock?: Clock | undefined;
  readonly sync?: Partial<SyncSettings> | undefined;
  /** Workers lent to it from the start. */
  readonly verifiers?: readonly VerifierPort[] | undefined;
  /** In place of the verification on this thread, for one that is counted or slow. */
  readonly runJob?: typeof runJob | undefined;
}

/** The whole light client in Node, with what it said so far. */
export interface NodeClient {
  readonly client: ChainClient;
  /** Outlives the client. */
  readonly rows: MemoryRows;
  readonly heads: readonly HeadEvent[];
  readonly notices: readonly Notice[];
  readonly trusts: readonly TrustRecord[];
  readonly log: readonly LogEntry[];
  /** Its way to the network; there as soon as it is started. */
  readonly node: AlbatrossNode | undefined;
  /** Resolves as soon as `holds` is true; looks after every event. Rejects after 150 s with what the client was at. */
  until(what: string, holds: (client: ChainClient) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds; a loaded machine takes its time, and a failure is one all the same. */
const PATIENCE = 150_000;

/** Starts a light client that verifies on this thread. */
export async function startNodeClient(options: NodeClientOptions): Promise<NodeClient> {
  const { network, rows = new MemoryRows(), clock = systemClock } = options;
  const pool = new VerifierPool({ clock: systemClock, runJob: options.runJob ?? runJob });
  for (const verifier of options.verifiers ?? []) pool.lend(verifier);
  const store = options.store ?? createMemoryStore({ network, rows });
  await store.takeFencing();
  let node: AlbatrossNode | undefined;
  const client = await startLightClient({
    network, store, reopen: options.reopen, verify: pool.verify, clock, random: systemRandom,
    // Tests do not wait for more witnesses than there are; those that are about the proof in the background turn it on.
    settings: resolveSettings({ network: { witnessWait: 1_000, logEntries: 5_000, prove: false, ...options.settings } }),
    sync: options.sync,
    createNode: async (made) => {
      node = await createAlbatrossNode({ ...made, ...options.node });
      options.tamper?.(node);
      return node;
    },
  });
  const heads: HeadEvent[] = [];
  const notices: Notice[] = [];
  const trusts: TrustRecord[] = [];
  const checks = new Set<() => void>();
  client.events.on('head', (event) => heads.push(event));
  client.events.on('notice', (notice) => notices.push(notice));
  client.events.on('trust', (trust) => trusts.push(trust));
  for (const name of ['status', 'head', 'peers', 'trust', 'notice', 'log'] as const) {
    client.events.on(name, () => {
      for (const check of checks) check();
    });
  }
  const until = (what: string, holds: (client: ChainClient) => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        checks.delete(check);
        reject(new Error(`not within ${PATIENCE} ms: ${what}\n${describeClient(client)}`));
      }, PATIENCE);
      const check = (): void => {
        if (!holds(client)) return;
        clearTimeout(timer);
        checks.delete(check);
        resolve();
      };
      checks.add(check);
      check();
    });
  return {
    client, rows, heads,
    get node() {
      return node;
    }, notices, trusts, until,
    get log() {
      return client.getLog();
    },
    async close() {
      await client.close();
      pool.close();
    },
  };
}

function describeClient(client: ChainClient): string {
  const { phase, consensus, peers, reason } = client.getStatus();
  const lines = client.getLog().slice(-40).map(({ area, level, code, data }) => `  ${area} ${level} ${code} ${JSON.stringify(data)}`);
  const views = client.getPeers().map(({ id, state, height, reason: why }) => `  peer ${id.slice(-6)} ${state} ${height} ${why?.code ?? ''}`);
  return [JSON.stringify({ phase, consensus, peers, reason, head: client.getHead().latest }), ...views, ...lines].join('\n');
}
