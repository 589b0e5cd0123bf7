import { loadGenesis } from '../src/chains/albatross/chain/genesis.ts';
import type { NetworkParameters } from '../src/chains/albatross/chain/network.ts';
import { policyOf } from '../src/chains/albatross/chain/policy-of.ts';
import type { Policy } from '../src/chains/albatross/chain/policy.ts';
import type { BitSet, Block, MacroBlock, Transaction } from '../src/chains/albatross/wire/types.ts';
import type { Hash } from '../src/base/hash.ts';
import { devBlock } from './dev-block.ts';
import type { ChainView, DevBlock } from './dev-block.ts';
import { branchUpTo, branchWins } from './fork-choice.ts';
import { ALL_SLOTS, makeMacro, makeMicro, makeSkip, type Choices, type Ground } from './make-block.ts';
import type { BlockState } from './ledger/block-state.ts';
import { genesisAccounts, type GenesisAccounts } from './ledger/genesis-accounts.ts';
import { Ledger } from './ledger/ledger.ts';
import { rewardsFor } from './ledger/rewards.ts';
import { seededRandom } from './seeded-random.ts';
import { electedBySeed, randomSigners, type ValidatorPool } from './validator-pool.ts';
import { keysId, type DevValidator } from './validators.ts';

export interface ChainOptions {
  readonly network: NetworkParameters;
  readonly seed: string;
  /** Validators of epoch 1. */
  readonly genesisValidators: readonly DevValidator[];
  /** Elected in every election block. If undefined, `pool` draws them. */
  readonly electedValidators?: readonly DevValidator[] | undefined;
  /**
   * Every election draws new validators from the pool, and a random majority of slots signs. Without a pool, the same validators
   * are always elected and all sign.
   */
  readonly pool?: ValidatorPool | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Accounts and history. Shared by chains that stand on the same genesis block. */
  readonly ledger?: Ledger | undefined;
  /** Accounts after the genesis block, unit-albatross' by default. */
  readonly genesisAccounts?: GenesisAccounts | undefined;
}

/** Result of adding a block: whether it is on the main chain now, and the blocks that this adopted and reverted, in ascending order. */
export interface Taken {
  readonly main: boolean;
  readonly adopted: readonly DevBlock[];
  readonly reverted: readonly DevBlock[];
}

/**
 * The chain and its block maker. `next` makes a block. `take` adds a block as the network would, by fork choice. `add` makes a
 * block the new head, whatever it replaces; the block must build on the main chain.
 */
export class DevChain implements ChainView {
  readonly policy: Policy;
  readonly network: NetworkParameters;
  /** Block version that the next election blocks step up to, one version per election block. */
  targetVersion: number | undefined;
  readonly #options: ChainOptions;
  readonly #ledger: Ledger;
  readonly #main = new Map<number, DevBlock>();
  readonly #byHash = new Map<Hash, DevBlock>();
  /** Validators with their secrets, by public keys. */
  readonly #keys = new Map<string, DevValidator>();
  /** Elected validators by election block hash, for each block looked up so far. */
  readonly #elected = new Map<Hash, readonly DevValidator[]>();
  #head: DevBlock;
  #macroHead: DevBlock;
  #electionHead: DevBlock;

  constructor(options: ChainOptions) {
    this.#options = options;
    this.network = options.network;
    this.policy = policyOf(options.network);
    const genesis = devBlock({ ...loadGenesis(options.network), body: undefined });
    this.#main.set(genesis.height, genesis);
    this.#byHash.set(genesis.hash, genesis);
    this.#ledger =
      options.ledger ?? new Ledger({ policy: this.policy, networkId: options.network.networkId, genesisHash: genesis.hash, accounts: (options.genesisAccounts ?? genesisAccounts(options.network)).root });
    this.#head = genesis;
    this.#macroHead = genesis;
    this.#electionHead = genesis;
    for (const set of [options.genesisValidators, options.electedValidators, options.pool?.members]) this.rememberKeys(set ?? []);
  }

  get head(): DevBlock {
    return this.#head;
  }

  get macroHead(): DevBlock {
    return this.#macroHead;
  }

  get electionHead(): DevBlock {
    return this.#electionHead;
  }

  at(height: number): DevBlock | undefined {
    return this.#main.get(height);
  }

  byHash(hash: Hash): DevBlock | undefined {
    return this.#byHash.get(hash);
  }

  electionHashAt(height: number): Hash | undefined {
    return this.at(height)?.hash;
  }

