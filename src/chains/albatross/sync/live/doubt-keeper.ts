// Tests: `src/chains/albatross/sync/albatross-sync-doubt.test.ts`, `src/chains/albatross/sync/albatross-sync-doubt-whose.test.ts`.
import type { Clock } from '../../../../base/clock.ts';
import type { NoticeCode } from '../../../../base/log-codes.ts';
import { countNetworks } from '../../../../engine/peers/witness-network.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import type { Question } from '../ask/asker.ts';
import { finalHash } from '../ask/head-verdict.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import type { SyncPeer } from '../net.ts';
import type { PicoState, StateReason } from '../pico-peer.ts';
import { SelfDoubt } from './self-doubt.ts';
import type { Caught } from './self-doubt.ts';
import type { SyncSettings } from '../settings.ts';

type Data = StateReason['data'];

/** Why the client doubts itself, for display. */
export interface DoubtView {
  /** The code of the rule that was broken; if there are several, the one broken most often. */
  readonly rule: string;
  readonly height: number;
  /** Number of independent peers (distinct subnets) that broke it, or another rule. */
  readonly peers: number;
  /** Number of rules that these peers broke. */
  readonly rules: number;
}

export interface DoubtKeeperOptions {
  readonly chain: LightChain;
  readonly clock: Clock;
  readonly settings: Pick<SyncSettings, 'tooOldPeers' | 'doubtWindow' | 'doubtPause' | 'longestDoubtPause'>;
  readonly peers: () => readonly { readonly peer: SyncPeer; readonly state: PicoState }[];
  /** Ignores a connected peer from now on, without blaming it. */
  readonly setAside: (peer: PeerId, reason: StateReason) => void;
  /** Lifts the ban of a peer that was banned for what may be our error. */
  readonly pardon: (peer: PeerId, code: string) => void;
  /** Listens again to a connected peer that was kept aside. */
  readonly readmit: (peer: PeerId) => void;
  readonly ban: (peer: PeerId, code: string, evidence: Data) => void;
  readonly onNotice: (level: 'info' | 'warning', code: NoticeCode, data: Data) => void;
  readonly onChange: () => void;
}

/** Peers remembered of a doubt. At the bound the oldest is dropped, and judged like any other peer. */
const maxMembers = 256;
/** Peers kept aside at once. At the bound the oldest is heard again. */
const maxAside = 64;

/** A peer that is kept aside. */
interface Aside {
  readonly caught: Caught;
  /** Our newest final height when the peer was kept aside, or a lower one if the chain was replaced since. */
  final: number;
  /** Whether a node of the network that is not kept aside has answered the same question well. */
  answered: boolean;
}

/**
 * Acts on what `SelfDoubt` finds. While the client doubts itself, the peers concerned are kept aside: not heard, not asked, not counted,
 * and not banned. Nothing they send is believed, so the head stands still if there are no other peers. The doubt ends in one of two ways.
 * If other peers lead the chain on until the matter is final, the peers kept aside were liars and are banned. Otherwise they are asked
 * again after a while. If they no longer break the rule, they take part again. If they do, the doubt returns at once and the next wait is
 * twice as long.
 */
export class DoubtKeeper {
  readonly #options: DoubtKeeperOptions;
  readonly #doubt: SelfDoubt;
  readonly #aside = new Map<PeerId, Aside>();
  /** All peers kept aside since the doubt was last forgotten. */
  readonly #members = new Set<PeerId>();
  /** `trying`: the peers that were kept aside are heard again, on trial. */
  #state: 'none' | 'standing' | 'trying' = 'none';
  #view: DoubtView | undefined;
  /** Our head when the doubt began. */
  #head = 0;
  /** The peers that are heard again on trial. */
  #tried: ReadonlySet<PeerId> = new Set();
  /** How often the doubt began without being refuted. */
  #times = 0;
  /** Monotonic milliseconds until which a past doubt is remembered. */
  #rememberedUntil = 0;
  #cancelTimer: (() => void) | undefined;
  #stopped = false;

  constructor(options: DoubtKeeperOptions) {
    const { tooOldPeers, doubtWindow } = options.settings;
    this.#options = options;
    this.#doubt = new SelfDoubt({ wanted: tooOldPeers, window: doubtWindow });
  }

