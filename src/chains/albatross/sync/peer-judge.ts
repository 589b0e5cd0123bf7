// Tests: `src/chains/albatross/sync/albatross-sync-doubt.test.ts`.
import type { Clock } from '../../../base/clock.ts';
import type { LogCode, NoticeCode } from '../../../base/log-codes.ts';
import type { BannedPeer } from '../../../engine/peers/peer-book.ts';
import type { PeerId, PeerReport } from '../../../engine/peers/peer-net.ts';
import type { LightChain } from '../chain/light-chain.ts';
import type { Question } from './ask/asker.ts';
import { DoubtKeeper } from './live/doubt-keeper.ts';
import type { DoubtView } from './live/doubt-keeper.ts';
import { isProvenLie } from './live/self-doubt.ts';
import type { Data } from './macro-context.ts';
import type { MacroSync } from './macro/macro-sync.ts';
import { PastDoubt, pastWays } from './past/past-doubt.ts';
import type { PastWay, VerifiedPast } from './past/past-doubt.ts';
import type { SyncNet, SyncPeer } from './net.ts';
import type { StateReason } from './pico-peer.ts';
import type { SyncSettings } from './settings.ts';

/** Peers remembered after they left: four times as many as a node has. */
const maxLeft = 64;

export interface PeerJudgeOptions {
  readonly net: SyncNet;
  readonly chain: LightChain;
  readonly clock: Clock;
  readonly settings: SyncSettings;
  /** The bans in force when the sync begins. */
  readonly bans: readonly BannedPeer[];
  readonly macro: () => MacroSync;
  /** Nothing that the peer has sent counts any longer. */
  readonly dropWordOf: (peer: PeerId) => void;
  readonly log: (level: 'info' | 'warning', code: LogCode, data: Data) => void;
  readonly onNotice: (level: 'info' | 'warning', code: NoticeCode, data: Data) => void;
  /** The peer may have been caught by an error of ours: more peers are wanted. */
  readonly onSuspect: (peer: PeerId) => void;
  /** Which peers count has changed. */
  readonly onChange: () => void;
}

/** Judges peers by what is reported of them: counts it, keeps them aside while the client doubts itself, or bans them. */
export class PeerJudge {
  readonly #options: PeerJudgeOptions;
  readonly #doubt: DoubtKeeper;
  readonly #pastDoubts: Readonly<Record<PastWay, PastDoubt>>;
  /** The peers that left most recently. They can still be judged. */
  readonly #left = new Map<PeerId, SyncPeer>();
  /** The peers banned most recently, until they are pardoned or join again. */
  readonly #banned = new Set<PeerId>();

