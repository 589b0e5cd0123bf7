/**
 * The local network's chain as a peer serves its inventories: with the tables by tip that a node keeps (Stacks reference, 6: InvGenerator).
 * Tests: `devnet/stacks/served-network.test.ts`.
 * @module
 */
import { cycleOf } from '../../src/chains/stacks/chain/cycles.ts';
import { InventoryGenerator } from '../../src/chains/stacks/chain/inventory-generator.ts';
import { recoverableSigner } from '../../src/crypto/secp256k1-sign.ts';
import { NETWORK_ID, PEER_VERSION, STABLE } from './answer-bitcoin.ts';
import { backFrom, type DevBlock } from './dev-block.ts';
import { keyOf } from './dev-key.ts';
import type { ScriptedPeerOptions } from './scripted-peer.ts';
import type { ServedChain } from './served-inventories.ts';
import type { StacksChain } from './stacks-chain.ts';

/** What a peer of a local network needs; it has the key that the gateways name as their node's. */
export function peerOptionsOf(chain: StacksChain): ScriptedPeerOptions {
  return { chain: servedChainOf(chain), network: { networkId: NETWORK_ID, peerVersion: PEER_VERSION, confirmations: STABLE }, signer: recoverableSigner(keyOf(chain.options.seed, 'node', 0).secret) };
}

/** Of the main branch, as it is when it is asked. */
export function servedChainOf(chain: StacksChain): ServedChain {
  const { rules } = chain.options;
  const generator = new InventoryGenerator({
    blockOf: (id) => {
      const block = chain.blocks.get(id);
      return block && { parentId: block.parentId, tenureId: block.tenure.consensusHash };
    },
    hasTenure: (tip, tenureId) => hasNakamotoTenure(chain.blocks.get(tip), tenureId),
  });
  const at = (burnHeight: number) => chain.main.sortitions[burnHeight - rules.firstBurnHeight];
  return {
    rules,
    sortitions: () => chain.main.sortitions,
    hasTenure: (burnHeight) => {
      const sortition = at(burnHeight);
      return sortition !== undefined && generator.bits(chain.main.tip.id, [sortition.consensusHash])[0] === true;
    },
    hasBlock: (burnHeight) => {
      const sortition = at(burnHeight);
      return sortition !== undefined && [...backFrom(chain.lastEpoch2)].some(({ tenure }) => tenure === sortition);
    },
    // Every anchor block of the local network is known.
    anchors: () => Array.from({ length: cycleOf(chain.main.sortitions.at(-1)!.burnHeight, rules) + 1 }, () => true),
  };
}

/** Whether a tenure of Nakamoto started on the fork of a block. */
export function hasNakamotoTenure(tip: DevBlock | undefined, tenureId: string): boolean {
  for (const block of backFrom(tip)) {
    if (!block.header) return false;
    if (block.tenure.consensusHash === tenureId) return true;
  }
  return false;
}
