import type { Clock } from '../../engine/clock.ts';
import type { LightChain } from '../chain/light-chain.ts';
import type { Question } from './asker.ts';
import { finalHash } from './head-verdict.ts';
import type { PeerId, SyncPeer } from './net.ts';
import type { PicoState, StateReason } from './pico-peer.ts';
import { SelfDoubt } from './self-doubt.ts';
import type { Caught } from './self-doubt.ts';
import type { SyncSettings } from './settings.ts';

type Data = StateReason['data'];

/** Why the client doubts itself, for showing. */
export interface DoubtView {
  /** The code of the rule that was broken; of several, the one that was broken most often. */
  readonly rule: string;
  readonly height: number;
  /** Independent peers (distinct subnets) that broke it. */
  readonly peers: number;
}

export interface DoubtKeeperOptions {
  readonly chain: LightChain;
  readonly clock: Clock;
  readonly settings: Pick<SyncSettings, 'tooOldPeers' | 'doubtWindow' | 'doubtPause' | 'longestDoubtPause'>;
  readonly peers: () => readonly { readonly peer: SyncPeer; readonly state: PicoState }[];
  /** Nothing of this peer is heard any more, if it is there, and nothing is held against it. */
  readonly setAside: (peer: PeerId, reason: StateReason) => void;
  /** It was banned for what may be our error. */
  readonly pardon: (peer: PeerId, code: string) => void;
  /** Hears a peer again that was kept aside, if it is there. */
  readonly readmit: (peer: PeerId) => void;
  readonly ban: (peer: PeerId, code: string, evidence: Data) => void;
  readonly onNotice: (level: 'info' | 'warning', code: string, data: Data) => void;
  readonly onChange: () => void;
}

/** Peers remembered of a doubt. At the bound the oldest goes, and is judged like any other. */
const maxMembers = 256;
/** Peers kept aside at once. At the bound the oldest is heard again. */
const maxAside = 64;

/** A peer that is kept aside. */
interface Aside {
  readonly caught: Caught;
  /** Our newest final height at that time, or less where the chain started over since. */
  final: number;
  /** A peer that is not kept aside has answered the same question well. */
  answered: boolean;
}

/**
 * Carries out what `SelfDoubt` finds. While the client doubts itself, those concerned are kept aside: not heard, not asked, not counted, and
 * not banned. Nothing of theirs is believed, so the head stands still where there is nobody else. The doubt ends in one of two ways. Where
 * other peers lead the chain on until the matter is final, the peers kept aside were liars and are banned. Else they are asked again after a
 * while: when they break the rule no more, they take part again; when they do, the doubt stands at once and the next wait is twice as long.
 */
export class DoubtKeeper {
  readonly #options: DoubtKeeperOptions;
  readonly #doubt: SelfDoubt;
  readonly #aside = new Map<PeerId, Aside>();
  /** All that were kept aside since the doubt was last forgotten. */
  readonly #members = new Set<PeerId>();
  /** `trying`: those that were kept aside are heard again, on trial. */
  #state: 'none' | 'standing' | 'trying' = 'none';
  #view: DoubtView | undefined;
  /** Our head when the doubt began to stand. */
  #head = 0;
  /** Those that are heard again on trial. */
  #tried: ReadonlySet<PeerId> = new Set();
  /** How often the doubt stood without being refuted. */
  #times = 0;
  /** Monotonic milliseconds until which a doubt that is over is remembered. */
  #rememberedUntil = 0;
  #cancelTimer: (() => void) | undefined;
  #stopped = false;

  constructor(options: DoubtKeeperOptions) {
    const { tooOldPeers, doubtWindow } = options.settings;
    this.#options = options;
    this.#doubt = new SelfDoubt({ wanted: tooOldPeers, window: doubtWindow });
  }

  /** Undefined when there is no doubt, and when the chain has got past it. */
  get view(): DoubtView | undefined {
    return this.#options.chain.head.height > this.#head ? undefined : this.#view;
  }

  /** Why a peer is kept aside; undefined when it is not. It may have left, and is still aside when it comes back. */
  reason(peer: PeerId): StateReason | undefined {
    const aside = this.#aside.get(peer);
    return aside && { code: aside.caught.code, data: aside.caught.evidence };
  }

