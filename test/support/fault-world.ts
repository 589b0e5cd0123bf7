import type { DevBlock } from '../../devnet/dev-block.ts';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import type { DevPeer } from '../../devnet/peer.ts';
import { type NodeClient, startNodeClient } from './node-client.ts';
import type { FaultRow, Sign } from './fault-table.ts';
import { closeWithNobodyExpelled } from './nobody-expelled.ts';
import type { SyncSettings } from '../../src/chains/albatross/sync/settings.ts';
import type { SettingsValues } from '../../src/engine/settings.ts';
import type { PeerView } from '../../src/bridge/contract.ts';

/** Peers 0 to 2 are honest; a test can make all others liars. */
export const HONEST = 3;

export interface FaultWorldOptions {
  readonly liars: number;
  readonly epochs?: number;
  readonly settings?: SettingsValues;
  readonly sync?: Partial<SyncSettings>;
}

/**
 * A devnet that announces no block by itself, with a complete client connected to all of its peers. So a test decides which peer
 * announces what, and in which order. All blocks have the same timestamp, ahead of the clock.
 */
export class FaultWorld {
  readonly devnet: Devnet;
  readonly #options: FaultWorldOptions;
  #client: NodeClient | undefined;
  #next = HONEST;

  private constructor(devnet: Devnet, options: FaultWorldOptions) {
    this.devnet = devnet;
    this.#options = options;
  }

  static async open(options: FaultWorldOptions): Promise<FaultWorld> {
    // As far ahead as the client allows: the fault `timestamp-future` is 11 minutes later, and must stay too far ahead however long
    // a slow machine takes.
    const now = Date.now() + 9 * 60_000;
    const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'faults', peers: HONEST + options.liars, epochs: options.epochs ?? 0, zkp: 'none', now: () => now });
    devnet.withhold(true);
    return new FaultWorld(devnet, options);
  }

  async connect(): Promise<void> {
    const peers = this.devnet.peers.length;
    this.#client = await startNodeClient({
      network: this.devnet.network,
      settings: { desiredPeers: peers, maxPeers: peers + 10, ...this.#options.settings },
      // No head rounds by timer, so that only the test's own actions cause events. No doubt window, because each liar is a separate
      // case: the client must not doubt itself when most peers have lied within a minute.
      sync: { headRoundInterval: 3_600_000, doubtWindow: 0, reaskInterval: 0, requestTimeout: 4000, ...this.#options.sync },
    });
  }

  get it(): NodeClient {
    if (!this.#client) throw new Error('the client is not connected yet');
    return this.#client;
  }

  get honest(): readonly DevPeer[] {
    return this.devnet.peers.slice(0, HONEST);
  }

  get height(): number {
    return this.it.client.getHead().latest.height;
  }

  async close(): Promise<void> {
    await this.#client?.close();
    await closeWithNobodyExpelled(this.devnet);
  }

  /** The next peer that has not lied yet. */
  liar(): DevPeer {
    const peer = this.devnet.peers[this.#next];
    if (!peer) throw new Error('all liars are used up');
    this.#next += 1;
    return peer;
  }

  /** The block at this height; makes the missing blocks up to it. */
  async block(height: number): Promise<DevBlock> {
    const { chain } = this.devnet;
    if (chain.head.height < height) await this.devnet.produce(height - chain.head.height);
    return chain.at(height)!;
  }

  /** Brings the client to the honest block at this height, through an honest peer's announcement. */
  async lead(height: number): Promise<void> {
    const block = await this.block(height);
    await this.honest[0]!.announce(block);
    await this.it.until(`the honest block ${height}`, (client) => client.getHead().latest.hash === block.hash);
  }

  /** Hides all blocks after `height` on all peers, so that a running head round cannot deliver them; undefined: hides none. */
  freezeAll(height: number | undefined): void {
    for (const peer of this.devnet.peers) peer.view.freeze(height);
  }

  async live(peers: number): Promise<void> {
    await this.it.until(`${peers} live peers`, (client) => client.getStatus().peers.live >= peers);
    // Gossip starts on a connection by itself, and last of all on a slow machine; an earlier announcement would reach no client.
    while (this.devnet.peers.filter(({ listeners }) => listeners > 0).length < peers) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  view(peer: DevPeer): PeerView | undefined {
    return this.it.client.getPeers().find(({ id }) => id === peer.id);
  }

  bannedFor(peer: DevPeer): string | undefined {
    const view = this.view(peer);
    return view?.state === 'banned' ? (view.reason?.code ?? 'no reason') : undefined;
  }

  /** Banned honest peers. There must be none. */
  get wronged(): readonly string[] {
    return this.honest.flatMap((peer) => this.bannedFor(peer) ?? []);
  }

  /**
   * Waits until the row's expected result has come. `from`: length of the devnet's log before the fault. Resolves with the code of
   * the liar's ban.
   */
  async outcome(row: FaultRow, liar: DevPeer, made: DevBlock | undefined, from: number): Promise<string | undefined> {
    const { expect, fault, scene } = row;
    if ('ban' in expect) await this.it.until(`${scene}: a ban for ${fault}`, () => this.bannedFor(liar) !== undefined);
    else if (!('nothing' in expect.spared)) await this.#sign(expect.spared, `${scene}: ${fault}`, liar, made, from);
    return this.bannedFor(liar);
  }

  async #sign(sign: Sign, what: string, liar: DevPeer, made: DevBlock | undefined, from: number): Promise<void> {
    if ('asked' in sign) {
      await this.devnet.waitFor('request', (event) => event.peer === liar.index && event.kind === sign.asked && event.outcome === sign.outcome, { from, timeout: 150_000 });
      return;
    }
    const logged = (code: string, name: string, value: string) => () =>
      this.it.log.some((entry) => entry.code === code && entry.data['peer'] === liar.id && entry.data[name] === value);
    const holds = (() => {
      if ('noted' in sign) return () => this.it.log.some(({ code, data }) => code === sign.noted && data['peer'] === liar.id);
      if ('rejected' in sign) return logged('block-rejected', 'rule', sign.rejected);
      if ('dropped' in sign) return logged('peer-dropped', 'reason', sign.dropped);
      if ('adopted' in sign) return () => this.it.client.getHead().latest.hash === made?.hash;
      if ('witness' in sign) return () => this.it.client.getTrust().anchor.witnesses.some(({ peer }) => peer === liar.id);
      if ('state' in sign) return () => this.view(liar)?.state === sign.state && this.view(liar)?.reason?.code === sign.reason;
      return () => true;
    })();
    await this.it.until(`${what}: ${JSON.stringify(sign)}`, holds);
  }
}
