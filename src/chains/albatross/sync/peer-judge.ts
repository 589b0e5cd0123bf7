// Tests: `src/chains/albatross/sync/albatross-sync-doubt.test.ts`.
import type { Clock } from '../../../base/clock.ts';
import type { LogCode, NoticeCode } from '../../../base/log-codes.ts';
import type { PeerId, PeerReport } from '../../../engine/peers/peer-net.ts';
import type { LightChain } from '../chain/light-chain.ts';
import type { Question } from './ask/asker.ts';
import { DoubtKeeper } from './live/doubt-keeper.ts';
import type { DoubtView } from './live/doubt-keeper.ts';
import { isProvenLie } from './live/self-doubt.ts';
import type { Data } from './macro-context.ts';
import type { MacroSync } from './macro/macro-sync.ts';
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
  readonly macro: () => MacroSync;
  /** Nothing that the peer has sent counts any longer. */
  readonly dropWordOf: (peer: PeerId) => void;
  readonly log: (level: 'info' | 'warning', code: LogCode, data: Data) => void;
  readonly onNotice: (level: 'info' | 'warning', code: NoticeCode, data: Data) => void;
  /** Which peers count has changed. */
  readonly onChange: () => void;
}

/** Judges peers by what is reported of them: counts it, keeps them aside while the client doubts itself, or bans them. */
export class PeerJudge {
  readonly #options: PeerJudgeOptions;
  readonly #doubt: DoubtKeeper;
  /** The peers that left most recently. They can still be judged. */
  readonly #left = new Map<PeerId, SyncPeer>();
  /** The peers banned most recently, until they are pardoned or join again. */
  readonly #banned = new Set<PeerId>();

  constructor(options: PeerJudgeOptions) {
    const { net, chain, clock, settings, macro, dropWordOf, log, onNotice, onChange } = options;
    this.#options = options;
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
      pardon: (peer, code) => {
        log('info', 'peer-pardoned', { peer });
        this.#banned.delete(peer);
        net.pardon(peer, code);
      },
      readmit: (peer) => macro().readmit(peer),
      ban: (peer, code, evidence) => this.#ban(peer, { kind: 'lie', code, evidence }),
      onNotice,
      onChange,
    });
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
    // A peer that left long ago is not known to be a witness.
    const known = entry?.peer ?? this.#left.get(peer) ?? { id: peer, services: 0, subnet: peer, witness: false };
    // A lie found by the background proof leads to a ban at once: it concerns no rule that new blocks are judged by, so it raises no doubt.
    if (report.past || !this.#doubt.caught(known, report.code, report.evidence)) this.#ban(peer, report);
  }

  stop(): void {
    this.#doubt.stop();
  }

  #ban(peer: PeerId, lie: PeerReport & { readonly kind: 'lie' }): void {
    const { net, macro, dropWordOf, onChange } = this.#options;
    macro().banned(peer, lie.code, lie.evidence);
    this.#banned.delete(peer);
    this.#banned.add(peer);
    for (const oldest of this.#banned) {
      if (this.#banned.size <= maxLeft) break;
      this.#banned.delete(oldest);
    }
    dropWordOf(peer);
    net.report(peer, lie);
    onChange();
  }
}
