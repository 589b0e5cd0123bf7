// Tests: `src/engine/follow/follow-network.test.ts`, `src/engine/follow/follow-client.test.ts`.
import type { Clock } from '../../base/clock.ts';
import { CodedError } from '../../base/coded-error.ts';
import type { Random } from '../../base/random.ts';
import type { ClientLog } from '../client-log.ts';
import { type Attention, fullAttention } from '../live/attention.ts';
import { PeerMemory } from '../peers/peer-memory.ts';
import type { PeerReport } from '../peers/peer-net.ts';
import type { Fault } from '../sync/sync-chain.ts';
import type { SyncManager } from '../sync/sync-manager.ts';
import { PeerFault } from '../sync/sync-peer.ts';
import { AddressDialer } from './address-dialer.ts';
import { FollowPeers } from './follow-peers.ts';
import type { ChainPeer, FollowedChain, FollowOptions } from './followed-chain.ts';
import type { LiveFollower } from './live-follower.ts';

/**
 * What the sync reports as useless, and is no offence: a peer may refuse, and its newest block may not be final yet. A block that a quorum has signed
 * and whose state is another one here may show an error of ours. The sync asks others then.
 */
const NO_OFFENCE: readonly string[] = ['refused', 'no-receiver', 'claim-not-proven', 'state-root'];

/** A connection that is not kept: `banned`, `duplicate`, `enough`, `closed`, `closed-at-once`. */
class NotKeptError extends CodedError {
  override readonly name = 'NotKeptError';
}

export interface FollowNetworkOptions<B, F> {
  readonly chain: Pick<FollowedChain<B, F>, 'connect' | 'head'> & { readonly store: Pick<FollowedChain<B, F>['store'], 'peers'> };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: ClientLog;
  readonly seeds: readonly string[];
  readonly refusal: FollowOptions['refusal'];
  readonly settings: FollowOptions['settings'];
  /** Milliseconds for a connection with its handshake. */
  readonly timeout: number;
  readonly sync: () => Pick<SyncManager<B>, 'addSyncPeer' | 'removeSyncPeer' | 'pardonSyncPeer'>;
  readonly follower: () => Pick<LiveFollower<B, F>, 'mode' | 'announced' | 'claimed' | 'left'>;
  readonly onChange: () => void;
}

/** The connections of a client: dials as many nodes as are wanted, gives what they announce to the follower, and bans those that break rules. */
export class FollowNetwork<B, F> {
  readonly peers: FollowPeers<B>;
  readonly dialer: AddressDialer;
  readonly #options: FollowNetworkOptions<B, F>;
  readonly #memory: PeerMemory;
  #attention: Attention = fullAttention;
  #closed = false;

