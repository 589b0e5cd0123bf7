import type { Anchor, TrustLevel } from '../../src/engine/trust.ts';
import type { ChainChange, LightChain } from '../../src/chains/albatross/chain/light-chain.ts';
import type { PeerId, PeerReport } from '../../src/engine/peers/peer-net.ts';
import type { ProofRecord } from '../../src/chains/albatross/chain/proof-record.ts';
import type { RequestKind, ResponseBody } from '../../src/chains/albatross/wire/requests.ts';
import type { Block } from '../../src/chains/albatross/wire/types.ts';
import type { Hash } from '../../src/base/hash.ts';
import { blockHash } from '../../src/chains/albatross/chain/hashes.ts';
import type { FakePeer } from '../support/fake-net.ts';
import { makerOf } from './truth.ts';
import type { Truth } from './truth.ts';

/** Of the newest final head and of the newest one. */
export interface Levels {
  readonly final: TrustLevel;
  readonly latest: TrustLevel;
}

const order: readonly TrustLevel[] = ['claimed', 'pico', 'pinned', 'proven'];

export interface JudgeOptions {
  readonly truth: Truth;
  readonly honest: (peer: PeerId) => boolean;
  /** The levels the client shows now. */
  readonly shown: () => Levels;
  readonly anchor: () => Anchor;
  /** Whether it is a node of the network, whose word may count. */
  readonly witness: (peer: PeerId) => boolean;
  /** The machine behind a peer; peers of one machine are one witness, whatever their addresses look like. */
  readonly machine: (peer: PeerId) => string;
  /** It is known by a host name or an IPv6 address only, of which anybody can have as many as he likes. */
  readonly onlyNamed: (peer: PeerId) => boolean;
}

/**
 * Watches one client from outside and knows what is true. It looks at what was adopted, at what reached the client and at who was
 * blamed, and works out by itself which trust level that earns; of the client's own account it takes the anchor, and checks it.
 */
