import { toHex } from '../../src/base/bytes.ts';
import type { Clock } from '../../src/base/clock.ts';
import { systemClock } from '../../src/base/system.ts';
import type { MolochNetwork } from '../../src/chains/moloch/chain/network.ts';
import { encodeBlock } from '../../src/chains/moloch/wire/block.ts';
import { DevnetError } from '../devnet-error.ts';
import { checkPorts } from '../ports.ts';
import { seededRandom } from '../seeded-random.ts';
import { DevConsensus } from './dev-consensus.ts';
import { keyOf } from './dev-key.ts';
import type { DevBlock } from './dev-block.ts';
import { MolochNode } from './moloch-node.ts';
import { isMolochFault, type FaultSettings, type MolochFault } from './moloch-faults.ts';
import { makeSnapshot } from './node-snapshot.ts';
import { RequestLog } from './request-log.ts';

export interface MolochNetOptions {
  /** Default 4. */
  readonly nodes?: number;
  /** Default 0: free ports. */
  readonly port?: number;
  /** Default "moloch-test". Blocks, events and keys follow from it. */
  readonly seed?: string;
  /** Milliseconds; 0, the default: blocks are made on command only, one second after each other by their times. */
  readonly blockTime?: number;
  /** Unix milliseconds. Default: 2023-11-14T22:13:20Z. */
  readonly genesisTime?: number;
  /** Bytes of a snapshot's chunk. Default 262 144 (Moloch reference, 4.4). */
  readonly chunkSize?: number;
  /** Blocks before the nodes listen. Default 0. */
  readonly blocks?: number;
  readonly clock?: Clock;
  /** Called after blocks were made. */
  readonly onBlocks?: (blocks: readonly DevBlock[]) => void;
}

const GENESIS_TIME = 1_700_000_000_000;
const CHUNK_SIZE = 262_144;
const CHAIN_ID = 'moloch-devnet';

/**
 * A local Moloch network: four validators, and nodes that serve clients over WebSocket. It is ours; no public network is known. Blocks are made by
 * `produce`, or by time. Everything but the nodes' nonces and times follows from the seed.
 */
export class MolochNet {
  readonly log = new RequestLog();
  readonly nodes: readonly MolochNode[];
  readonly consensus: DevConsensus;
  readonly #options: Required<Pick<MolochNetOptions, 'blockTime' | 'chunkSize' | 'clock' | 'seed'>> & MolochNetOptions;
  #connections = 0;
  #cancelTimer: () => void = () => undefined;
  #closed = false;

