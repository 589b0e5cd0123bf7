/**
 * The order of a node's work in epoch 2.x (PeerNetworkWorkState), what of it a light client does, and which machines run in the transition to Nakamoto (Stacks
 * reference, 10).
 * @module
 */

export type WorkState = 'GetPublicIP' | 'BlockInvSync' | 'BlockDownload' | 'AntiEntropy' | 'Prune';

const order: readonly WorkState[] = ['GetPublicIP', 'BlockInvSync', 'BlockDownload', 'AntiEntropy', 'Prune'];

/** The state after one that is through: in a circle. */
export function nextWorkState(state: WorkState): WorkState {
  return order[(order.indexOf(state) + 1) % order.length]!;
}

/** The state after a hint that a peer has new data, such as an announced block: the inventories are not waited for. */
export function workStateAfterHint(state: WorkState): WorkState {
  return state === 'BlockInvSync' ? 'BlockDownload' : state;
}

/** What of a state a client does. */
export type Support = { readonly supported: true } | { readonly supported: false; readonly code: 'unsupported'; readonly reason: 'listens-nowhere' | 'serves-nobody' };

/** `servesPeers`: the client serves other tabs or nodes. */
export function supportOf(state: WorkState, { servesPeers }: { readonly servesPeers: boolean }): Support {
  // Nobody connects to a client, so that it has no address to find out.
  if (state === 'GetPublicIP') return { supported: false, code: 'unsupported', reason: 'listens-nowhere' };
  if (state === 'AntiEntropy' && !servesPeers) return { supported: false, code: 'unsupported', reason: 'serves-nobody' };
  return { supported: true };
}

export interface Machines {
  /** The cycle of states above, with the inventories and downloads of epoch 2.x. */
  readonly epoch2: boolean;
  /** Inventories and downloads of Nakamoto, in every pass and without the cycle. */
  readonly nakamoto: boolean;
}

/** Which machines run: both while the sortitions are in Nakamoto and the Stacks tip is still a block of epoch 2.x (edge 1). */
export function machinesOf(tip: { readonly burnHeight: number; readonly isNakamotoBlock: boolean }, firstNakamotoHeight: number): Machines {
  return { epoch2: !tip.isNakamotoBlock, nakamoto: tip.burnHeight >= firstNakamotoHeight };
}
