// Tests: `test/keys/official-transactions.test.ts`.
import { MINIMUM_STAKE, TOTAL_SUPPLY, VALIDATOR_DEPOSIT } from '../chains/albatross/transactions/verify-transaction.ts';
import { integerOf } from './amounts.ts';
import { Freeable } from './freeable.ts';
import { KeysError } from './keys-error.ts';
import { policyOfNetwork, validityOf } from './network-policy.ts';

/** The id of main-albatross. */
const MAIN_NETWORK = 24;
const MAX_U32 = 0xffff_ffff;
const SLOTS = 512;
/** Epochs. */
const JAIL_EPOCHS = 8;
/** The share of a batch's reward that is left however late it ends. */
const MINIMUM_REWARDS = 0.5;
/** The rest of the reward after a delay of t milliseconds: this to the power of t squared. Reproduces `@nimiq/core` 2.21.0. */
const REWARDS_DECAY = 0.999_999_998_9;
/** What is still to be paid out of the total supply after t milliseconds: this to the power of t. Reproduces `@nimiq/core` 2.21.0. */
const SUPPLY_DECAY = 0.999_999_999_996_026_4;

const main = policyOfNetwork(MAIN_NETWORK);
const { validityWindowBlocks } = validityOf(MAIN_NETWORK);

const heightOf = (height: number) => integerOf(height, MAX_U32, 'height');
/** The last height there is, where the sum would be above. */
const later = (height: number, blocks: number) => Math.min(MAX_U32, heightOf(height) + blocks);
/** No height above the last one. */
const within = (height: number) => (height > MAX_U32 ? undefined : height);

/** By squaring, not by `**`: nodes round at each step, and the last digits of a supply come from that. `exponent`: 0 or more. */
function power(base: number, exponent: bigint): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result *= square;
    square *= square;
  }
  return result;
}

/** Of a height that has a macro block before it. */
function after(first: number, height: number): number {
  if (heightOf(height) < first) throw new KeysError('out-of-range', `height: expected ${first} or more, got ${height}`);
  return height;
}

/**
 * The constants and the arithmetic of main-albatross, as the official client's main thread has them; `policyOfNetwork` has those of other
 * networks. Heights and numbers of epochs and batches are integers of 32 bits; others throw `KeysError` `out-of-range`.
 */
export class Policy extends Freeable {
  private constructor() {
    super();
  }

  static readonly GENESIS_BLOCK_NUMBER: number = main.genesisNumber;
  static readonly BLOCKS_PER_BATCH: number = main.blocksPerBatch;
  static readonly BATCHES_PER_EPOCH: number = main.batchesPerEpoch;
  static readonly BLOCKS_PER_EPOCH: number = main.blocksPerEpoch;
  static readonly MAX_SUPPORTED_VERSION: number = 2;
  /** Nodes of the accounts trie. */
  static readonly STATE_CHUNKS_MAX_SIZE: number = 1000;
  /** Batches. */
  static readonly TRANSACTION_VALIDITY_WINDOW: number = validityWindowBlocks / main.blocksPerBatch;
  static readonly TRANSACTION_VALIDITY_WINDOW_BLOCKS: number = validityWindowBlocks;
  /** Milliseconds. */
  static readonly BLOCK_SEPARATION_TIME: bigint = 1000n;
  static readonly BLS_CACHE_MAX_CAPACITY: number = 1000;
  static readonly COINBASE_ADDRESS: string = 'NQ81 C01N BASE 0000 0000 0000 0000 0000 0000';
  static readonly F_PLUS_ONE: number = Math.ceil(SLOTS / 3);
  /** Bytes. */
  static readonly HISTORY_CHUNKS_MAX_SIZE: bigint = 26_214_400n;
  static readonly JAIL_EPOCHS: number = JAIL_EPOCHS;
  /** Bytes. */
  static readonly MAX_SIZE_MICRO_BODY: number = 100_000;
  /** Milliseconds. */
  static readonly MIN_PRODUCER_TIMEOUT: bigint = 4000n;
  static readonly MIN_EPOCHS_STORED: number = 1;
  static readonly MINIMUM_REWARDS_PERCENTAGE: number = MINIMUM_REWARDS;
  /** Luna; the least stake of a staker. Not in the official class. */
  static readonly MINIMUM_STAKE: bigint = BigInt(MINIMUM_STAKE);
  static readonly SLOTS: number = SLOTS;
  static readonly STAKING_CONTRACT_ADDRESS: string = 'NQ77 0000 0000 0000 0000 0000 0000 0000 0001';
  /** Milliseconds. */
  static readonly TIMESTAMP_MAX_DRIFT: bigint = 600_000n;
  /** Luna. */
  static readonly TOTAL_SUPPLY: bigint = BigInt(TOTAL_SUPPLY);
  static readonly TWO_F_PLUS_ONE: number = Math.ceil((SLOTS * 2) / 3);
  /** Luna. */
  static readonly VALIDATOR_DEPOSIT: bigint = BigInt(VALIDATOR_DEPOSIT);