  /** Undefined if there is no doubt, or the chain has grown past it. */
  get view(): DoubtView | undefined {
    return this.#options.chain.head.height > this.#head ? undefined : this.#view;
  }

  /** Why a peer is kept aside; undefined if it is not. A peer that leaves and comes back is still aside. */
  reason(peer: PeerId): StateReason | undefined {
    const aside = this.#aside.get(peer);
    return aside && { code: aside.caught.code, data: aside.caught.evidence };
  }

  /** Whether the peer is heard again on trial, with the outcome still open. */
  onTrial(peer: PeerId): boolean {
    return this.#state === 'trying' && this.#tried.has(peer);
  }

  /** Takes up the lies for which peers were banned before this sync began, oldest first. */
  recall(lies: readonly Caught[]): void {
    this.#doubt.recall(lies);
  }

  /** A peer was caught with a lie. Returns false if the lie is the peer's own, so that it must be banned; true if the peer is kept aside. */
  caught(peer: SyncPeer, code: string, evidence: Data): boolean {
    const { clock, peers, pardon } = this.#options;
    const at = clock.monotonic();
    if (this.#state === 'none' && this.#times > 0 && at >= this.#rememberedUntil) this.#forget();
    const { id, subnet, witness } = peer;
    const connected = peers().flatMap(({ peer: other, state }) => (other.witness && state !== 'banned' && state !== 'gone' ? [other.subnet] : []));
    const caught: Caught = { peer: id, subnet, witness, code, evidence, at };
    const verdict = this.#doubt.judge(caught, connected, this.#state !== 'none' || (witness && this.#members.has(id)));
    if (verdict.kind === 'ban' && verdict.proven) this.#aside.delete(id);
    // On trial the peer is kept aside again for any lie: a first lie of another kind may be our error just as well.
    const again = this.onTrial(id);
    if (verdict.kind === 'ban' && (verdict.proven || !again)) return false;
    const pardoned = (verdict.kind === 'ban' ? [] : verdict.pardoned).filter(({ peer: other }) => other !== id && !this.#aside.has(other));
    for (const lie of pardoned) pardon(lie.peer, lie.code);
    for (const lie of pardoned) this.#keepAside(lie);
    this.#keepAside(caught);
    // A peer that is no witness must not prolong a doubt.
    if (witness || this.#state !== 'trying') this.#stand();
    return true;
  }

  /** A peer gave what it was asked for. That of a Petrel client accuses no node: it may speak another version. */
  answered(peer: PeerId, { request, asked, after }: Question): void {
    if (this.#aside.size === 0 || this.#aside.has(peer) || !this.#options.peers().some((entry) => entry.peer.id === peer && entry.peer.witness)) return;
    for (const aside of this.#aside.values()) {
      const { evidence } = aside.caught;
      const block = evidence['asked'] ?? evidence['target'];
      aside.answered ||= block === asked && evidence['after'] === after && (block !== undefined || evidence['request'] === request);
    }
  }

  /** The chain has changed. */
  chainChanged(): void {
    const { chain, peers, ban } = this.#options;
    // The chain was replaced, or another branch won.
    this.#head = Math.min(this.#head, chain.head.height);
    for (const aside of this.#aside.values()) aside.final = Math.min(aside.final, chain.macroHead.height);
    // If other peers are live that were never in doubt, they may be the ones that led the chain on.
    const alone = () => peers().every(({ peer, state }) => state !== 'live' || this.#members.has(peer.id));
    if (this.#state === 'trying' && chain.head.height > this.#head && alone()) return this.#end('doubt-resolved');
    // Without other peers, the chain was not led on by others.
    if (this.#state !== 'standing' || peers().every(({ state }) => state === 'aside' || state === 'banned' || state === 'gone')) return;
    const liars = Array.from(this.#aside.values()).filter((aside) => this.#refuted(aside));
    this.#doubt.spend(new Set(liars.map(({ caught }) => caught.peer)));
    for (const { caught } of liars) {
      this.#aside.delete(caught.peer);
      ban(caught.peer, caught.code, caught.evidence);
    }
    if (liars.length > 0 && this.#aside.size === 0) this.#end('doubt-refuted');
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer?.();
  }

  #keepAside(caught: Caught): void {
    const { chain, setAside } = this.#options;
    this.#aside.set(caught.peer, { caught, final: chain.macroHead.height, answered: false });
    this.#remember(caught.peer);
    setAside(caught.peer, { code: caught.code, data: caught.evidence });
  }

  #remember(peer: PeerId): void {
    this.#members.delete(peer);
    this.#members.add(peer);
    for (const oldest of this.#members) {
      if (this.#members.size <= maxMembers) break;
      this.#members.delete(oldest);
    }
    for (const oldest of this.#aside.keys()) {
      if (this.#aside.size <= maxAside) break;
      this.#aside.delete(oldest);
      this.#options.readmit(oldest);
    }
  }

  #stand(): void {
    const { settings, chain, onNotice, onChange } = this.#options;
    const before = this.#state;
    if (before !== 'standing') {
      this.#state = 'standing';
      this.#head = chain.head.height;
      const pause = Math.min(settings.doubtPause * 2 ** Math.min(this.#times, 30), settings.longestDoubtPause);
      this.#times += 1;
      this.#after(pause, () => this.#tryAgain());
    }
    this.#view = this.#look();
    if (before === 'none') onNotice('warning', 'client-in-doubt', { ...this.#view });
    onChange();
  }

  #look(): DoubtView {
    const caught = Array.from(this.#aside.values(), (aside) => aside.caught);
    const witnesses = caught.filter(({ witness }) => witness);
    const codes = witnesses.map(({ code }) => code);
    const often = (code: string) => codes.filter((other) => other === code).length;
    const rule = codes.toSorted((a, b) => often(b) - often(a))[0] ?? caught[0]?.code ?? '';
    const height = caught.find(({ code }) => code === rule)?.evidence['height'];
    return { rule, height: typeof height === 'number' ? height : this.#head + 1, peers: countNetworks(witnesses.map(({ subnet }) => subnet), this.#options.settings.tooOldPeers), rules: new Set(codes).size };
  }

  /** Whether the accusation against the peer is settled: the chain is final there, and other peers led it there. */
  #refuted({ caught: { evidence }, final, answered }: Aside): boolean {
    const { chain } = this.#options;
    if (chain.macroHead.height <= final) return false;
    const { height, hash, target, request, asked } = evidence;
    if (request !== undefined || asked !== undefined) return answered;
    if (typeof target === 'string') return answered && chain.has(target);
    // New blocks say nothing about heights that were final before. Without a hash nothing can be compared.
    if (typeof height !== 'number' || hash === undefined || height <= final) return false;
    // If the chain skipped the height, by macro blocks alone, it says nothing about the block there.
    const ours = finalHash(chain, height);
    // If that very block is final, it may have been a past error of ours. Whether the peer's copy was bad cannot be told any more.
    return ours !== undefined && ours !== hash;
  }

  #tryAgain(): void {
    const { settings, chain, readmit, onChange } = this.#options;
    this.#tried = new Set(this.#aside.keys());
    this.#state = 'trying';
    this.#head = Math.max(this.#head, chain.head.height);
    this.#aside.clear();
    this.#doubt.spend(this.#tried);
    this.#after(settings.doubtPause, () => this.#end('doubt-resolved'));
    for (const peer of this.#tried) readmit(peer);
    onChange();
  }

  /** A refuted doubt is forgotten. A resolved one is remembered for a while, because it may return. */
  #end(code: 'doubt-refuted' | 'doubt-resolved'): void {
    const { clock, settings, onNotice, onChange } = this.#options;
    const view = this.#view;
    this.#cancelTimer?.();
    this.#state = 'none';
    this.#view = undefined;
    if (code === 'doubt-refuted') this.#forget();
    else this.#rememberedUntil = clock.monotonic() + settings.longestDoubtPause;
    onNotice('info', code, { ...view });
    onChange();
  }

  #after(wait: number, then: () => void): void {
    this.#cancelTimer?.();
    if (!this.#stopped) this.#cancelTimer = this.#options.clock.after(wait, then);
  }

  #forget(): void {
    this.#doubt.forget();
    this.#members.clear();
    this.#times = 0;
  }
}
