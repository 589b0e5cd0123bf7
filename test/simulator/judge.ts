import type { Anchor, TrustLevel } from '../../src/engine/trust.ts';
import type { ChainChange, LightChain } from '../../src/albatross/chain/light-chain.ts';
import type { PeerId, PeerReport } from '../../src/albatross/sync/net.ts';
import type { ProofRecord } from '../../src/albatross/chain/proof-record.ts';
import type { RequestKind, ResponseBody } from '../../src/albatross/wire/requests.ts';
import type { Block, Hash } from '../../src/albatross/wire/types.ts';
import { blockHash } from '../../src/albatross/chain/hashes.ts';
import type { FakePeer } from '../support/fake-net.ts';
import type { Truth } from './truth.ts';

const order: readonly TrustLevel[] = ['claimed', 'pico', 'pinned', 'proven'];

export interface JudgeOptions {
  readonly truth: Truth;
  readonly chain: LightChain;
  readonly honest: (peer: PeerId) => boolean;
  /** The level the client shows now. */
  readonly shown: () => TrustLevel;
  readonly anchor: () => Anchor;
}

/**
 * Watches one client from outside and knows what is true. It looks at what was adopted, at what reached the client and at who was
 * blamed, and works out by itself which trust level that earns; of the client's own account it takes the anchor, and checks it.
 */
export class Judge {
  readonly #options: JudgeOptions;
  /** Safety broken, each with what happened. */
  readonly violations: string[] = [];
  /** Documented limits of the protocol that were met, and after which safety cannot be had. */
  readonly limits = new Set<string>();
  /** Election blocks that a chain reached from genesis, every one before it verified. */
  readonly #proven = new Set<Hash>();
  /** Election blocks that were adopted and verified, with the one before. */
  readonly #follows = new Map<Hash, Hash>();
  readonly #untrue = new Set<Hash>();
  /** Which election blocks each peer named, as far as it reached the client. */
  readonly #said = new Map<PeerId, Set<Hash>>();
  /** Subnets that gave a true list, and those that gave another one, by the block's hash. */
  readonly #lists = new Map<Hash, { readonly true: Set<string>; readonly other: Set<string> }>();
  readonly #hashes = new WeakMap<object, Hash>();
  #electionHead: Hash;

  constructor(options: JudgeOptions) {
    this.#options = options;
    this.#electionHead = options.chain.genesis.hash;
    this.#proven.add(this.#electionHead);
    options.chain.events.on('change', (change) => this.#onChange(change));
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
    const hash = this.#hashOf(block);
    const lists = this.#lists.get(hash) ?? { true: new Set(), other: new Set() };
    this.#lists.set(hash, lists);
    (this.#options.truth.fault(hash, block) === 'list' ? lists.other : lists.true).add(peer.subnet);
  }

  /** The list's part of an election block's hash is dear, and the same block comes from many. */
  #hashOf(block: Block): Hash {
    const hash = this.#hashes.get(block.header) ?? blockHash(block);
    this.#hashes.set(block.header, hash);
    return hash;
  }

  reported(peer: PeerId, report: PeerReport): void {
    if (report.kind === 'lie' && this.#options.honest(peer)) this.#violated(`honest peer ${peer} banned: ${report.code} ${JSON.stringify(report.evidence)}`);
  }

  /** Between two moments: what is shown and what stands must be earned. */
  check(): void {
    const { anchor, truth, shown } = this.#options;
    this.#checkLevel();
    const { kind, hash } = anchor();
    if (this.#untrue.size > 0 && !(kind === 'witnesses' && truth.fault(hash, this.#anchorBlock()) === 'unsigned')) {
      this.#violated(`stands on ${this.#untrue.size} untrue blocks, anchor ${kind} ${hash.slice(0, 8)}, shown ${shown()}`);
    }
  }

  /** The level that what reached the client earns. */
  #earned(): TrustLevel {
    if (this.#isProven(this.#electionHead) && this.#untrue.size === 0) return 'proven';
    return this.#anchorEarned() ? 'pico' : 'claimed';
  }

  /** Verified from genesis, or on top of what was. */
  #isProven(hash: Hash): boolean {
    for (let at: Hash | undefined = hash; at !== undefined; at = this.#follows.get(at)) if (this.#proven.has(at)) return true;
    return false;
  }

  #anchorEarned(): boolean {
    const { kind, hash, witnesses, fewWitnesses } = this.#options.anchor();
    if (kind !== 'witnesses' || witnesses.length === 0) return false;
    const subnets = new Set(witnesses.map(({ subnet }) => subnet)).size;
    return subnets === witnesses.length && (fewWitnesses || subnets >= 3) && witnesses.every(({ peer }) => this.#said.get(peer)?.has(hash));
  }

  #checkLevel(): void {
    const shown = this.#options.shown();
    const earned = this.#earned();
    if (order.indexOf(shown) > order.indexOf(earned)) this.#violated(`shows ${shown}, earned is ${earned}`);
  }

  #onChange(change: ChainChange): void {
    const { chain } = this.#options;
    if (change.kind === 'reset') {
      this.#untrue.clear();
      this.#electionHead = chain.electionHead.hash;
      if (chain.electionHead.hash !== chain.genesis.hash) this.#judgeBlock(chain.electionHead.hash, chain.electionHead.block, false, '');
    }
    for (const { hash } of change.reverted) this.#untrue.delete(hash);
    for (const { hash, block, kind } of change.adopted) {
      const onTrust = kind === 'election' && chain.checked.electionBlocks === 0;
      if (onTrust) this.#untrue.clear();
      this.#judgeBlock(hash, block, onTrust || this.#untrue.size > 0, '');
      if (kind !== 'election') continue;
      if (!onTrust && block.type === 'macro' && block.header.parentElectionHash === this.#electionHead) this.#follows.set(hash, this.#electionHead);
      this.#electionHead = hash;
    }
    this.#checkLevel();
  }

  /** `onWord`: it stands on what others said; `check` looks at the anchor for that. */
  #judgeBlock(hash: Hash, block: Block, onWord: boolean, where: string): void {
    const fault = this.#options.truth.fault(hash, block);
    if (fault === undefined || (fault === 'justification' && onWord)) return;
    const { blockNumber } = block.header;
    if (fault === 'list') {
      const lists = this.#lists.get(hash);
      if (lists && lists.other.size >= lists.true.size) this.limits.add('list-of-version-1');
      else this.#violated(`${where}took another validator list at ${blockNumber}, against ${lists?.true.size ?? 0} true ones and ${lists?.other.size ?? 0} of its kind`);
      return;
    }
    if (!onWord) this.#violated(`${where}adopted ${fault} block ${blockNumber} ${hash.slice(0, 8)}`);
    if (!where) this.#untrue.add(hash);
  }

  #anchorBlock(): Block {
    return this.#options.chain.electionHead.block;
  }

  #heard(peer: FakePeer, hash: Hash): void {
    const said = this.#said.get(peer.id) ?? new Set();
    said.add(hash);
    this.#said.set(peer.id, said);
  }

  #violated(what: string): void {
    // After a limit was met the client may believe a wrong list, and everything else follows from that.
    if (this.limits.size === 0 && !this.violations.includes(what)) this.violations.push(what);
  }
}
