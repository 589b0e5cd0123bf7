import { toHex } from '../../src/base/bytes.ts';
import { belowTenures } from './apply-faults.ts';
import { backFrom } from './dev-block.ts';
import { balanceOf, nonceOf } from './dev-state.ts';
import type { StacksChain } from './stacks-chain.ts';

/** Blocks whose transactions are listed. */
const RECENT = 20;

/** What `{"do":"info"}` tells of the main chain. Amounts are decimal texts of micro-STX. */
export function chainInfo(chain: StacksChain) {
  const { tip, sortitions } = chain.main;
  const newest = sortitions.at(-1)!;
  const state = { get: (key: string) => chain.valueAt(tip, key) };
  return {
    height: tip.height,
    hash: tip.id,
    consensusHash: tip.tenure.consensusHash,
    burnHeight: newest.burnHeight,
    cycle: chain.cycleOf(newest),
    /** Height of the newest block on which two later tenures are. */
    confirmed: belowTenures(tip, 2).height,
    genesisHash: chain.lastEpoch2.id,
    contract: chain.demo,
    accounts: chain.users.map(({ address, secret }) => {
      const { unlocked, locked } = balanceOf(state, address);
      return { address, privateKey: toHex(secret), balance: String(unlocked), locked: String(locked), nonce: nonceOf(state, address) };
    }),
    transactions: [...backFrom(tip)].slice(0, RECENT).flatMap(({ transactions, transactionIds, height }) => transactions.map(({ kind }, i) => ({ txid: transactionIds[i]!, kind, height }))),
  };
}