  private constructor(options: MolochNetOptions) {
    const { nodes = 4, port = 0, seed = 'moloch-test', blockTime = 0, genesisTime = GENESIS_TIME, chunkSize = CHUNK_SIZE, clock = systemClock } = options;
    this.#options = { ...options, seed, blockTime, chunkSize, clock };
    const told = (index: number) => this.nodes[index]!;
    this.consensus = new DevConsensus(
      { seed, nodes, genesisTime, now: blockTime > 0 ? () => clock.now() : undefined },
      {
        block: ({ index }, block) => told(index).onBlock(block),
        vote: ({ index }, block, vote) => told(index).onVote(block, vote),
        final: ({ index }, block) => told(index).onFinal(block),
      },
    );
    const nextConnection = () => (this.#connections += 1);
    const shared = { consensus: this.consensus, chainId: CHAIN_ID, chunkSize, clock, log: this.log, nextConnection };
    this.nodes = this.consensus.nodes.map(
      (self) => new MolochNode({ ...shared, self, key: keyOf(seed, 'node', self.index), random: seededRandom(seed, `moloch nonces ${self.index}`) }, port === 0 ? 0 : port + self.index),
    );
  }

  /** Throws `PortError`. */
  static async start(options: MolochNetOptions = {}): Promise<MolochNet> {
    const net = new MolochNet(options);
    await checkPorts(options.port ?? 0, net.nodes.length);
    if (options.blocks !== undefined && options.blocks > 0) net.consensus.produce(options.blocks);
    await Promise.all(net.nodes.map((node) => node.listen()));
    net.#schedule();
    return net;
  }

  /** The longest chain of the running nodes. */
  get chain(): readonly DevBlock[] {
    const [first, ...others] = this.consensus.nodes.filter(({ running }) => running);
    return others.reduce((best, { chain }) => (chain.length > best.length ? chain : best), first?.chain ?? [this.consensus.genesis]);
  }

  get network(): MolochNetwork {
    return this.networkWith();
  }

  /** The network's parameters, with a checkpoint at a final height if one is given. Throws `DevnetError` (`impossible`). */
  networkWith({ checkpoint }: { readonly checkpoint?: number } = {}): MolochNetwork {
    const { genesis, validators } = this.consensus;
    const file: MolochNetwork = {
      chain: 'moloch',
      name: `moloch-${genesis.hash.slice(0, 8)}`,
      chainId: CHAIN_ID,
      genesis: toHex(encodeBlock(genesis.block)),
      genesisHash: genesis.hash,
      validators: validators.map(({ key }) => key),
      seeds: this.nodes.map(({ address }) => address),
      ...(this.#options.blockTime > 0 ? { blockTime: this.#options.blockTime } : {}),
      development: true,
    };
    if (checkpoint === undefined || checkpoint === 0) return file;
    if (!this.consensus.nodes.some(({ final }) => final >= checkpoint)) throw new DevnetError('impossible', `block ${checkpoint} is not final`);
    const { manifest } = makeSnapshot(this.chain.slice(0, checkpoint + 1), { chainId: CHAIN_ID, validators: file.validators, chunkSize: this.#options.chunkSize });
    const { height, blockHash: hash, mmrRoot, validatorsHash, stateRoot, events: totalEvents } = manifest;
    return { ...file, checkpoint: { height, hash, mmrRoot, validatorsHash, stateRoot, totalEvents } };
  }

  /** Makes `n` blocks in every part of the network. Returns those of the first part. */
  produce(n: number): readonly DevBlock[] {
    return this.#made(this.consensus.produce(n));
  }

  /** See `DevConsensus.fork`. */
  fork(back: number, n: number): readonly DevBlock[] {
    return this.#made(this.consensus.fork(back, n));
  }

  /** See `DevConsensus.partition`. */
  partition(groups: readonly (readonly number[])[]): void {
    this.consensus.partition(groups);
  }

  async stopNode(index: number): Promise<void> {
    const { node, self } = this.#node(index);
    self.running = false;
    await node.close();
  }

  /** Brings it back on its port, with the chain of the nodes that it hears. */
  async startNode(index: number): Promise<void> {
    const { node, self } = this.#node(index);
    if (self.running) return;
    self.running = true;
    this.consensus.settle();
    await node.listen();
  }

  /** Adds a fault to a node, or takes all away with `none`. Throws `DevnetError`. */
  fault(index: number | 'all', fault: MolochFault | 'none', settings: FaultSettings = {}): void {
    if (fault !== 'none' && !isMolochFault(fault)) throw new DevnetError('unknown-fault', `no fault ${String(fault)}`);
    if ((fault === 'fork' || fault === 'bad-events-root') && settings.height === undefined) throw new DevnetError('impossible', `the fault ${fault} needs a height`);
    for (const at of index === 'all' ? this.nodes.keys() : [index]) {
      const { node, self } = this.#node(at);
      if (fault === 'none') node.faults.clear();
      else node.faults.set(fault, settings);
      self.withholds = node.faults.has('withheld-votes');
    }
  }

  info() {
    return {
      chainId: CHAIN_ID,
      genesisHash: this.consensus.genesis.hash,
      groups: this.consensus.groups,
      nodes: this.consensus.nodes.map(({ index, running, chain, final }) => ({
        node: index,
        address: this.nodes[index]!.address,
        running,
        height: chain.length - 1,
        hash: chain.at(-1)!.hash,
        final,
        clients: this.nodes[index]!.clients,
        faults: [...this.nodes[index]!.faults.keys()],
      })),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await Promise.all(this.nodes.map((node) => node.close()));
  }

  #made(blocks: readonly DevBlock[]): readonly DevBlock[] {
    this.#options.onBlocks?.(blocks);
    return blocks;
  }

  #node(index: number) {
    const [node, self] = [this.nodes[index], this.consensus.nodes[index]];
    if (node === undefined || self === undefined) throw new DevnetError('unknown-peer', `no node ${index}; there are ${this.nodes.length}`);
    return { node, self };
  }

  #schedule(): void {
    const { blockTime, clock } = this.#options;
    if (blockTime === 0 || this.#closed) return;
    this.#cancelTimer = clock.after(blockTime, () => {
      // Without a running validator there is no block, and the next one is tried in time.
      if (this.consensus.nodes.some((node) => node.running && this.consensus.validatorsOf(node).length > 0)) this.produce(1);
      this.#schedule();
    });
  }
}
