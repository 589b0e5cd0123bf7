import { emptyDiffRoot, emptyMicroBodyRoot, macroBodyRoot, microBodyRoot } from '../../src/chains/albatross/chain/hashes.ts';
import type { Policy } from '../../src/chains/albatross/chain/policy.ts';
import { transactionHash } from '../../src/chains/albatross/transactions/transaction-hash.ts';
import type { Trie } from '../../src/chains/albatross/proofs/build-trie.ts';
import type { HistoricEvent, HistoricTransaction } from '../../src/chains/albatross/wire/history.ts';
import type { Block, MacroBody, MicroBody, RewardTransaction, Transaction } from '../../src/chains/albatross/wire/types.ts';
import type { Hash } from '../../src/base/hash.ts';
import type { DevBlock } from '../dev-block.ts';
import { Accounts } from './accounts.ts';
import { extendHistory, NO_HISTORY, type BlockState } from './block-state.ts';
import { diffRoot } from './diff-root.ts';
import { execute } from './execute.ts';
import { give } from './transfers.ts';

/** The roots in a header, and the body that they are over. */
export interface BlockContent<Body> {
  /** Undefined: empty. */
  readonly body: Body | undefined;
  readonly stateRoot: Hash;
  readonly bodyRoot: Hash;
  readonly diffRoot: Hash;
  readonly historyRoot: Hash;
}

/** The place of a block that is being made or executed. */
export interface Place {
  readonly height: number;
  /** Unix milliseconds. */
  readonly time: number;
}

export interface LedgerOptions {
  readonly policy: Policy;
  readonly networkId: number;
  readonly genesisHash: Hash;
  readonly accounts: Trie;
}

/**
 * Executes blocks: accounts and history after each of them, on every branch. A state follows from a block's parent and body alone, so it
 * is computed when it is first needed and kept; blocks without events share their parent's.
 *
 * Simpler than the network, where no light client can see it: validators are not punished for skip blocks, and rewards are a fixed amount
 * for each block and the fees of the batch (`rewards.ts`).
 */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #states = new Map<Hash, BlockState>();

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#states.set(options.genesisHash, { height: options.policy.genesisNumber, accounts: options.accounts, history: NO_HISTORY, entries: [], included: undefined, fees: 0, feesBefore: 0 });
  }

  /** The state after the block. `byHash` finds the blocks that it stands on. */
  stateOf(block: DevBlock, byHash: (hash: Hash) => DevBlock | undefined): BlockState {
    const missing: DevBlock[] = [];
    let at: DevBlock | undefined = block;
    while (at && !this.#states.has(at.hash)) {
      missing.push(at);
      const { header }: Block = at.block;
      // In a made-up history the election blocks have unknown parents, and nothing happened between them.
      at = byHash(header.parentHash) ?? ('parentElectionHash' in header ? byHash(header.parentElectionHash) : undefined);
    }
    const base = at && this.#states.get(at.hash);
    if (!base) throw new Error(`the blocks that ${block.height} stands on are not here`);
    return missing.reduceRight((state, next) => {
      const after = this.#after(state, next.block, next.height);
      this.#states.set(next.hash, after);
      return after;
    }, base);
  }

  /** The content of a micro block with those of the transactions that can be included, in this order. */
  micro(parent: BlockState, place: Place, transactions: readonly Transaction[]): BlockContent<MicroBody> {
    const accounts = new Accounts(parent.accounts);
    const executed = transactions.flatMap((transaction) => execute(accounts, transaction, this.#context(place)) ?? []);
    const body: MicroBody = { equivocationProofs: [], transactions: executed };
    return this.#content(parent, place, accounts.root, executed.length === 0 ? undefined : body, executed.length === 0 ? emptyMicroBodyRoot : microBodyRoot(body), transactionEvents(body));
  }

  /** The content of a macro block that pays these rewards. */
  macro(parent: BlockState, place: Place, rewards: readonly RewardTransaction[]): BlockContent<MacroBody> {
    const accounts = new Accounts(parent.accounts);
    pay(accounts, rewards);
    const body: MacroBody = { transactions: rewards };
    return this.#content(parent, place, accounts.root, rewards.length === 0 ? undefined : body, macroBodyRoot(body), rewardEvents(body));
  }

  #content<Body>(parent: BlockState, place: Place, accounts: Trie, body: Body | undefined, bodyRoot: Hash, events: readonly HistoricEvent[]): BlockContent<Body> {
    const history = extendHistory(this.#historyBefore(parent, place.height), this.#entries(place, events));
    return { body, bodyRoot, stateRoot: accounts.hash, diffRoot: accounts === parent.accounts ? emptyDiffRoot : diffRoot(parent.accounts, accounts), historyRoot: history.root };
  }

  #after(parent: BlockState, { header, body }: Block, height: number): BlockState {
    const place = { height, time: header.timestamp };
    const accounts = new Accounts(parent.accounts);
    const micro = body && 'equivocationProofs' in body ? body : undefined;
    const macro = body && !micro ? (body as MacroBody) : undefined;
    for (const { transaction } of micro?.transactions ?? []) execute(accounts, transaction, this.#context(place));
    if (macro) pay(accounts, macro.transactions);
    const entries = this.#entries(place, micro ? transactionEvents(micro) : macro ? rewardEvents(macro) : []);
    const transactions = micro?.transactions ?? [];
    const fees = parent.fees + transactions.reduce((sum, { transaction }) => sum + transaction.fee, 0);
    const closes = this.#options.policy.isMacro(height);
    return {
      height,
      accounts: accounts.root,
      history: extendHistory(this.#historyBefore(parent, height), entries),
      entries,
      included: transactions.length === 0 ? parent.included : { height, hashes: new Set(transactions.map(({ transaction }) => transactionHash(transaction))), before: parent.included },
      fees: closes ? 0 : fees,
      feesBefore: closes ? fees : parent.feesBefore,
    };
  }

  /** The history that the block at `height` adds to: a new one in every epoch. */
  #historyBefore(parent: BlockState, height: number): BlockState['history'] {
    const { policy } = this.#options;
    return policy.epochAt(height) === policy.epochAt(parent.height) ? parent.history : NO_HISTORY;
  }

  #entries({ height, time }: Place, events: readonly HistoricEvent[]): readonly HistoricTransaction[] {
    return events.map((event) => ({ network: this.#options.networkId, blockNumber: height, blockTime: time, event }));
  }

  #context(place: Place): Parameters<typeof execute>[2] {
    const { policy } = this.#options;
    return { ...place, nextElection: policy.electionBlockAfter(place.height), blocksPerEpoch: policy.blocksPerEpoch };
  }
}

function pay(accounts: Accounts, rewards: readonly RewardTransaction[]): void {
  for (const { recipient, value } of rewards) give(accounts, recipient, value);
}

function transactionEvents({ transactions }: MicroBody): readonly HistoricEvent[] {
  return transactions.map((executed) => ({ type: 'basic', executed }));
}

function rewardEvents({ transactions }: MacroBody): readonly HistoricEvent[] {
  return transactions.map(({ validatorAddress, recipient, value }) => ({ type: 'reward', validatorAddress, rewardAddress: recipient, value }));
}
