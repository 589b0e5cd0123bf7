import 'fake-indexeddb/auto';
import { vi } from 'vitest';
import type { MolochNet } from '../../devnet/moloch/moloch-net.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { runJob } from '../../src/crypto/run-job.ts';
import type { MolochNetwork } from '../../src/chains/moloch/chain/network.ts';
import { molochDriver } from '../../src/chains/moloch/driver.ts';
import type { ChainClient } from '../../src/engine/driver.ts';
import { resolveSettings } from '../../src/engine/settings.ts';
import type { SyncStatusView } from '../../src/engine/sync/sync-views.ts';
import type { PeerView } from '../../src/engine/view.ts';
import '../../src/network/node-web-socket.ts';
import { VerifierPool } from '../../src/hub/loans/verifier-pool.ts';
import { patientClock } from './patient-clock.ts';

export interface FollowerOptions {
  /** The nodes that it dials; default: all. */
  readonly nodes?: readonly number[];
  /** Height of the pinned checkpoint. With one the client waits as long as a slow machine needs for its snapshot. */
  readonly checkpoint?: number;
  readonly headersOnly?: boolean;
  /** Bytes that it gives to its peers within an hour. */
  readonly uploadCap?: number;
  /** The name of its database; default: it works in memory. */
  readonly database?: string;
  readonly network?: Partial<MolochNetwork>;
}

/** The client as the hub runs it, against a local Moloch network: by its driver, with real sockets. */
export class MolochFollower {
  readonly client: ChainClient;
  readonly #close: () => Promise<void>;

  private constructor(client: ChainClient, close: () => Promise<void>) {
    this.client = client;
    this.#close = close;
  }

  static async start(net: MolochNet, { nodes, checkpoint = 0, headersOnly = false, uploadCap, database, network: change = {} }: FollowerOptions = {}): Promise<MolochFollower> {
    const file = net.networkWith({ checkpoint });
    const network = molochDriver.checkNetwork({ ...file, ...(nodes && { seeds: nodes.map((index) => file.seeds[index]!) }), ...change });
    const clock = checkpoint > 0 ? patientClock : systemClock;
    const pool = new VerifierPool({ clock: systemClock, runJob });
    const { client } = await molochDriver.start({
      network, database: database ?? 'none', memoryOnly: database === undefined, rtc: undefined, clock, random: systemRandom, hub: 'test', verify: pool.verify,
      settings: resolveSettings({ network: { minPeers: 1, headersOnly, uploadCap } }), notice: () => undefined,
    });
    return new MolochFollower(client, async () => {
      await client.close();
      pool.close();
    });
  }

  /** Heights of head and final block, such as `21/20`. */
  get at(): string {
    const { latest, final } = this.client.getHead();
    return `${latest.height}/${final.height}`;
  }

  get banned(): readonly PeerView[] {
    return this.client.getPeers().filter(({ state }) => state === 'banned');
  }

  /** Codes of the offences and lies that it has noted. */
  get faults(): readonly string[] {
    return this.client.getLog().filter(({ code }) => code === 'peer-offence' || code === 'peer-lied' || code === 'peer-banned').map(({ data }) => String(data['reason'] ?? data['code'] ?? data['offence']));
  }

  async syncStatus(): Promise<SyncStatusView> {
    return (await this.client.ask('getSyncStatus', [])) as SyncStatusView;
  }

  /** Stops the sync until so many nodes are connected, so that the next one begins with all of them. To be called before anything else. */
  async stopUntilConnected(nodes: number): Promise<void> {
    await this.client.ask('stopSync', []);
    await vi.waitUntil(() => this.client.getPeers().filter(({ state }) => state === 'ahead').length === nodes, { interval: 20 });
  }

  async until(check: () => unknown): Promise<void> {
    await vi.waitFor(check, { interval: 20 });
  }

  close(): Promise<void> {
    return this.#close();
  }
}