  constructor(options: FollowNetworkOptions<B, F>) {
    const { clock, random, log, refusal, seeds, timeout, onChange, chain } = options;
    this.#options = options;
    this.peers = new FollowPeers({
      clock, log, onChange,
      head: () => chain.head().height,
      onBanned: (id, dialled) => {
        this.#gone(id, dialled, true);
        this.#memory.drop(id);
        this.#keepBans();
      },
      onPardoned: (id) => {
        options.sync().pardonSyncPeer(id);
        this.#keepBans();
        this.dialer.review();
      },
    });
    this.#memory = new PeerMemory({
      clock,
      joined: () => this.peers.all.map((peer) => memorable(peer, this.peers.dialledOf(peer.id) ?? peer.address)),
      live: () => (options.follower().mode === 'live' ? this.peers.all.map(({ id }) => id) : []),
      save: (peers) => void chain.store.peers?.keepPeers(peers).catch(() => log.add('storage', 'info', 'peers-not-stored')),
    });
    this.#restore();
    this.dialer = new AddressDialer({
      clock, random, log, refusal, timeout, onChange,
      // Those that served us well are dialled first.
      addresses: [...new Set([...this.#memory.peers.map(({ address }) => address), ...seeds])],
      isBanned: (address) => this.peers.isBanned(address),
      wanted: () => this.wanted,
      dial: (address, signal) => this.#dial(address, signal),
    });
  }

  /** Begins to dial. */
  start(): void {
    this.#memory.start();
    this.dialer.start();
  }

  /** The client works in another store: the bans that this has count from now on, and its good peers are dialled too. */
  storeReturned(): void {
    this.#restore();
    this.#keepBans();
    for (const { address } of this.#memory.peers) this.dialer.add(address);
    this.#options.onChange();
  }

  /** The store was wiped: nothing is known of any peer. */
  forget(): void {
    this.#memory.clear();
    for (const id of this.peers.forget()) this.#options.sync().pardonSyncPeer(id);
    this.dialer.review();
  }

  /** The device says that it is offline. */
  get offline(): boolean {
    return !this.#attention.online;
  }

  /** Connections wanted: no more than consensus needs while nobody looks, and none while no page can show anything. */
  get wanted(): number {
    const { settings, follower } = this.#options;
    const { desiredPeers, maxPeers, minPeers } = settings;
    if (this.#attention.mode === 'none' || follower().mode === 'halted') return 0;
    return Math.min(maxPeers, this.#attention.mode === 'low' ? minPeers : Math.max(desiredPeers, minPeers));
  }

  setAttention(attention: Attention): void {
    const wasAway = this.offline || this.#attention.mode === 'none';
    this.#attention = attention;
    if (attention.mode === 'none') this.peers.closeAll();
    // The connections were closed by us, or by the device: no address is to blame.
    if (wasAway && attention.online && attention.mode !== 'none') this.dialer.retryNow();
    else this.dialer.review();
  }

  fault(peer: string, fault: Fault): void {
    this.peers.fault(peer, fault);
  }

  /** A peer was asked to prove its claim, and proved this. */
  asked(peer: string, claimed: number, proven: number): void {
    this.peers.asked(peer, claimed, proven);
    this.#options.onChange();
  }

  /** What the sync saw of a peer. Its own table keeps who is slow; here good service, broken rules and unproven claims count. */
  report(peer: string, report: PeerReport): void {
    if (report.kind === 'useful') this.#memory.served(peer);
    if (report.kind === 'useless' && report.code === 'claim-not-proven') this.asked(peer, Number(report.evidence?.['claimed'] ?? 0), Number(report.evidence?.['proven'] ?? 0));
    if (report.kind === 'lie') this.peers.fault(peer, { code: report.code, weight: 'lie', data: report.evidence });
    if (report.kind === 'useless' && !NO_OFFENCE.includes(report.code)) this.peers.fault(peer, { code: report.code, weight: 'offence' });
  }

  /** Adds an address and dials it; a code if it is not taken: a refusal, `known`, `full`, `banned`. */
  add(address: string): string | undefined {
    return this.peers.isBanned(address) ? 'banned' : this.dialer.add(address);
  }

  /** Forgets an address, or the address of the peer with this id, and closes the connection. False if it is unknown. */
  remove(addressOrId: string): boolean {
    const peers = this.peers.all.filter(({ id, address }) => id === addressOrId || address === addressOrId || this.peers.dialledOf(id) === addressOrId);
    const known = this.dialer.remove(addressOrId);
    for (const { peer, address } of this.#memory.peers) if (peer === addressOrId || address === addressOrId) this.#memory.drop(peer);
    for (const peer of peers) {
      this.dialer.remove(this.peers.dialledOf(peer.id) ?? peer.address);
      this.#memory.drop(peer.id);
      peer.close();
    }
    return known || peers.length > 0;
  }

  /** Dials no more. The connections are closed by `closeAll` of the peers, when nothing needs them. */
  stop(reason: Error): void {
    this.#closed = true;
    this.#memory.stop();
    this.peers.stop();
    this.dialer.stop(reason);
  }

  async #dial(address: string, signal: AbortSignal): Promise<void> {
    const { chain, random, follower, sync, onChange } = this.#options;
    let id: string | undefined;
    let ended = false;
    const peer: ChainPeer<B> = await chain.connect(address, {
      announced: (announcement) => {
        if (id !== undefined && this.peers.get(id)) follower().announced(id, announcement);
      },
      claims: () => {
        follower().claimed();
        onChange();
      },
      fault: (fault) => {
        if (id !== undefined) this.peers.fault(id, fault);
      },
      closed: (code) => {
        ended = true;
        if (id === undefined) return;
        this.peers.left(id, code);
        this.#gone(id, address, false);
      },
    }, { signal, random }).catch((error: unknown) => {
      if (error instanceof PeerFault && !signal.aborted) this.peers.dialFault(address, { code: error.code, weight: error.weight, data: error.data });
      throw error;
    });
    const refused = ended ? 'closed-at-once' : this.#closed || signal.aborted ? 'closed' : this.wanted === 0 ? 'enough' : this.peers.join(peer, address);
    if (refused !== undefined) {
      peer.close();
      throw new NotKeptError(refused, `the connection to ${peer.id} is not kept`);
    }
    id = peer.id;
    sync().addSyncPeer(peer);
    follower().claimed();
  }

  #restore(): void {
    const { chain, clock, refusal } = this.#options;
    const { bans, peers } = chain.store.peers?.known ?? { bans: [], peers: [] };
    this.peers.restoreBans(bans);
    this.#memory.restore(peers.filter(({ peer, address }) => !this.peers.isBanned(peer) && !this.peers.isBanned(address) && refusal(address) === undefined));
    // The clock was set back: the terms are written as they are by this clock, or they would begin anew at each start.
    if (bans.some(({ at }) => at > clock.now())) this.#keepBans();
  }

  #keepBans(): void {
    const { chain, log } = this.#options;
    if (!this.#closed) void chain.store.peers?.keepBans(this.peers.keptBans).catch(() => log.add('storage', 'info', 'bans-not-stored'));
  }

  /** A peer is no longer connected. */
  #gone(id: string, dialled: string, banned: boolean): void {
    const { sync, follower } = this.#options;
    sync().removeSyncPeer(id);
    follower().left(id, banned);
    this.dialer.closed(dialled);
  }
}

/** `dialled`: the address that is remembered. Peers of one host count as one network. */
function memorable({ id, transport }: Pick<ChainPeer<unknown>, 'id' | 'transport'>, dialled: string) {
  return { id, transport, address: dialled, subnet: dialled.split('/')[2] || dialled, kind: 'node', direction: 'outbound' };
}
