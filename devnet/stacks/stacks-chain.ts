/**
 * The chain of the local network: invented Bitcoin blocks with their sortitions, and the Stacks blocks of the tenures, on one or several branches. All
 * of it follows from the seed and the order of the calls.
 * @module
 */
import type { Hash } from '../../src/base/hash.ts';
import { cycleOf, firstHeightOf } from '../../src/chains/stacks/chain/cycles.ts';
import { pathOfKey } from '../../src/chains/stacks/proofs/marf-hash.ts';
import type { StacksTransaction, TenureChange } from '../../src/chains/stacks/wire/transaction.ts';
import { DevnetError } from '../devnet-error.ts';
import { seededRandom } from '../seeded-random.ts';
import { DEMO_NAME } from './demo-contract.ts';
import { backFrom, sealNakamoto, startOf, type DevBlock } from './dev-block.ts';
import { keyOf, type DevKey } from './dev-key.ts';
import { countNonce, cycleToWrite, hasSignerSet, writeSignerSet } from './dev-state.ts';
import { makeEpoch2 } from './epoch2-chain.ts';
import { MarfDraft, textAt } from './marf-trie.ts';
import { Mempool } from './mempool.ts';
import { SignerSets, enough } from './signer-sets.ts';
import type { StacksChainOptions } from './stacks-chain-options.ts';
import { nextSortition, type Sortition, type Winner } from './sortition.ts';
import { makeTransaction } from './transactions.ts';

/** One line of Bitcoin blocks and the newest Stacks block on it. */
export interface Branch {
  readonly sortitions: Sortition[];
  tip: DevBlock;
}

export const MINERS = 3;
export const USERS = 6;
/** Seconds between blocks that are made on command. */
const STEP = 10;

export class StacksChain {
  readonly options: StacksChainOptions;
  readonly sets: SignerSets;
  readonly miners: readonly DevKey[];
  readonly users: readonly DevKey[];
  /** The contract's id. */
  readonly demo: string;
  readonly mempool: Mempool;
  readonly main: Branch;
  /** The last block of epoch 2.x. */
  readonly lastEpoch2: DevBlock;
  readonly blocks = new Map<Hash, DevBlock>();
  /** What the Bitcoin blocks are invented from: networks with other rules or another time share none. */
  readonly bitcoin: string;
  /** Unix seconds; undefined: the time goes on by 10 s a block. */
  now: (() => number) | undefined;
  readonly #byTenure = new Map<string, DevBlock[]>();
  #salts = 0;

  constructor(options: StacksChainOptions) {
    this.options = options;
    const { seed, rules, signers, epoch4, emptyCycle, genesisTime, run } = options;
    this.bitcoin = [seed, rules.firstBurnHeight, rules.cycleLength, rules.prepareLength, signers, epoch4 ?? '', emptyCycle ?? '', genesisTime, run].join(' ');
    this.sets = new SignerSets(seed, signers, emptyCycle);
    this.miners = Array.from({ length: MINERS }, (_, i) => keyOf(seed, 'miner', i));
    this.users = Array.from({ length: USERS }, (_, i) => keyOf(seed, 'user', i));
    this.demo = `${this.users[0]!.address}.${DEMO_NAME}`;
    this.mempool = new Mempool(this.demo);
    const { sortitions, blocks } = makeEpoch2(this);
    for (const block of blocks) this.#keep(block);
    this.lastEpoch2 = blocks.at(-1)!;
    this.main = { sortitions, tip: this.lastEpoch2 };
  }

  /** As in `Epoch2World`. */
  get tokenOwner(): string {
    return this.users[1]!.address;
  }

  /** The first Bitcoin height of Nakamoto: the third of cycle 1. */
  get nakamotoHeight(): number {
    return firstHeightOf(1, this.options.rules) + 2;
  }

  /** The blocks of a tenure of any branch, in the order in which they were made. */
  ofTenure(consensusHash: string): readonly DevBlock[] {
    return this.#byTenure.get(consensusHash) ?? [];
  }

  cycleOf(sortition: Sortition): number {
    return cycleOf(sortition.burnHeight, this.options.rules);
  }

  /** The text of the value under a key after a block. */
  valueAt(block: DevBlock, key: string): string | undefined {
    return textAt(block.state.root, pathOfKey(key));
  }