  onMain(block: DevBlock): boolean {
    return this.#main.get(block.height)?.hash === block.hash;
  }

  /** Accounts and history after a block that stands on blocks known here, or found by `also`. */
  stateOf(block: DevBlock, also: (hash: Hash) => DevBlock | undefined = () => undefined): BlockState {
    return this.#ledger.stateOf(block, (hash) => this.#byHash.get(hash) ?? also(hash));
  }

  /** Number of known blocks, on all branches. */
  get known(): number {
    return this.#byHash.size;
  }

  /** Lets the chain sign for these validators when an election block names their keys. */
  rememberKeys(set: readonly DevValidator[]): void {
    for (const member of set) this.#keys.set(keysId(member.validator), member);
  }

  /** The validators active at `height` with their secrets: those elected by the election block before it. */
  validatorsAt(height: number): readonly DevValidator[] {
    const election = this.#main.get(this.policy.electionBlockBefore(height));
    const known = election && this.#elected.get(election.hash);
    if (known) return known;
    const named = election?.block.type === 'macro' ? (election.block.header.validators ?? []) : [];
    const found = named.flatMap((validator) => {
      const member = this.#keys.get(keysId(validator));
      return member ? [{ ...member, validator }] : [];
    });
    if (!election || found.length === 0 || found.length < named.length) throw new Error(`no secrets for the validators active at ${height}`);
    // Two blocks with one hash can name different signing keys (a fault does this), but never on the same chain.
    this.#elected.set(election.hash, found);
    return found;
  }

