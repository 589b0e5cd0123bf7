import type { ServedChain } from '../../devnet/stacks/served-inventories.ts';
import type { BurnView, PeerNetwork } from '../../src/chains/stacks/net/own-frame.ts';
import type { RecordedChain } from './stacks-vectors.ts';

/** What the nodes of the recorded chains have agreed about. */
export const recordedPeerNetwork: PeerNetwork = { networkId: 0x80_00_00_00, peerVersion: 0x01_02_03_04, confirmations: 7 };
export const recordedRules = { firstBurnHeight: 0, cycleLength: 10, prepareLength: 3 };
/** The first height with Nakamoto tenures. */
export const RECORDED_NAKAMOTO_HEIGHT = 42;

/** A recorded chain as its node served it, up to a Bitcoin height. `until` may move. */
export function servedChainOf(chain: RecordedChain, until: () => number = () => chain.sortitions.length - 1): ServedChain {
  const tenures = new Set(chain.headers.map((it) => it.consensus_hash));
  const stacksHeights = chain.sortitions.map((it) => it.canonical_stacks_tip_height);
  return {
    rules: recordedRules,
    sortitions: () => chain.sortitions.slice(0, until() + 1).map((it) => ({ burnHeight: it.height, burnHash: it.burn_hash, consensusHash: it.consensus_hash })),
    hasTenure: (height) => height <= until() && tenures.has(chain.sortitions[height]?.consensus_hash ?? ''),
    hasBlock: (height) => height < RECORDED_NAKAMOTO_HEIGHT && height <= until() && stacksHeights[height]! > (stacksHeights[height - 1] ?? 0),
    anchors: () => [...chain.sortitions[until()]!.pox_id].map((bit) => bit === '1'),
  };
}

/** What a side that is at a height of a recorded chain says of Bitcoin. */
export function burnViewOf(chain: RecordedChain, burnHeight = chain.sortitions.length - 1): BurnView {
  const stableHeight = burnHeight - recordedPeerNetwork.confirmations;
  return { burnHeight, burnHash: chain.sortitions[burnHeight]!.burn_hash, stableHeight, stableHash: chain.sortitions[stableHeight]!.burn_hash };
}
