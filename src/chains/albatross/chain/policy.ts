/**
 * The arithmetic of heights on one network. The genesis block is the election block of epoch 0 and of batch 0; the validators elected
 * in the election block of epoch e are active in all blocks of epoch e + 1, the election block that ends it included.
 * Albatross block reference, section 3.
 */
export interface Policy {
  readonly genesisNumber: number;
  readonly blocksPerBatch: number;
  readonly batchesPerEpoch: number;
  readonly blocksPerEpoch: number;
  /** 0 at and below genesis. */
  epochAt(height: number): number;
  /** 0 at and below genesis. */
  batchAt(height: number): number;
  /** Position in its epoch from 0; the election block is the last. For heights at or above genesis. */
  epochIndexAt(height: number): number;
  /** Position in its batch from 0; the macro block is the last. For heights at or above genesis. */
  batchIndexAt(height: number): number;
  /** False below genesis. */
  isMacro(height: number): boolean;
  /** False below genesis. */
  isElection(height: number): boolean;
  /** False below genesis. */
  isMicro(height: number): boolean;
  /** The first election height strictly above; genesis below genesis. */
  electionBlockAfter(height: number): number;
  /** The first macro height strictly above; genesis below genesis. */
  macroBlockAfter(height: number): number;
  /** The last election height strictly below. At or below genesis there is none: the answer is genesis itself. */
  electionBlockBefore(height: number): number;
  /** The last macro height strictly below. At or below genesis there is none: the answer is genesis itself. */
  macroBlockBefore(height: number): number;
  /** The last election height at or below; genesis below genesis. */
  lastElectionBlock(height: number): number;
  /** The last macro height at or below; genesis below genesis. */
  lastMacroBlock(height: number): number;
  /** The election block that ends the epoch. */
  electionBlockOf(epoch: number): number;
  /** The macro block that ends the batch. */
  macroBlockOf(batch: number): number;
  /** The first block of the epoch (1 and up). */
  firstBlockOfEpoch(epoch: number): number;
  /** The first block of the batch (1 and up). */
  firstBlockOfBatch(batch: number): number;
}

/** The numbers that the arithmetic depends on. */
export interface PolicyNumbers {
  readonly genesisNumber: number;
  readonly blocksPerBatch: number;
  readonly batchesPerEpoch: number;
}

/** The policy for given numbers. */
export function policyWith({ genesisNumber, blocksPerBatch, batchesPerEpoch }: PolicyNumbers): Policy {
  const blocksPerEpoch = blocksPerBatch * batchesPerEpoch;
  const above = (height: number) => Math.max(0, height - genesisNumber);
  const last = (height: number, period: number) => Math.floor(above(height) / period) * period + genesisNumber;
  const after = (height: number, period: number) => (height < genesisNumber ? genesisNumber : last(height, period) + period);
  const isEnd = (height: number, period: number) => height >= genesisNumber && (height - genesisNumber) % period === 0;
  return {
    genesisNumber,
    blocksPerBatch,
    batchesPerEpoch,
    blocksPerEpoch,
    epochAt: (height) => Math.ceil(above(height) / blocksPerEpoch),
    batchAt: (height) => Math.ceil(above(height) / blocksPerBatch),
    epochIndexAt: (height) => (above(height) + blocksPerEpoch - 1) % blocksPerEpoch,
    batchIndexAt: (height) => (above(height) + blocksPerBatch - 1) % blocksPerBatch,
    isMacro: (height) => isEnd(height, blocksPerBatch),
    isElection: (height) => isEnd(height, blocksPerEpoch),
    isMicro: (height) => height >= genesisNumber && !isEnd(height, blocksPerBatch),
    electionBlockAfter: (height) => after(height, blocksPerEpoch),
    macroBlockAfter: (height) => after(height, blocksPerBatch),
    electionBlockBefore: (height) => last(height - 1, blocksPerEpoch),
    macroBlockBefore: (height) => last(height - 1, blocksPerBatch),
    lastElectionBlock: (height) => last(height, blocksPerEpoch),
    lastMacroBlock: (height) => last(height, blocksPerBatch),
    electionBlockOf: (epoch) => epoch * blocksPerEpoch + genesisNumber,
    macroBlockOf: (batch) => batch * blocksPerBatch + genesisNumber,
    firstBlockOfEpoch: (epoch) => (epoch - 1) * blocksPerEpoch + 1 + genesisNumber,
    firstBlockOfBatch: (batch) => (batch - 1) * blocksPerBatch + 1 + genesisNumber,
  };
}
