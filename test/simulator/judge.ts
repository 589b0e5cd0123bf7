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

/** The trust levels of the newest final head and of the newest head. */
export interface Levels {
  readonly final: TrustLevel;
  readonly latest: TrustLevel;
}

const order: readonly TrustLevel[] = ['claimed', 'witnessed', 'pinned', 'proven'];

export interface JudgeOptions {
  readonly truth: Truth;
  readonly honest: (peer: PeerId) => boolean;
  /** The levels that the client currently shows. */
  readonly shown: () => Levels;
  readonly anchor: () => Anchor;
  /** Whether the peer is a node of the network, which may be a witness. */
  readonly witness: (peer: PeerId) => boolean;
  /** The machine that a peer runs on. Peers of one machine are one witness, whatever their addresses look like. */
  readonly machine: (peer: PeerId) => string;
  /** The peer is known only by a host name or an IPv6 address. One attacker can have any number of those. */
  readonly onlyNamed: (peer: PeerId) => boolean;
}

/**
 * Watches one client from outside and knows the true chain. It observes the adopted blocks, the messages that reached the client,
 * and the blamed peers, and from these it computes the trust level that the client has earned. Of the client's own state it reads
 * only the anchor, and checks it.
 */
export class Judge {
  readonly #options: JudgeOptions;
  /** Descriptions of all violations of safety. */
  readonly violations: string[] = [];
  /** Election blocks that the client verified from genesis, with every one before them. */
  readonly #proven = new Set<Hash>();
  /** Election blocks that the client adopted and verified, each with the previous one. */
  readonly #follows = new Map<Hash, Hash>();
  /** The election blocks that each peer named in messages that reached the client. */
  readonly #said = new Map<PeerId, Set<Hash>>();
  /** Election blocks for which an answer brought a copy with the true list, with the peers that sent it. */
  readonly #trueLists = new Map<Hash, Set<PeerId>>();
  readonly #hashes = new WeakMap<object, Hash>();
  #chain!: LightChain;
  #electionHead!: Hash;
  /** The value before the last change. */
  #wasForged = false;
  /** The newest final block that was rightly shown as proven. */
  #provenFinal: { readonly height: number; readonly hash: Hash } | undefined;

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** From now on the client has this chain. */
  watch(chain: LightChain): void {
    this.#chain = chain;
    this.#electionHead = chain.electionHead.hash;
    this.#wasForged = this.#forged;
    this.#proven.add(chain.genesis.hash);
    // The client does not keep the copies over a restart.
    this.#trueLists.clear();
    // The client is not to blame for blocks that the store lost or forged.
    this.#provenFinal = undefined;
    chain.events.on('change', (change) => {
      if (chain === this.#chain) this.#onChange(change);
    });
  }

  /** The client restores this chain from a store. It was verified from genesis before it was stored. */
  restoring(stored: { readonly electionHead: { readonly hash: Hash } }): void {
    this.#proven.add(stored.electionHead.hash);
  }

  /** A block that the client has verified from genesis beside its chain. The signing keys in its list do not matter there. */
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
    // A peer that sends a block also vouches for the election block that it follows.
    this.#heard(peer, block.header.parentElectionHash);
  }

  /** Caches hashes: the validator list makes an election block's hash slow, and the same block comes from many peers. */
  #hashOf(block: Block): Hash {
    const hash = this.#hashes.get(block.header) ?? blockHash(block);
    this.#hashes.set(block.header, hash);
    return hash;
  }

  reported(peer: PeerId, report: PeerReport): void {
    // A liar's copies do not count, even true ones.
    if (report.kind === 'lie') for (const givers of this.#trueLists.values()) givers.delete(peer);
    if (report.kind === 'lie' && this.#options.honest(peer)) this.#violated(`honest peer ${peer} banned: ${report.code} ${JSON.stringify(report.evidence)}`);
  }

  /**
   * The client puts a peer aside: from then on its copies do not count, as those of a liar. Honest peers give no reason for this in
   * these worlds.
   */
  keptAside(peer: PeerId): void {
    for (const givers of this.#trueLists.values()) givers.delete(peer);
    if (this.#options.honest(peer)) this.#violated(`honest peer ${peer} kept aside`);
  }

  /** Checks between two events: the client must have earned the level it shows and the blocks it has adopted. */
  check(): void {
    const { anchor, truth } = this.#options;
    this.#checkLevel();
    this.#checkNothingLost();
    const { kind, hash, unchecked } = anchor();
    if (this.#forged && !unchecked && !(kind === 'witnesses' && !truth.has(hash))) this.#violated(`stands on an untrue macro block, anchor ${kind} ${hash.slice(0, 8)}, shown ${this.#options.shown().final}`);
  }

  /** A proven block must stay, even if peers are silent or contradict it. */
  #checkNothingLost(): void {
    const { height, hash } = this.#chain.macroHead;
    const kept = this.#provenFinal;
    if (kept && height < kept.height) this.#violated(`gave up the proven block ${kept.height} ${kept.hash.slice(0, 8)}, is at ${height}`);
    if (!this.#forged && this.#options.shown().final === 'proven' && height >= (kept?.height ?? 0)) this.#provenFinal = { height, hash };
  }

  /** The validators never signed the chain's newest macro block. */
  get #forged(): boolean {
    return !this.#options.truth.has(this.#chain.macroHead.hash);
  }

  get #listUntrue(): boolean {
    const { hash, block } = this.#chain.electionHead;
    return this.#options.truth.fault(hash, block) === 'list';
  }

  /** The levels earned by the messages that reached the client. */
  #earned(): Levels {
    const final = this.#isProven(this.#electionHead) && !this.#forged ? 'proven' : this.#anchorEarned() ? 'witnessed' : 'claimed';
    return { final, latest: final === 'proven' && !this.#pendingProven() ? 'witnessed' : final };
  }

  /** Whether every pending block is true, and its maker's key also made a block that is now final. */
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

  /** Verified from genesis, or on top of a block that was. */
  #isProven(hash: Hash): boolean {
    for (let at: Hash | undefined = hash; at !== undefined; at = this.#follows.get(at)) if (this.#proven.has(at)) return true;
    return false;
  }

  #anchorEarned(): boolean {
    const { kind, hash, witnesses, fewWitnesses, unchecked } = this.#options.anchor();
    // A level claimed by the store is marked as unchecked, and leads to no ban.
    if (unchecked) return true;
    if (kind !== 'witnesses' || witnesses.length === 0) return false;
    const { machine, onlyNamed } = this.#options;
    const machines = new Set(witnesses.map(({ peer }) => machine(peer)));
    const named = new Set(witnesses.flatMap(({ peer }) => (onlyNamed(peer) ? [machine(peer)] : [])));
    // Only one of three witnesses may be such a peer.
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

  /** `onWord`: the block rests on witnesses; `check` judges the anchor for that. */
  #judgeBlock(hash: Hash, block: Block, onWord: boolean, where: string): void {
    const fault = this.#options.truth.fault(hash, block);
    // At first the client cannot know whether an election block's list is true. The list matters only for blocks signed with its
    // keys.
    if (fault === undefined || fault === 'list' || onWord || this.#options.truth.isSkipVariant(block)) return;
    const { blockNumber } = block.header;
    const what = `${where}adopted ${fault} block ${blockNumber} ${hash.slice(0, 8)}`;
    if (where || block.type === 'macro' || !this.#listUntrue) return this.#violated(what);
    // If this is the only known list, the client may adopt the block, as pending and `witnessed`.
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
