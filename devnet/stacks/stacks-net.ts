import type { Clock } from '../../src/base/clock.ts';
import { systemClock } from '../../src/base/system.ts';
import type { CycleRules } from '../../src/chains/stacks/chain/cycles.ts';
import type { StacksNetwork } from '../../src/chains/stacks/chain/network.ts';
import { DevnetError } from '../devnet-error.ts';
import { checkPorts } from '../ports.ts';
import { NETWORK_ID, epochsOf } from './answer-bitcoin.ts';
import { answerRequest } from './answer-request.ts';
import { belowTenures } from './apply-faults.ts';
import { ChainView } from './chain-view.ts';
import { chainInfo } from './chain-info.ts';
import { backFrom, type DevBlock } from './dev-block.ts';
import { BOOT_ADDRESS, type DevAction } from './dev-state.ts';
import { GatewayServer } from './gateway-server.ts';
import { isQuiet, makeHistory } from './stacks-history.ts';
import { RequestLog } from './request-log.ts';
import { isStacksFault, type FaultSettings, type StacksFault } from './stacks-faults.ts';
import { StacksChain, type Branch } from './stacks-chain.ts';

export interface StacksNetOptions {
  /** Default 1. */
  readonly gateways?: number;
  /** Default 0: free ports. */
  readonly port?: number;
  /** Default "stacks-test". Blocks and keys follow from it. */
  readonly seed?: string;
  /** Milliseconds; 0, the default: blocks are made on command only, 10 s after each other by their times. */
  readonly blockTime?: number;
  /** Unix seconds of the first block. Default: 2023-11-14T22:13:20Z. */
  readonly genesisTime?: number;
  /** Tells networks of one seed apart whose blocks differ. Default: nothing. */
  readonly run?: string;
  /** Bitcoin blocks in a cycle. Default 20. */
  readonly cycleLength?: number;
  /** Of these, those of the prepare phase. Default 5. */
  readonly prepareLength?: number;
  /** Default 107. */
  readonly firstBurnHeight?: number;
  /** Signers of a set. Default 5. */
  readonly signers?: number;
  /** Bitcoin height from which headers have version 1. Default: never. */
  readonly epoch4?: number | undefined;
  /** A cycle whose set is empty: the chain ends before it. Default: none. */
  readonly emptyCycle?: number | undefined;
  /** Cycles of Nakamoto with blocks before the gateways listen. Default 3. */
  readonly cycles?: number;
  /** Blocks of Nakamoto at least before the gateways listen. Default 0. */
  readonly blocks?: number;
  /** Bytes of an answer with a tenure at most. Default: 16 MiB. */
  readonly maxTenureBytes?: number;
  readonly clock?: Clock;
  /** Called after blocks of the main chain were made. */
  readonly onBlocks?: (blocks: readonly DevBlock[]) => void;
}

const GENESIS_TIME = 1_700_000_000;
/** No multiple of a cycle's length, so that arithmetic that forgets it fails. */
const FIRST_BURN_HEIGHT = 107;
const MAX_TENURE_BYTES = 16 * 1024 * 1024;
/** Blocks of a tenure by the clock. */
const TENURE_BLOCKS = 5;
/** Tenures that a stale gateway lacks. */
const STALE_TENURES = 2;
/** By the clock, Bitcoin blocks whose height is divisible by it bring no tenure where that is allowed; half of them have a winner. */
const SKIPPED = 6;
/** Cycles between the newest one and the checkpoint's by default. */
const CHECKPOINT_BACK = 2;

/** A local Stacks network: one chain, and gateways that serve it over HTTP. All but the times of a run by the clock follows from the seed and the commands. */
export class StacksNet {
  readonly log = new RequestLog();
  readonly chain: StacksChain;
  readonly gateways: readonly GatewayServer[];
  readonly #options: StacksNetOptions;
  readonly #clock: Clock;
  readonly #faults: readonly Map<StacksFault, FaultSettings>[];
  /** The branch of a gateway whose chain is not the main one. */
  readonly #own = new Map<number, Branch>();
  readonly #hidden = new Map<DevBlock, number>();
  #cancelTimer: () => void = () => undefined;
  #closed = false;