  /** A Bitcoin block. `winner`: `miner` won it on top of `from`; undefined: nobody did. */
  addSortition(branch: Branch, winner?: { readonly miner: number; readonly from: DevBlock }): Sortition {
    const { rules } = this.options;
    const won: Winner | undefined = winner && { miner: winner.miner, keyHash: this.miners[winner.miner]!.keyHash, committed: startOf(winner.from).id, parentTenure: winner.from.tenure.consensusHash };
    // The salt makes the same height on two branches two Bitcoin blocks.
    const salt = branch === this.main && this.#salts === 0 ? '' : String((this.#salts += 1));
    const sortition = nextSortition(branch.sortitions, { rules, seed: this.bitcoin, salt, time: this.#time(branch.tip), winner: won });
    branch.sortitions.push(sortition);
    return sortition;
  }

  /** A Bitcoin block that a miner wins without building a block (`won`), or that nobody wins. Throws `DevnetError` if the next set would stay unwritten. */
  addEmptySortition(branch: Branch, won: boolean): Sortition {
    const { rules } = this.options;
    const height = rules.firstBurnHeight + branch.sortitions.length;
    const later = cycleOf(height + 1, rules);
    if (!hasSignerSet(this.#stateOf(branch.tip), later)) throw new DevnetError('impossible', `the set of cycle ${later} must be written by a block before Bitcoin height ${height + 1}`);
    return this.addSortition(branch, won ? { miner: this.#drawMiner(branch.tip), from: branch.tip } : undefined);
  }

  /**
   * A Bitcoin block and the first block of its tenure, on `from`. `countsWrong`: added to the number of blocks of the tenure before, which the block tells.
   * Throws `DevnetError` if the set of its cycle is empty or not written.
   */
  startTenure(branch: Branch, from = branch.tip, countsWrong = 0): DevBlock {
    const { rules } = this.options;
    const cycle = cycleOf(rules.firstBurnHeight + branch.sortitions.length, rules);
    if (!hasSignerSet(this.#stateOf(from), cycle)) throw new DevnetError('impossible', `no block on this branch wrote the set of cycle ${cycle}`);
    if (this.sets.of(cycle).length === 0) throw new DevnetError('impossible', `nobody signs in cycle ${cycle}`);
    const miner = this.#drawMiner(from);
    const tenure = this.addSortition(branch, { miner, from });
    const change: TenureChange = {
      tenure: tenure.consensusHash, previousTenure: from.tenure.consensusHash, burnView: tenure.consensusHash, previousTenureEnd: from.id, previousTenureBlocks: from.position + 1 + countsWrong, cause: 0,
      publicKeyHash: this.miners[miner]!.keyHash,
    };
    return this.#build(branch, from, tenure, tenure, change);
  }

  /** The next block of the running tenure. If Bitcoin went on without a Stacks block, it extends the tenure. */
  extend(branch: Branch): DevBlock {
    const { tip } = branch;
    if (!tip.header) return this.startTenure(branch);
    const newest = branch.sortitions.at(-1)!;
    if (newest === tip.burnView) return this.#build(branch, tip, tip.tenure, newest);
    const change: TenureChange = {
      tenure: tip.tenure.consensusHash, previousTenure: tip.tenure.consensusHash, burnView: newest.consensusHash, previousTenureEnd: tip.id, previousTenureBlocks: tip.position + 1, cause: 1,
      publicKeyHash: this.miners[tip.tenure.winner!.miner]!.keyHash,
    };
    return this.#build(branch, tip, tip.tenure, newest, change);
  }

  /** A branch beside `branch`: on the end of the tenure that lies `back` tenures below the newest. Its blocks must then be made. */
  branchOff(branch: Branch, back: number): Branch {
    let from: DevBlock = branch.tip;
    for (let i = 0; i < back; i += 1) {
      const below: DevBlock | undefined = startOf(from).parent;
      if (!below?.header) throw new DevnetError('impossible', `there are no ${back} tenures of Nakamoto above another`);
      from = below;
    }
    return { sortitions: [...branch.sortitions], tip: from };
  }

  /** The branch without its last `back` Bitcoin blocks. Throws `DevnetError` if they reach into epoch 2.x. */
  cutBitcoin(branch: Branch, back: number): Branch {
    const sortitions = branch.sortitions.slice(0, branch.sortitions.length - back);
    const left = new Set(sortitions);
    for (const tip of backFrom(branch.tip)) if (tip.header && left.has(tip.burnView)) return { sortitions, tip };
    throw new DevnetError('impossible', `the last ${back} Bitcoin blocks reach into epoch 2.x`);
  }

  #build(branch: Branch, from: DevBlock, tenure: Sortition, burnView: Sortition, change?: TenureChange): DevBlock {
    const { rules, epoch4, seed } = this.options;
    const random = seededRandom(seed, `stacks block ${from.id} ${burnView.consensusHash}`);
    const miner = this.miners[tenure.winner!.miner]!;
    const draft = new MarfDraft(from.state);
    const transactions: StacksTransaction[] = [];
    const isStart = change?.cause === 0;
    const byMiner = [...(change ? [{ kind: 'tenure-change', change } as const] : []), ...(isStart ? [{ kind: 'coinbase', vrfProof: random.bytes(80) } as const] : [])];
    for (const payload of byMiner) {
      transactions.push(makeTransaction(miner, { nonce: Number(draft.get(`vm-account::${miner.address}::18`) ?? 0), fee: 0 }, payload));
      countNonce(draft, miner.address);
    }
    transactions.push(...this.mempool.take(draft, branch === this.main), ...this.mempool.unasked(draft, this.users.slice(3), random, isStart ? 0 : 1));
    const toWrite = cycleToWrite(burnView.burnHeight, rules);
    if (toWrite !== undefined && !hasSignerSet(draft, toWrite)) writeSignerSet(draft, toWrite, this.sets.of(toWrite), from.height + 1);
    const content = { parent: from, tenure, burnView, position: isStart ? 0 : from.position + 1, time: this.#time(from), draft, transactions };
    const version = epoch4 !== undefined && tenure.burnHeight >= epoch4 ? 1 : 0;
    const block = sealNakamoto(content, { version, miner, signers: enough(this.sets.of(this.cycleOf(tenure)), random.next()) });
    this.#keep(block);
    branch.tip = block;
    return block;
  }

  #keep(block: DevBlock): void {
    this.blocks.set(block.id, block);
    const { consensusHash } = block.tenure;
    this.#byTenure.set(consensusHash, [...this.ofTenure(consensusHash), block]);
  }

  #drawMiner(from: DevBlock): number {
    return Math.floor(seededRandom(this.options.seed, `stacks miner ${from.id}`).next() * MINERS);
  }

  #stateOf(block: DevBlock) {
    return { get: (key: string) => this.valueAt(block, key) };
  }

  #time(from: DevBlock): number {
    return Math.max(from.time + (this.now ? 0 : STEP), Math.floor(this.now?.() ?? 0));
  }
}