  #elect = (seed: Uint8Array): readonly DevValidator[] => {
    const { electedValidators, pool } = this.#options;
    if (!electedValidators && !pool) throw new Error('nobody can be elected');
    return electedValidators ?? electedBySeed(pool!, seed);
  };

  /** The inputs for the block on top of `parent` (a main chain block). */
  groundOn(parent: DevBlock): Ground {
    const election = this.#macroAtOrBefore(parent.height, this.policy.lastElectionBlock(parent.height));
    return {
      policy: this.policy,
      parent: parent.block,
      parentHash: parent.hash,
      macroHead: this.#macroAtOrBefore(parent.height, this.policy.lastMacroBlock(parent.height)).block as MacroBlock,
      electionHead: election.block as MacroBlock,
      electionHash: election.hash,
      validators: this.validatorsAt(parent.height + 1),
    };
  }

  #macroAtOrBefore(height: number, macroHeight: number): DevBlock {
    const found = this.#main.get(macroHeight);
    if (!found) throw new Error(`block ${macroHeight}, which ${height} stands on, is not here`);
    return found;
  }

  /** Version of the block at `height` on top of `parent`. An election block may be one version higher. */
  versionAt(height: number, parent: DevBlock): number {
    const version = parent.block.header.version;
    return this.targetVersion !== undefined && this.policy.isElection(height) && this.targetVersion > version ? version + 1 : version;
  }

  /**
   * Makes the block on top of `parent` (default: the head) without adding it. `transactions`: what a micro block is to hold; those that
   * cannot even pay their fee are left out.
   */
  next(options: { readonly skip?: boolean; readonly parent?: DevBlock; readonly timestamp?: number; readonly choice?: string; readonly transactions?: readonly Transaction[] } = {}): DevBlock {
    const parent = options.parent ?? this.#head;
    const height = parent.height + 1;
    const ground = this.groundOn(parent);
    const skip = options.skip === true && !this.policy.isMacro(height);
    const choice = options.choice ?? '';
    const choices = {
      height,
      timestamp: skip ? parent.block.header.timestamp + this.network.minProducerTimeout : (options.timestamp ?? Math.max(parent.block.header.timestamp, Math.floor(this.#options.now()))),
      version: this.versionAt(height, parent),
      // The same in all networks of one genesis, so that a process signs their seeds once. The extra data differs, so their blocks have different hashes.
      random64: seededRandom('vrf', `${height}/${choice}`).bytes(64),
      extraData: seededRandom(this.#options.seed, `extra/${choice}`).bytes(8),
      signers: this.#signers(height, parent),
    };
    const made = devBlock(this.#make(ground, choices, { skip, state: this.stateOf(parent), transactions: options.transactions ?? [] }));
    // Kept now, because the next block of a branch may be made before this one is added.
    this.stateOf(made, (hash) => (hash === parent.hash ? parent : undefined));
    return made;
  }

  #make(ground: Ground, choices: Choices, { skip, state, transactions }: { readonly skip: boolean; readonly state: BlockState; readonly transactions: readonly Transaction[] }): Block {
    const { height, timestamp: time } = choices;
    if (skip) return makeSkip(ground, choices, this.#ledger.micro(state, { height, time }, []));
    if (!this.policy.isMacro(height)) return makeMicro(ground, choices, this.#ledger.micro(state, { height, time }, transactions));
    return makeMacro(ground, choices, this.#ledger.macro(state, { height, time }, this.#rewards(state, height)), this.policy.isElection(height) ? this.#elect : undefined);
  }

  /** The macro block at `height` pays for the batch before the one that it closes. The first batch of all has none before it. */
  #rewards(state: BlockState, height: number): ReturnType<typeof rewardsFor> {
    const { blocksPerBatch } = this.policy;
    const batchBefore = height - blocksPerBatch;
    return batchBefore > this.policy.genesisNumber ? rewardsFor(state, this.validatorsAt(batchBefore), blocksPerBatch) : [];
  }

  #signers(height: number, parent: DevBlock): BitSet {
    return this.#options.pool ? randomSigners(this.#options.seed, `${height}/${parent.hash}`) : ALL_SLOTS;
  }

  /** Adds a block by fork choice, as every node does: on top of the head, as a branch that wins, or as a branch that does not win yet. */
  take(block: DevBlock): Taken {
    const parent = this.#byHash.get(block.block.header.parentHash);
    // In a made-up history the election blocks have unknown parents.
    if (!parent || parent === this.#head) return { main: true, adopted: [block], reverted: this.add(block) };
    const branch = branchUpTo(block, this);
    if (!branchWins(branch, this)) {
      this.#byHash.set(block.hash, block);
      return { main: false, adopted: [], reverted: [] };
    }
    const reverted = this.add(branch[0]!);
    for (const next of branch.slice(1)) this.add(next);
    return { main: true, adopted: branch, reverted };
  }

  /** Makes `added` the head. Returns the blocks that left the main chain, in ascending order. */
  add(added: DevBlock): readonly DevBlock[] {
    const reverted: DevBlock[] = [];
    for (let height = added.height; height <= this.#head.height; height++) {
      const old = this.#main.get(height);
      if (old) reverted.push(old);
      this.#main.delete(height);
    }
    this.#main.set(added.height, added);
    this.#byHash.set(added.hash, added);
    this.#head = added;
    this.#macroHead = this.#main.get(this.policy.lastMacroBlock(added.height)) ?? this.#macroHead;
    this.#electionHead = this.#main.get(this.policy.lastElectionBlock(added.height)) ?? this.#electionHead;
    return reverted;
  }

  /** A separate chain with the same blocks up to `height`, which elects `elected` after that. */
  branch(height: number, elected: readonly DevValidator[]): DevChain {
    const branch = new DevChain({ ...this.#options, ledger: this.#ledger, seed: `${this.#options.seed}/branch`, electedValidators: elected });
    branch.rememberKeys([...this.#keys.values()]);
    branch.targetVersion = this.targetVersion;
    for (const [at, block] of this.#main) if (at > branch.head.height && at <= height) branch.add(block);
    return branch;
  }

  /** Makes and adds one block. */
  produce(options: { readonly skip?: boolean; readonly timestamp?: number } = {}): DevBlock {
    const made = this.next(options);
    this.add(made);
    return made;
  }

  /** The election block one epoch after `election`, made without the blocks between: its parent hash refers to no block. */
  sparseElection(election: DevBlock, timestamp: number): DevBlock {
    const height = election.height + this.policy.blocksPerEpoch;
    const random = seededRandom(this.#options.seed, `sparse/${height}`);
    const unknownParent = Buffer.from(random.bytes(32)).toString('hex');
    const ground = this.groundOn(election);
    // Without the parent block the slot rule cannot choose the proposer, so any validator will do.
    const proposer = ground.validators[Math.floor(random.next() * ground.validators.length)];
    const choices = { height, timestamp, version: this.versionAt(height, election), random64: random.bytes(64), extraData: new Uint8Array(0), signers: this.#signers(height, election) };
    const content = this.#ledger.macro(this.stateOf(election), { height, time: timestamp }, []);
    return devBlock(makeMacro({ ...ground, parentHash: unknownParent }, choices, content, this.#elect, proposer));
  }
}
