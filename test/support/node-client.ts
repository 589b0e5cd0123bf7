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
  /** Rows that an earlier client stored. */
  readonly rows?: MemoryRows | undefined;
  /** Default: a store in memory with `rows`. */
  readonly store?: Store | undefined;
  /** Opens the database, for a client that works in memory. */
  readonly reopen?: (() => Promise<Store>) | undefined;
  /** Options of its node. Unlike a browser, it can listen. */
  readonly node?: Partial<AlbatrossNodeOptions> | undefined;
  /** Changes its node before the client uses it. */
  readonly tamper?: ((node: AlbatrossNode) => void) | undefined;
  readonly settings?: SettingsValues | undefined;
  /** Replaces the host's clock. */
  readonly clock?: Clock | undefined;
  readonly sync?: Partial<SyncSettings> | undefined;
  /** Workers that are lent to it from the start. */
  readonly verifiers?: readonly VerifierPort[] | undefined;
  /** Replaces the verification on this thread, to count jobs or slow them down. */
  readonly runJob?: typeof runJob | undefined;
}

/** The complete light client in Node, with its events so far. */
export interface NodeClient {
  readonly client: ChainClient;
  /** The stored rows, which outlive the client. */
  readonly rows: MemoryRows;
  readonly heads: readonly HeadEvent[];
  readonly notices: readonly Notice[];
  readonly trusts: readonly TrustRecord[];
  readonly log: readonly LogEntry[];
  /** Its node; undefined until it has started. */
  readonly node: AlbatrossNode | undefined;
  /** Resolves as soon as `holds` is true, which it checks after every event. Rejects after 150 s with the client's state. */
  until(what: string, holds: (client: ChainClient) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds. Long enough for a loaded machine; a real failure never ends by itself. */
const PATIENCE = 150_000 * Number(process.env['PETREL_SLOWNESS'] ?? 1);

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
    // Do not wait for more witnesses than exist. Tests of the background proof turn it on.
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
