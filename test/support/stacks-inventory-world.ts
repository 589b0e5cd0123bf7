import type { ScriptedPeer, ScriptedPeerOptions } from '../../devnet/stacks/scripted-peer.ts';
import type { PeerFault } from '../../devnet/stacks/scripted-faults.ts';
import { InventorySync, type InventorySyncOptions, type InventoryView } from '../../src/chains/stacks/net/inventory-sync.ts';
import type { WorkState } from '../../src/chains/stacks/chain/work-states.ts';
import type { PeerMessage } from '../../src/chains/stacks/wire/peer-message.ts';
import { settle, SettlingClock } from './settling-clock.ts';
import { connectTo, peerOf } from './stacks-peers.ts';
import { burnViewOf, RECORDED_NAKAMOTO_HEIGHT, recordedRules, servedChainOf } from './stacks-served-chain.ts';
import { chainA } from './stacks-vectors.ts';

const heights = new Map(chainA.sortitions.map((it) => [it.consensus_hash, it.height]));

/** A request in short: its kind and the height of its hash. */
export function shortOf(message: PeerMessage): string {
  return 'consensusHash' in message ? `${message.kind} ${heights.get(message.consensusHash) ?? '?'}` : message.kind;
}

/** What a client knows at a Bitcoin height of chain A. */
export function viewAt(burnHeight: number, options: Partial<InventoryView> = {}): InventoryView {
  return {
    burnHeight,
    consensusHash: chainA.sortitions[burnHeight]!.consensus_hash,
    stacksTip: { burnHeight, isNakamotoBlock: burnHeight > RECORDED_NAKAMOTO_HEIGHT },
    isInitialDownload: false,
    askedHash: (cycle) => (cycle * 10 + 1 > burnHeight ? undefined : chainA.sortitions[cycle * 10 + 1]!.consensus_hash),
    hasAnchor: (cycle) => chainA.sortitions[burnHeight]!.pox_id[cycle] === '1',
    ...options,
  };
}

/** Peers in memory that serve chain A up to a height, and a client that keeps their inventories. */
export class InventoryWorld {
  readonly clock = new SettlingClock();
  readonly peers: Record<string, ScriptedPeer> = {};
  readonly states: WorkState[] = [];
  readonly gone: string[] = [];
  readonly sync: InventorySync;
  burnHeight: number;

  constructor(burnHeight: number, options: Partial<InventorySyncOptions> = {}) {
    this.burnHeight = burnHeight;
    this.sync = new InventorySync({
      clock: this.clock, rules: recordedRules, firstNakamotoHeight: RECORDED_NAKAMOTO_HEIGHT, view: viewAt(burnHeight),
      onWorkState: (state) => this.states.push(state), onGone: (peer, { code }) => this.gone.push(`${peer} ${code}`), ...options,
    });
  }

  /** `fault`: of the peer, from its first answer to a request on. */
  async add(name: string, { isBootstrap = true, fault, ...options }: Partial<ScriptedPeerOptions> & { readonly isBootstrap?: boolean; readonly fault?: PeerFault } = {}): Promise<ScriptedPeer> {
    const key = Object.keys(this.peers).length + 1;
    const peer = peerOf({ chain: servedChainOf(chainA, () => this.burnHeight), ...options }, key);
    peer.fault = fault;
    this.peers[name] = peer;
    this.sync.add(name, await connectTo(peer, { clock: this.clock, burnView: () => burnViewOf(chainA, this.burnHeight) }), { isBootstrap });
    await settle();
    return peer;
  }

  /** What a peer was asked since the last look, in short. */
  asked(name: string): readonly string[] {
    return this.peers[name]!.asked.splice(0).map(({ message }) => shortOf(message)).filter((it) => it !== 'Handshake' && it !== 'Ping');
  }

  /** Time passes, and everything that can be answered is. */
  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    for (let turn = 0; turn < 20; turn += 1) await settle();
  }

  bits(name: string, cycle: number): string {
    const found = this.sync.inventories().find(({ peer }) => peer === name);
    return (found?.tenures.bits(cycle) ?? []).map(Number).join('');
  }
}