  /** Whether it is heard again, and it is not clear yet with what end. */
  onTrial(peer: PeerId): boolean {
    return this.#state === 'trying' && this.#tried.has(peer);
  }

  /** A peer was caught with a lie. False: it is the peer's own, and the peer is to be banned. True: it is kept aside. */
  caught(peer: SyncPeer, code: string, evidence: Data): boolean {
    const { clock, peers, pardon } = this.#options;
    const at = clock.monotonic();
    if (this.#state === 'none' && this.#times > 0 && at >= this.#rememberedUntil) this.#forget();
    const { id, subnet, witness } = peer;
    const connected = peers().flatMap(({ peer: other, state }) => (other.witness && state !== 'banned' && state !== 'gone' ? [other.subnet] : []));
    const caught: Caught = { peer: id, subnet, witness, code, evidence, at };
    const verdict = this.#doubt.judge(caught, connected, this.#state !== 'none' || (witness && this.#members.has(id)));
    if (verdict.kind === 'ban' && verdict.proven) this.#aside.delete(id);
    // On trial, whatever it does wrong: its first lie of another kind is no more its own than what it was kept aside for.
    const again = this.onTrial(id);
    if (verdict.kind === 'ban' && (verdict.proven || !again)) return false;
    const pardoned = (verdict.kind === 'ban' ? [] : verdict.pardoned).filter(({ peer: other }) => other !== id && !this.#aside.has(other));
    for (const lie of pardoned) pardon(lie.peer, lie.code);
    for (const lie of pardoned) this.#keepAside(lie);
    this.#keepAside(caught);
    // Whoever counts for nothing must not draw out a doubt.
    if (witness || this.#state !== 'trying') this.#stand();
    return true;
  }

  /** A peer has answered a question, and the answer could be used. */
  answered(peer: PeerId, { request, asked }: Question): void {
    if (this.#aside.size === 0 || this.#aside.has(peer)) return;
    for (const aside of this.#aside.values()) {
      const { evidence } = aside.caught;
      aside.answered ||= evidence['asked'] === undefined ? asked === undefined && evidence['request'] === request : evidence['asked'] === asked;
    }
  }

  /** The chain has changed. */
  chainChanged(): void {
    const { chain, peers, ban } = this.#options;
    // It starts over, or another branch won.
    this.#head = Math.min(this.#head, chain.head.height);
    for (const aside of this.#aside.values()) aside.final = Math.min(aside.final, chain.macroHead.height);
    // Where others are live, which never were in doubt, it may be them who led the chain on.
    const alone = () => peers().every(({ peer, state }) => state !== 'live' || this.#members.has(peer.id));
    if (this.#state === 'trying' && chain.head.height > this.#head && alone()) return this.#end('doubt-resolved');
    // With nobody else around it was not others that led the chain on.
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
    return { rule, height: typeof height === 'number' ? height : this.#head + 1, peers: new Set(witnesses.map(({ subnet }) => subnet)).size };
  }

  /** What a peer is kept aside for is settled: the chain is final there, and it was others that led it there. */
  #refuted({ caught: { evidence }, final, answered }: Aside): boolean {
    const { chain } = this.#options;
    if (chain.macroHead.height <= final) return false;
    const { height, hash, target, request, asked } = evidence;
    if (request !== undefined || asked !== undefined) return answered;
    if (typeof target === 'string') return chain.has(target);
    // What was final before is the past, which new blocks say nothing about; without a hash nothing can be compared.
    if (typeof height !== 'number' || hash === undefined || height <= final) return false;
    // A chain that jumped over the height, by macro blocks alone, says nothing about the block there.
    const ours = finalHash(chain, height);
    // The very block is final: then it may have been an error of ours that is over. A bad copy of it cannot be told from that any more.
    return ours !== undefined && ours !== hash;
  }

  #tryAgain(): void {
    const { settings, chain, readmit, onChange } = this.#options;
    this.#tried = new Set(this.#aside.keys());
    this.#state = 'trying';
    this.#head = Math.max(this.#head, chain.head.height);
    this.#aside.clear();
    this.#doubt.spend(this.#tried);
    this.#after(settings.doubtWindow, () => this.#end('doubt-resolved'));
    for (const peer of this.#tried) readmit(peer);
    onChange();
  }

  /** What was `refuted` is forgotten. What was only resolved may come back. */
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