export class Judge {
  readonly #options: JudgeOptions;
  /** Safety broken, each with what happened. */
  readonly violations: string[] = [];
  /** Election blocks that a chain reached from genesis, every one before it verified. */
  readonly #proven = new Set<Hash>();
  /** Election blocks that were adopted and verified, with the one before. */
  readonly #follows = new Map<Hash, Hash>();
  /** Which election blocks each peer named, as far as it reached the client. */
  readonly #said = new Map<PeerId, Set<Hash>>();
  /** Election blocks of which a copy with the true list came as an answer. */
  readonly #trueLists = new Map<Hash, Set<PeerId>>();
  readonly #hashes = new WeakMap<object, Hash>();
  #chain!: LightChain;
  #electionHead!: Hash;
  /** Before the last change. */
  #wasForged = false;
  /** The newest final block that was shown as proven, and was. */
  #provenFinal: { readonly height: number; readonly hash: Hash } | undefined;

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** The client's chain from now on. */
  watch(chain: LightChain): void {
    this.#chain = chain;
    this.#electionHead = chain.electionHead.hash;
    this.#wasForged = this.#forged;
    this.#proven.add(chain.genesis.hash);
    // Copies are not kept over a restart.
    this.#trueLists.clear();
    // What the store lost, or made up, is no fault of the client.
    this.#provenFinal = undefined;
    chain.events.on('change', (change) => {
      if (chain === this.#chain) this.#onChange(change);
    });
  }

  /** The client restores this chain from a store; it was verified from genesis when that was written. */
  restoring(stored: { readonly electionHead: { readonly hash: Hash } }): void {
    this.#proven.add(stored.electionHead.hash);
  }

  /** What the client has verified from genesis, besides its chain. The list's signing keys play no part there. */
  proved({ head }: ProofRecord): void {
    const fault = this.#options.truth.fault(head.hash, head.block);
    if (fault === undefined || fault === 'list') this.#proven.add(head.hash);
    else this.#violated(`proved ${fault} block ${head.block.header.blockNumber} ${head.hash.slice(0, 8)}`);
  }

  /** An answer that reached the client. */
  answered(peer: FakePeer, kind: RequestKind, answer: unknown): void {
    if (kind === 'head') this.#heard(peer, (answer as ResponseBody<'head'>).electionHash);
    if (kind === 'block') {
      const found = answer as ResponseBody<'block'>;
      if (found.ok) this.blockFrom(peer, found.value);
      if (found.ok && found.value.type === 'macro' && found.value.header.validators) {
        const hash = this.#hashOf(found.value);
        if (this.#options.truth.has(hash) && this.#options.truth.fault(hash, found.value) !== 'list') this.#trueLists.set(hash, (this.#trueLists.get(hash) ?? new Set()).add(peer.id));
      }
    }
    if (kind === 'missing-blocks') {
      const found = answer as ResponseBody<'missing-blocks'>;
      if (found.ok) for (const block of found.value.blocks) this.blockFrom(peer, block);
    }
  }

  /** A block that reached the client. */
  blockFrom(peer: FakePeer, block: Block): void {
    if (block.type !== 'macro' || !block.header.validators) return;
    // Who names a block stands for the one it follows as well.
    this.#heard(peer, block.header.parentElectionHash);
  }

  /** The list's part of an election block's hash is dear, and the same block comes from many. */
  #hashOf(block: Block): Hash {
    const hash = this.#hashes.get(block.header) ?? blockHash(block);
    this.#hashes.set(block.header, hash);
    return hash;
  }

  reported(peer: PeerId, report: PeerReport): void {
    // A liar's word does not count, not even a true one.
    if (report.kind === 'lie') for (const givers of this.#trueLists.values()) givers.delete(peer);
    if (report.kind === 'lie' && this.#options.honest(peer)) this.#violated(`honest peer ${peer} banned: ${report.code} ${JSON.stringify(report.evidence)}`);
  }

  /** The client keeps a peer aside: its word counts as little as a liar's, and here nobody honest ever gives it a reason. */
  keptAside(peer: PeerId): void {
    for (const givers of this.#trueLists.values()) givers.delete(peer);
    if (this.#options.honest(peer)) this.#violated(`honest peer ${peer} kept aside`);
  }

  /** Between two moments: what is shown and what stands must be earned. */
  check(): void {
    const { anchor, truth } = this.#options;
    this.#checkLevel();
    this.#checkNothingLost();
    const { kind, hash, unchecked } = anchor();
    if (this.#forged && !unchecked && !(kind === 'witnesses' && !truth.has(hash))) this.#violated(`stands on an untrue macro block, anchor ${kind} ${hash.slice(0, 8)}, shown ${this.#options.shown().final}`);
  }

  /** What was proven stays, whoever is silent and whoever contradicts it. */
  #checkNothingLost(): void {
    const { height, hash } = this.#chain.macroHead;
    const kept = this.#provenFinal;
    if (kept && height < kept.height) this.#violated(`gave up the proven block ${kept.height} ${kept.hash.slice(0, 8)}, is at ${height}`);
    if (!this.#forged && this.#options.shown().final === 'proven' && height >= (kept?.height ?? 0)) this.#provenFinal = { height, hash };
  }

  /** The chain's newest macro block is one that the validators never signed. */
  get #forged(): boolean {
    return !this.#options.truth.has(this.#chain.macroHead.hash);
  }

  get #listUntrue(): boolean {
    const { hash, block } = this.#chain.electionHead;
    return this.#options.truth.fault(hash, block) === 'list';
  }

  /** The levels that what reached the client earns. */
  #earned(): Levels {
    const final = this.#isProven(this.#electionHead) && !this.#forged ? 'proven' : this.#anchorEarned() ? 'pico' : 'claimed';
    return { final, latest: final === 'proven' && !this.#pendingProven() ? 'pico' : final };
  }

  /** Whether each pending block is true, and made with a key that made a block that is final now. */
  #pendingProven(): boolean {
    const { truth } = this.#options;
    const { macroHead, head, electionHead, genesis } = this.#chain;
    const covered = electionHead.hash === genesis.hash || electionHead.block.header.version >= 2;
    const keys = covered || head === macroHead ? undefined : truth.provenKeys(macroHead.hash);
    for (let height = macroHead.height + 1; height <= head.height; height += 1) {
      const { hash, block } = this.#chain.blockAt(height)!;
      if (!truth.has(hash) && !truth.isSkipVariant(block)) return false;
      if (keys && !(block.type === 'micro' && block.justification?.type === 'skip') && !keys.has(makerOf(block))) return false;
    }
    return true;
  }

  /** Verified from genesis, or on top of what was. */
  #isProven(hash: Hash): boolean {
    for (let at: Hash | undefined = hash; at !== undefined; at = this.#follows.get(at)) if (this.#proven.has(at)) return true;
    return false;
  }

  #anchorEarned(): boolean {
    const { kind, hash, witnesses, fewWitnesses, unchecked } = this.#options.anchor();
    // What a store says is nobody's fault: it is said to be that, and bans nobody.
    if (unchecked) return true;
    if (kind !== 'witnesses' || witnesses.length === 0) return false;
    const { machine, onlyNamed } = this.#options;
    const machines = new Set(witnesses.map(({ peer }) => machine(peer)));
    const named = new Set(witnesses.flatMap(({ peer }) => (onlyNamed(peer) ? [machine(peer)] : [])));
    // Of three, such may be one.
    const counted = machines.size - named.size + Math.min(1, named.size);
    const distinct = new Set(witnesses.map(({ subnet }) => subnet)).size === witnesses.length;
    return distinct && (fewWitnesses || counted >= 3) && witnesses.every(({ peer }) => this.#options.witness(peer) && this.#said.get(peer)?.has(hash));
  }

  #checkLevel(): void {
    const shown = this.#options.shown();
    const earned = this.#earned();
    for (const head of ['final', 'latest'] as const) {
      if (order.indexOf(shown[head]) > order.indexOf(earned[head])) this.#violated(`shows ${shown[head]} for the ${head} head, earned is ${earned[head]}`);
    }
  }

  #onChange(change: ChainChange): void {
    const chain = this.#chain;
    if (change.kind === 'reset') {
      this.#electionHead = chain.electionHead.hash;
      this.#wasForged = this.#forged;
    }
    for (const { hash, block, kind } of change.adopted) {
      const onTrust = kind === 'election' && chain.checked.electionBlocks === 0;
      this.#judgeBlock(hash, block, onTrust || this.#wasForged, '');
      if (kind !== 'election') continue;
      if (!onTrust && block.type === 'macro' && block.header.parentElectionHash === this.#electionHead) this.#follows.set(hash, this.#electionHead);
      this.#electionHead = hash;
    }
    this.#wasForged = this.#forged;
    this.#checkLevel();
  }

  /** `onWord`: it stands on what others said; `check` looks at the anchor for that. */
  #judgeBlock(hash: Hash, block: Block, onWord: boolean, where: string): void {
    const fault = this.#options.truth.fault(hash, block);
    // Whether an election block's list is the true one is not known at first. It matters for what is signed with its keys.
    if (fault === undefined || fault === 'list' || onWord || this.#options.truth.isSkipVariant(block)) return;
    const { blockNumber } = block.header;
    const what = `${where}adopted ${fault} block ${blockNumber} ${hash.slice(0, 8)}`;
    if (where || block.type === 'macro' || !this.#listUntrue) return this.#violated(what);
    // Under the only list there is it may be adopted, as pending and `pico`.
    if (this.#trueLists.get(this.#chain.electionHead.hash)?.size) this.#violated(`${what}, though another validator list was known`);
  }

  #heard(peer: FakePeer, hash: Hash): void {
    const said = this.#said.get(peer.id) ?? new Set();
    said.add(hash);
    this.#said.set(peer.id, said);
  }

  #violated(what: string): void {
    if (!this.violations.includes(what)) this.violations.push(what);
  }
}