  constructor(options: PeerJudgeOptions) {
    const { net, chain, clock, settings, macro, dropWordOf, log, onNotice, onChange } = options;
    this.#options = options;
    const pardon = (peer: PeerId, code: string) => {
      log('info', 'peer-pardoned', { peer });
      this.#banned.delete(peer);
      net.pardon(peer, code);
    };
    const ban = (peer: PeerId, code: string, evidence: Data) => this.#ban(peer, { kind: 'lie', code, evidence });
    const isWitness = (peer: PeerId) => this.#known(peer).witness;
    const pastDoubt = () => new PastDoubt({ clock, settings, isWitness, pardon, ban, onNotice });
    this.#pastDoubts = { 'zk-proof': pastDoubt(), 'election-chain': pastDoubt() };
    this.#doubt = new DoubtKeeper({
      chain,
      clock,
      settings,
      peers: () => macro().peers,
      setAside: (peer, reason) => {
        log('warning', 'peer-aside', { peer, rule: reason.code });
        macro().setAside(peer, reason);
        dropWordOf(peer);
      },
      pardon,
      readmit: (peer) => macro().readmit(peer),
      ban,
      onNotice,
      onChange,
    });
    this.#recall();
  }

  /** Set while the client doubts itself. */
  get doubt(): DoubtView | undefined {
    return this.#doubt.view;
  }

  /** Why the peer is kept aside, if it is. */
  aside(peer: PeerId): StateReason | undefined {
    return this.#doubt.reason(peer);
  }

  /** Whether the peer was kept aside and is tried again. */
  onTrial(peer: PeerId): boolean {
    return this.#doubt.onTrial(peer);
  }

  /** Whether the peer is not to be asked for this way to verify the past: what it sent broke a rule, as did what others sent. */
  suspectsPast(peer: PeerId, way: PastWay): boolean {
    return this.#pastDoubts[way].suspects(peer);
  }

  /** Election blocks of the past were verified, in whatever way; see `PastDoubt.verified`. */
  pastVerified(blocks: readonly VerifiedPast[]): void {
    for (const doubt of Object.values(this.#pastDoubts)) doubt.verified(blocks);
  }

  answered(peer: PeerId, question: Question): void {
    this.#doubt.answered(peer, question);
  }

  chainChanged(): void {
    this.#doubt.chainChanged();
  }

  left(peer: SyncPeer): void {
    const entry = this.#options.macro().peer(peer.id);
    if (entry && entry.state !== 'banned') this.#banned.delete(peer.id);
    this.#left.delete(peer.id);
    this.#left.set(peer.id, peer);
    for (const oldest of this.#left.keys()) {
      if (this.#left.size <= maxLeft) break;
      this.#left.delete(oldest);
    }
  }

  report(peer: PeerId, report: PeerReport): void {
    const { net, macro, log } = this.#options;
    // While a peer is kept aside, nothing is counted for or against it, except a lie that no doubt excuses.
    if (this.aside(peer) && !(report.kind === 'lie' && isProvenLie(report.code))) return;
    if (report.kind !== 'lie') return net.report(peer, report);
    const entry = macro().peer(peer);
    // A banned peer is not judged again, even if it has left: a second proof adds nothing, and another code would keep its ban from being
    // lifted. But a proven lie does that rightly.
    if ((entry ? entry.state === 'banned' : this.#banned.has(peer)) && !isProvenLie(report.code)) return;
    log('warning', 'peer-lied', { peer, lie: report.code, ...report.evidence });
    const known = this.#known(peer);
    const lie = isProvenLie(report.code) ? report : { ...report, sender: { subnet: known.subnet, witness: known.witness } };
    if (report.past !== undefined) this.#judgePast(known, lie, report.past as PastWay);
    else if (!this.#doubt.caught(known, report.code, report.evidence)) this.#ban(peer, lie);
  }

  stop(): void {
    this.#doubt.stop();
  }

  /** What earlier syncs found counts on: else a client that starts again and again would ban all peers one by one for an error of its own. */
  #recall(): void {
    const { bans, clock } = this.#options;
    const [now, monotonic] = [clock.now(), clock.monotonic()];
    const old = bans.toSorted((a, b) => a.at - b.at);
    for (const { peer } of old) this.#noteBanned(peer);
    const lies = (way?: PastWay) => old.flatMap(({ peer, code, evidence, at, past, sender }) => (sender && past === way ? [{ peer, code, evidence, ...sender, at: monotonic - Math.max(0, now - at) }] : []));
    this.#doubt.recall(lies());
    for (const way of pastWays) this.#pastDoubts[way].recall(lies(way));
  }

  /** A peer that left long ago is not known to be a witness. */
  #known(peer: PeerId): SyncPeer {
    return this.#options.macro().peer(peer)?.peer ?? this.#left.get(peer) ?? { id: peer, services: 0, subnet: peer, witness: false };
  }

  /** A lie found while the past is verified concerns no rule that new blocks are judged by, so it raises a doubt of its own. */
  #judgePast(peer: SyncPeer, lie: PeerReport & { readonly kind: 'lie' }, way: PastWay): void {
    const { net, macro, onSuspect } = this.#options;
    const connected = macro().peers.flatMap(({ peer: other, state }) => (other.witness && state !== 'banned' && state !== 'gone' ? [other.subnet] : []));
    if (!this.#pastDoubts[way].caught(peer, lie.code, lie.evidence, connected)) return this.#ban(peer.id, lie);
    net.report(peer.id, { kind: 'useless', code: lie.code });
    onSuspect(peer.id);
  }

  #ban(peer: PeerId, lie: PeerReport & { readonly kind: 'lie' }): void {
    const { net, macro, dropWordOf, onChange } = this.#options;
    macro().banned(peer, lie.code, lie.evidence);
    this.#noteBanned(peer);
    dropWordOf(peer);
    net.report(peer, lie);
    onChange();
  }

  #noteBanned(peer: PeerId): void {
    this.#banned.delete(peer);
    this.#banned.add(peer);
    for (const oldest of this.#banned) {
      if (this.#banned.size <= maxLeft) break;
      this.#banned.delete(oldest);
    }
  }
}
