import type { Clock } from '../../../base/clock.ts';
import type { PeerCare } from '../../../engine/peers/peer-care.ts';
import type { Settings } from '../../../engine/settings.ts';
import { StatusWatch } from '../../../engine/live/status-watch.ts';
import { whyNotLive } from '../../../engine/live/why-not-live.ts';
import type { ClientStatus } from '../../../engine/view.ts';
import { seedRefusal } from '../../../network/seed-refusal.ts';
import type { LightChain } from '../chain/light-chain.ts';
import type { NetworkParameters } from '../chain/network.ts';
import type { AlbatrossSync } from '../sync/albatross-sync.ts';
import type { DialWatch } from './dial-watch.ts';
import { TimeFromPeers } from './time-from-peers.ts';

export interface LiveStatusOptions {
  readonly network: Pick<NetworkParameters, 'blockSeparationTime'>;
  readonly chain: Pick<LightChain, 'head' | 'electionHead' | 'genesis'>;
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'minPeers' | 'desiredPeers' | 'allowInsecure' | 'staleBlocks'>;
  /** Fewest peers for consensus. */
  readonly leastPeers: number;
  readonly seeds: readonly string[];
  /** The client runs in a browser and can dial only what browsers can. */
  readonly browser: boolean;
  readonly dials: Pick<DialWatch, 'dials' | 'unreachable'>;
  /** Numbers of peers that are connected, and of peers in live sync. */
  readonly peers: () => { readonly connected: number; readonly live: number };
  readonly sync: () => Pick<AlbatrossSync, 'phase' | 'consensus' | 'progress' | 'reason'> | undefined;
  readonly care: () => Pick<PeerCare, 'wanted' | 'offline' | 'stale'> | undefined;
  /** The clock was wrong and is right now, and there is no consensus. */
  readonly onClockRight: () => void;
  /** The status changed by the passing of time alone. */
  readonly onChange: () => void;
}

/** Networks that must have told the time before the clock is called wrong: as many as consensus needs. */
const TELLING_NETWORKS = 3;

/** The status of a client: what its sync says, and why it is not live. Tests: `test/client/silence.test.ts`, `test/client/too-old.test.ts`. */
export class LiveStatus {
  /** What the peers say of the time. */
  readonly time: TimeFromPeers;
  readonly #options: LiveStatusOptions;
  readonly #watch: StatusWatch;
  /** The seeds that can never be dialled here. Found once: the view needs them with every event. */
  readonly #refusedSeeds: readonly { readonly address: string; readonly code: NonNullable<ReturnType<typeof seedRefusal>> }[];
  #clockWrong = false;

  constructor(options: LiveStatusOptions) {
    const { clock, chain, settings, seeds, browser, sync } = options;
    this.#options = options;
    this.#refusedSeeds = seeds.flatMap((address) => {
      const code = seedRefusal(address, { allowInsecure: settings.allowInsecure, browsers: browser });
      return code ? [{ address, code }] : [];
    });
    this.time = new TimeFromPeers({ clock, wanted: Math.min(TELLING_NETWORKS, settings.minPeers) });
    this.#watch = new StatusWatch({
      clock,
      established: () => sync()?.consensus === 'established',
      verified: () => `${chain.head.hash} ${chain.electionHead.hash} ${sync()?.progress?.done}`,
      told: () => {
        const { phase, reason } = this.view;
        return `${phase} ${reason?.code}`;
      },
      onChange: () => this.#changed(),
    });
  }

  get view(): Pick<ClientStatus, 'phase' | 'consensus' | 'progress' | 'peers' | 'reason'> {
    const { settings, seeds, leastPeers } = this.#options;
    const [sync, care] = [this.#options.sync(), this.#options.care()];
    const peers = { ...this.#options.peers(), wanted: care?.wanted ?? settings.desiredPeers };
    return {
      phase: sync?.phase ?? 'starting',
      consensus: sync?.consensus ?? 'connecting',
      progress: sync?.progress,
      peers,
      reason: sync?.reason,
      ...whyNotLive({
        phase: sync?.phase, reason: sync?.reason, peers: { ...peers, least: leastPeers }, seeds: { count: seeds.length, refused: this.#refusedSeeds }, dials: this.#options.dials.dials,
        unreachable: this.#options.dials.unreachable(seeds.length), offline: care?.offline ?? false,
        standsStill: care?.stale, tooOld: this.#tooOld, clock: this.time.error, due: this.#watch.due, progressing: this.#watch.progressing,
      }),
    };
  }

  /** Milliseconds that the head may go without moving. */
  get staleAfter(): number {
    const { settings, network } = this.#options;
    return settings.staleBlocks * network.blockSeparationTime;
  }

  stop(): void {
    this.#watch.stop();
  }

  /** Age of the head in milliseconds, if that is too much. The genesis block is never fresh, so its age does not count. */
  get #tooOld(): number | undefined {
    const { chain, clock } = this.#options;
    const age = clock.now() - chain.head.block.header.timestamp;
    return chain.head.height > chain.genesis.height && age > this.staleAfter ? age : undefined;
  }

  #changed(): void {
    const wrong = this.time.error !== undefined;
    if (this.#clockWrong && !wrong && this.#options.sync()?.consensus !== 'established') this.#options.onClockRight();
    this.#clockWrong = wrong;
    this.#options.onChange();
  }
}