  private constructor(options: StacksNetOptions) {
    const { gateways = 1, port = 0, seed = 'stacks-test', genesisTime = GENESIS_TIME, cycleLength = 20, prepareLength = 5, firstBurnHeight = FIRST_BURN_HEIGHT, signers = 5, epoch4, emptyCycle, clock = systemClock } = options;
    const { maxTenureBytes = MAX_TENURE_BYTES, blockTime = 0, cycles = 3, blocks = 0, run = '' } = options;
    this.#options = options;
    this.#clock = clock;
    const rules: CycleRules = { firstBurnHeight, cycleLength, prepareLength };
    this.chain = new StacksChain({ seed, rules, signers, epoch4, emptyCycle, genesisTime, run });
    makeHistory(this.chain, { cycles, blocks });
    if (blockTime > 0) this.chain.now = () => clock.now() / 1000;
    this.#faults = Array.from({ length: gateways }, () => new Map<StacksFault, FaultSettings>());
    this.gateways = this.#faults.map(
      (faults, index) =>
        new GatewayServer({
          index, port: port === 0 ? 0 : port + index, log: this.log, now: () => clock.now(), faults,
          answer: (path) => answerRequest(path, this.viewOf(index), { faults, maxTenureBytes }),
          tipHeight: () => this.viewOf(index).tip.height,
        }),
    );
  }

  /** Throws `PortError`. */
  static async start(options: StacksNetOptions = {}): Promise<StacksNet> {
    await checkPorts(options.port ?? 0, options.gateways ?? 1);
    const net = new StacksNet(options);
    await Promise.all(net.gateways.map((gateway) => gateway.listen()));
    net.#schedule();
    return net;
  }

  get tip(): DevBlock {
    return this.chain.main.tip;
  }

  get network(): StacksNetwork {
    return this.networkWith();
  }

  /** The chain as a gateway has it. */
  viewOf(index: number): ChainView {
    return new ChainView(this.chain, this.#own.get(index) ?? this.chain.main, (block) => (this.#hidden.get(block) ?? index) !== index);
  }

  /**
   * The network's parameters, with the checkpoint at the start of the second tenure of `checkpoint`'s cycle, or of the first if only that is confirmed; default: two cycles below the newest. Throws
   * `DevnetError` (`impossible`).
   */
  networkWith({ checkpoint }: { readonly checkpoint?: number | undefined } = {}): StacksNetwork {
    const { chain } = this;
    const { lastEpoch2 } = chain;
    const cycle = checkpoint ?? Math.max(1, chain.cycleOf(chain.main.sortitions.at(-1)!) - CHECKPOINT_BACK);
    const starts = [...backFrom(this.tip)].filter(({ header, position, tenure }) => header && position === 0 && chain.cycleOf(tenure) === cycle).toReversed();
    const confirmed = belowTenures(this.tip, 2).height;
    const block = starts.slice(0, 2).findLast(({ height }) => height <= confirmed);
    if (!block) throw new DevnetError('impossible', `cycle ${cycle} has no confirmed block`);
    return {
      chain: 'stacks',
      name: `stacks-${lastEpoch2.id.slice(0, 8)}`,
      genesisHash: lastEpoch2.id,
      networkId: NETWORK_ID,
      bootAddress: BOOT_ADDRESS,
      ...chain.options.rules,
      epochs: epochsOf(chain),
      checkpoint: {
        cycle,
        burnHeight: block.tenure.burnHeight,
        signers: chain.sets.of(cycle).map(({ key, weight }) => ({ key: key.key, weight })),
        block: { id: block.id, height: block.height, time: block.time },
      },
      gateways: this.gateways.map(({ url }) => url),
      development: true,
    };
  }

  /** Blocks of the running tenure. */
  produceBlocks(n: number): readonly DevBlock[] {
    return this.#making(n, () => this.chain.extend(this.chain.main));
  }

  /** Tenures of so many blocks each. */
  produceTenures(n: number, blocksEach = 1): readonly DevBlock[] {
    const { chain } = this;
    return this.#making(n * blocksEach, (i) => (i % blocksEach === 0 ? chain.startTenure(chain.main) : chain.extend(chain.main)));
  }

  /** Bitcoin blocks without Stacks blocks; `won`: a miner wins each, and builds nothing. Throws `DevnetError` where a set would stay unwritten. */
  produceSortitions(n: number, won = false): void {
    for (let i = 0; i < n; i += 1) this.chain.addEmptySortition(this.chain.main, won);
  }

  /** Tenures of one block, up to the first one of the next cycle. */
  nextCycle(): readonly DevBlock[] {
    const { chain } = this;
    const cycle = chain.cycleOf(chain.main.sortitions.at(-1)!);
    return this.#making(Infinity, (i) => (i === 0 || chain.cycleOf(this.tip.tenure) === cycle ? chain.startTenure(chain.main) : undefined));
  }

  /** A tenure in place of the `back` newest ones, `n` blocks higher than these. The newer sortition makes its miner's chain the main one. */
  fork(back: number, n: number): readonly DevBlock[] {
    return this.#replace(this.chain.branchOff(this.chain.main, back), n);
  }

  /** Other Bitcoin blocks in place of the `back` newest ones, and one tenure on them, `n` blocks higher than the tip. */
  reorg(back: number, n: number): readonly DevBlock[] {
    return this.#replace(this.chain.cutBitcoin(this.chain.main, back), n);
  }

  async stopGateway(index: number): Promise<void> {
    await this.#gateway(index).close();
  }

  /** Brings it back on its port. */
  async startGateway(index: number): Promise<void> {
    await this.#gateway(index).listen();
  }

  /** Adds a fault to a gateway, or takes all away with `none`. Throws `DevnetError`. */
  fault(index: number | 'all', fault: StacksFault | 'none', settings: FaultSettings = {}): void {
    if (fault !== 'none' && !isStacksFault(fault)) throw new DevnetError('unknown-fault', `no fault ${String(fault)}`);
    for (const at of index === 'all' ? this.gateways.keys() : [index]) {
      this.#gateway(at);
      const faults = this.#faults[at]!;
      if (fault === 'none') {
        faults.clear();
        this.#own.delete(at);
        continue;
      }
      const own = this.#branchOf(fault, settings);
      if (own) this.#giveBranch(at, own);
      faults.set(fault, settings);
    }
  }

  /** Signs an action for the next block. Returns the transaction's id. Throws `DevnetError`. */
  submit(from: string | undefined, payload: DevAction['payload']): string {
    const { chain, tip } = this;
    const key = from === undefined ? chain.users[0] : chain.users.find(({ address }) => address === from);
    if (!key) throw new DevnetError('unknown-account', `no key of ${from} is known; {"do":"info"} lists the accounts`);
    return chain.mempool.add({ key, payload }, { get: (text) => chain.valueAt(tip, text) });
  }

  info() {
    return { ...chainInfo(this.chain), gateways: this.gateways.map(({ url, running }, gateway) => ({ gateway, url, running, height: this.viewOf(gateway).tip.height, faults: [...this.#faults[gateway]!.keys()] })) };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await Promise.all(this.gateways.map((gateway) => gateway.close()));
  }

  #gateway(index: number): GatewayServer {
    const gateway = this.gateways[index];
    if (!gateway) throw new DevnetError('unknown-peer', `no gateway ${index}; there are ${this.gateways.length}`);
    return gateway;
  }

  #replace(branch: Branch, n: number): readonly DevBlock[] {
    const { main, mempool } = this.chain;
    const old = this.tip;
    const least = old.height + n;
    const made = [this.chain.startTenure(branch)];
    while (branch.tip.height < least) made.push(this.chain.extend(branch));
    main.sortitions.splice(0, main.sortitions.length, ...branch.sortitions);
    main.tip = branch.tip;
    const kept = new Set(backFrom(branch.tip));
    for (const block of backFrom(old)) {
      if (kept.has(block)) break;
      mempool.restore(block.transactionIds);
    }
    this.#options.onBlocks?.(made);
    return made;
  }

  /** The chain of a gateway with this fault; undefined: the main one. */
  #branchOf(fault: StacksFault, { tenures }: FaultSettings): Branch | undefined {
    const { chain } = this;
    if (fault === 'stale') {
      const tip = belowTenures(this.tip, tenures ?? STALE_TENURES);
      return { sortitions: chain.main.sortitions.slice(0, chain.main.sortitions.indexOf(tip.burnView) + 1), tip };
    }
    if (fault !== 'other-fork' && fault !== 'wrong-count') return undefined;
    const branch = chain.branchOff(chain.main, fault === 'other-fork' ? (tenures ?? 1) : 0);
    chain.startTenure(branch, branch.tip, fault === 'wrong-count' ? 1 : 0);
    // Two later tenures, on which a client would take it for confirmed.
    for (let i = 0; i < 2; i += 1) chain.startTenure(branch);
    while (branch.tip.height <= this.tip.height) chain.extend(branch);
    return branch;
  }

  #giveBranch(index: number, branch: Branch): void {
    this.#own.set(index, branch);
    const main = new Set(backFrom(this.tip));
    for (const block of backFrom(branch.tip)) {
      if (main.has(block)) break;
      this.#hidden.set(block, index);
    }
  }

  /** A block of the running tenure, or the first of the next one; now and then a Bitcoin block has no tenure, and the running one is extended. */
  #produceNext(): void {
    const { main } = this.chain;
    const isFull = this.tip.position + 1 >= TENURE_BLOCKS;
    const height = main.sortitions.at(-1)!.burnHeight + 1;
    const isSkipped = isFull && height % SKIPPED === 0 && isQuiet(this.chain);
    if (isSkipped) this.produceSortitions(1, height % (2 * SKIPPED) === 0);
    if (isFull && !isSkipped) this.produceTenures(1);
    else this.produceBlocks(1);
  }

  #schedule(): void {
    const { blockTime = 0 } = this.#options;
    if (blockTime === 0 || this.#closed) return;
    this.#cancelTimer = this.#clock.after(blockTime, () => {
      try {
        this.#produceNext();
      } catch (error) {
        // Such as before a cycle in which nobody signs: the chain stands still.
        if (!(error instanceof DevnetError)) throw error;
      }
      this.#schedule();
    });
  }

  /** Makes at most so many blocks, until there is none. Also when one cannot be made, those before are told. */
  #making(most: number, next: (i: number) => DevBlock | undefined): readonly DevBlock[] {
    const made: DevBlock[] = [];
    try {
      for (let block = next(0); block; block = made.length < most ? next(made.length) : undefined) made.push(block);
    } finally {
      this.#options.onBlocks?.(made);
    }
    return made;
  }
}
