// Tests: `devnet/stacks/stacks-chain.test.ts`.
import { createHash } from 'node:crypto';
import type { Hash } from '../../src/base/hash.ts';
import { consensusHashOf } from '../../src/chains/stacks/chain/consensus-hash.ts';
import { cycleOf, type CycleRules } from '../../src/chains/stacks/chain/cycles.ts';

/** Who won a sortition, and what the winner committed to. */
export interface Winner {
  /** Number of the miner. */
  readonly miner: number;
  /** Hash160 of the miner's key: 40 hex digits. */
  readonly keyHash: string;
  /** The first block of the parent tenure; before Nakamoto: the hash of the winner's own block. */
  readonly committed: Hash;
  /** Consensus hash of the parent tenure. */
  readonly parentTenure: string;
}

/** An invented Bitcoin block, and what the Stacks operations in it decide. */
export interface Sortition {
  readonly burnHeight: number;
  readonly burnHash: Hash;
  /** Unix seconds. */
  readonly burnTime: number;
  readonly opsHash: Hash;
  readonly totalBurn: bigint;
  readonly poxId: string;
  /** 40 hex digits. */
  readonly consensusHash: string;
  readonly sortitionId: Hash;
  readonly parentSortitionId: Hash;
  readonly winner: Winner | undefined;
  /** Consensus hash of the last sortition before it with a winner; undefined: there is none. */
  readonly lastWinner: string | undefined;
  readonly vrfSeed: Hash;
}

export interface NextSortition {
  readonly rules: CycleRules;
  /** The Bitcoin blocks are invented from it. */
  readonly seed: string;
  /** Tells Bitcoin blocks of one height apart. */
  readonly salt: string;
  readonly time: number;
  readonly winner: Winner | undefined;
}

/** Satoshis that a winner spends. */
const BURN = 1000n;

const hashOf = (...parts: readonly (string | number)[]): Hash => createHash('sha256').update(parts.join('/')).digest('hex');

/** The sortition after these, which begin at the first burn height. */
export function nextSortition(earlier: readonly Sortition[], { rules, seed, salt, time, winner }: NextSortition): Sortition {
  const index = earlier.length;
  const burnHeight = rules.firstBurnHeight + index;
  const last = earlier.at(-1);
  const burnHash = hashOf(seed, 'burn', burnHeight, salt);
  const opsHash = hashOf(burnHash, winner?.keyHash ?? '', winner?.committed ?? '');
  const totalBurn = (last?.totalBurn ?? 0n) + (winner ? BURN : 0n);
  const poxId = '1'.repeat(cycleOf(burnHeight, rules) + 1);
  const consensusHash = consensusHashOf({ burnHeaderHash: burnHash, opsHash, totalBurn, poxId }, index, (height) => earlier[height]!.consensusHash);
  return {
    burnHeight, burnHash, burnTime: time, opsHash, totalBurn, poxId, consensusHash,
    sortitionId: hashOf(burnHash, 'sortition'),
    parentSortitionId: last?.sortitionId ?? '0'.repeat(64),
    winner,
    lastWinner: last?.winner ? last.consensusHash : last?.lastWinner,
    vrfSeed: hashOf(burnHash, 'vrf'),
  };
}