  static batchAt(height: number): number {
    return main.batchAt(heightOf(height));
  }

  /** The share of the reward, 1 to a half, that is left when a batch ends `delay` milliseconds late. */
  static batchDelayPenalty(delay: bigint): number {
    return (1 - MINIMUM_REWARDS) * power(power(REWARDS_DECAY, delay), delay) + MINIMUM_REWARDS;
  }

  /** Below genesis, the height itself. */
  static batchIndexAt(height: number): number {
    return heightOf(height) < main.genesisNumber ? height : main.batchIndexAt(height);
  }

  static blockAfterCollateralLockup(height: number): number {
    return later(height, main.blocksPerEpoch + 1);
  }

  static blockAfterJail(height: number): number {
    return later(height, main.blocksPerEpoch * JAIL_EPOCHS + 1);
  }

  /** The old name of `blockAfterCollateralLockup`. */
  static blockAfterReportingWindow(height: number): number {
    return Policy.blockAfterCollateralLockup(height);
  }

  static electionBlockAfter(height: number): number {
    return Math.min(MAX_U32, main.electionBlockAfter(heightOf(height)));
  }

  /** Of a height from genesis on; of genesis, genesis itself. */
  static electionBlockBefore(height: number): number {
    return main.electionBlockBefore(after(main.genesisNumber, height));
  }

  static electionBlockOf(epoch: number): number | undefined {
    return within(main.electionBlockOf(heightOf(epoch)));
  }

  static epochAt(height: number): number {
    return main.epochAt(heightOf(height));
  }

  /** Below genesis, the height itself. */
  static epochIndexAt(height: number): number {
    return heightOf(height) < main.genesisNumber ? height : main.epochIndexAt(height);
  }

  /** Whether the height is in the first batch of its epoch. */
  static firstBatchOfEpoch(height: number): boolean {
    return Policy.epochIndexAt(height) < main.blocksPerBatch;
  }

  /** Of an epoch from 1 on. */
  static firstBlockOf(epoch: number): number | undefined {
    return heightOf(epoch) === 0 ? undefined : within(main.firstBlockOfEpoch(epoch));
  }

  /** Of a batch from 1 on. */
  static firstBlockOfBatch(batch: number): number | undefined {
    return heightOf(batch) === 0 ? undefined : within(main.firstBlockOfBatch(batch));
  }

  static isElectionBlockAt(height: number): boolean {
    return main.isElection(heightOf(height));
  }

  static isMacroBlockAt(height: number): boolean {
    return main.isMacro(heightOf(height));
  }

  static isMicroBlockAt(height: number): boolean {
    return main.isMicro(heightOf(height));
  }

  static lastBlockOfCollateralLockup(height: number): number {
    return later(height, main.blocksPerEpoch);
  }

  static lastBlockOfEquivocationReportingWindow(height: number): number {
    return later(height, validityWindowBlocks);
  }

  /** The old name of `lastBlockOfCollateralLockup`. */
  static lastBlockOfReportingWindow(height: number): number {
    return Policy.lastBlockOfCollateralLockup(height);
  }

  /** Of a height from genesis on. */
  static lastElectionBlock(height: number): number {
    return main.lastElectionBlock(after(main.genesisNumber, height));
  }

  /** Of a height from genesis on. */
  static lastMacroBlock(height: number): number {
    return main.lastMacroBlock(after(main.genesisNumber, height));
  }

  static macroBlockAfter(height: number): number {
    return Math.min(MAX_U32, main.macroBlockAfter(heightOf(height)));
  }

  /** Of a height above genesis. */
  static macroBlockBefore(height: number): number {
    return main.macroBlockBefore(after(main.genesisNumber + 1, height));
  }

  static macroBlockOf(batch: number): number | undefined {
    return within(main.macroBlockOf(heightOf(batch)));
  }

  /** The supply in Luna at a time (unix milliseconds), from what there was at the genesis of the chain. */
  static supplyAt(genesisSupply: bigint, genesisTime: bigint, currentTime: bigint): bigint {
    if (currentTime < genesisTime) throw new KeysError('out-of-range', `time: expected ${genesisTime} or later, got ${currentTime}`);
    const toCome = TOTAL_SUPPLY - Number(genesisSupply);
    return Policy.TOTAL_SUPPLY - BigInt(Math.trunc(toCome * power(SUPPLY_DECAY, currentTime - genesisTime)));
  }
}
