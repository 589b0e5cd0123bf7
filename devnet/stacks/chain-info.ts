import { toHex } from '../../src/base/bytes.ts';
import { pathOfKey } from '../../src/chains/stacks/proofs/marf-hash.ts';
import { serialisedHex, stateKeyText } from '../../src/chains/stacks/proofs/state-key.ts';
import { belowTenures } from './apply-faults.ts';
import { backFrom } from './dev-block.ts';
import { noteKey, uint } from './demo-contract.ts';
import { balanceOf, nonceOf } from './dev-state.ts';
import type { StacksChain } from './stacks-chain.ts';

/** Blocks whose transactions are listed. */
const RECENT = 20;

/** A key of each kind of the demo contract. `owner`: of its tokens and asset. */
function demoKeys(contract: string, owner: string): readonly string[] {
  const one = serialisedHex(uint(1n));
  return [
    stateKeyText({ kind: 'contract', contract }),
    stateKeyText({ kind: 'variable', contract, name: 'counter' }),
    stateKeyText({ kind: 'variable', contract, name: 'greeting' }),
    noteKey(contract, 1n),
    stateKeyText({ kind: 'token-balance', contract, name: 'gold', owner }),
    stateKeyText({ kind: 'token-supply', contract, name: 'gold' }),
    stateKeyText({ kind: 'asset-owner', contract, name: 'badge', asset: one }),
  ];
}

/** What `{"do":"info"}` tells of the main chain. Amounts are decimal texts of microSTX. */
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
    state: demoKeys(chain.demo, chain.tokenOwner).map((key) => ({ key, path: toHex(pathOfKey(key)), value: state.get(key) })),
    transactions: [...backFrom(tip)].slice(0, RECENT).flatMap(({ transactions, transactionIds, height }) => transactions.map(({ kind }, i) => ({ txid: transactionIds[i]!, kind, height }))),
  };
}
