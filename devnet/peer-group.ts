import type { NetworkParameters } from '../src/chains/albatross/chain/network.ts';
import type { DevnetEvent } from './events.ts';
import { DevnetError } from './devnet-error.ts';
import type { Mempool } from './ledger/mempool.ts';
import { DevPeer } from './peer.ts';
import type { PeerView } from './peer-view.ts';

/** Milliseconds between two rounds of exchanging the peers' contacts; clients forget a contact after 30 minutes. */
const INTRODUCE_EVERY = 10 * 60_000;

export interface PeerGroupOptions {
  readonly network: NetworkParameters;
  readonly seed: string;
  readonly peers: number;
  /** Port of peer 0; the others follow. 0: each peer takes a free port. */
  readonly port: number;
  /** See `DevnetOptions`. */
  readonly patience: number;
  /** See `CreateDevnetOptions`. */
  readonly rateWindow?: number | undefined;
  readonly viewOf: (index: number) => PeerView;
  readonly mempool: Mempool;
  /** Called with the peers' events. */
  readonly emit: (event: DevnetEvent) => void;
}

/** The peers of a devnet. They are started together and know each other's contacts. */
export class PeerGroup {
  readonly peers: readonly DevPeer[];
  #timer: NodeJS.Timeout | undefined;
  #introducing: Promise<void> = Promise.resolve();

  constructor({ peers, port, viewOf, ...rest }: PeerGroupOptions) {
    this.peers = Array.from({ length: peers }, (_, index) => new DevPeer({ ...rest, index, port: port === 0 ? 0 : port + index, view: viewOf(index) }));
  }

  /** Throws `DevnetError`. */
  at(index: number): DevPeer {
    const peer = this.peers[index];
    if (!peer) throw new DevnetError('unknown-peer', `there is no peer ${index}; peers are 0 to ${this.peers.length - 1}`);
    return peer;
  }

  /** Starts all peers and introduces them to each other, now and periodically. If it throws, no peer is left running. */
  async start(): Promise<void> {
    const { peers } = this;
    try {
      for (const peer of peers) await peer.start();
      await this.#introduce();
    } catch (error) {
      await this.stop();
      throw error;
    }
    // A round ends long before the next one begins, so two rounds never overlap.
    this.#timer = setInterval(() => {
      this.#introducing = this.#introduce();
    }, INTRODUCE_EVERY);
  }

  /** A real node passes on the contacts of its neighbours. The peers of a devnet have no connections with each other, so they get the contacts from here. */
  async #introduce(): Promise<void> {
    const contacts = await Promise.all(this.peers.map((peer) => peer.contact()));
    await Promise.all(this.peers.map((peer) => peer.learn(contacts.flatMap((contact) => contact ?? []))));
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#introducing;
    await Promise.all(this.peers.map((peer) => peer.stop()));
  }
}
