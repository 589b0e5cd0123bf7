import { blockKind } from '../chain/block-kind.ts';
import { blockOfHeaderMessage } from '../wire/gossip.ts';
import type { BlockHeaderMessage } from '../wire/types.ts';
import { NetworkTime, type ClockError } from '../../../engine/peers/network-time.ts';
import type { NodePeer } from '../../../engine/peers/peer-net.ts';

/**
 * Milliseconds by which a contact may be older than the connection: nodes sign theirs every minute, and some date it back by another
 * minute.
 */
const CONTACT_SLACK = 120_000;
/**
 * Milliseconds from a block's timestamp to its announcement. The producer stamps it by its own clock, and nodes pass on only new blocks.
 */
const BLOCK_SLACK = 10_000;

/** The time as the network's nodes sign it. Other Petrel clients are not asked, because their clocks belong to unknown devices. */
export class TimeFromPeers {
  readonly #time: NetworkTime;

  constructor(options: ConstructorParameters<typeof NetworkTime>[0]) {
    this.#time = new NetworkTime(options);
  }

  get error(): ClockError | undefined {
    return this.#time.error;
  }

  joined({ kind, subnet, signedAt }: Pick<NodePeer, 'kind' | 'subnet' | 'signedAt'>): void {
    if (kind === 'node') this.#time.said(subnet, signedAt, CONTACT_SLACK);
  }

  announced(peer: Pick<NodePeer, 'kind' | 'subnet'> | undefined, message: BlockHeaderMessage): void {
    const block = blockOfHeaderMessage(message);
    // Not usable: skip blocks derive their time from the parent, and a macro block is as old as its first proposal.
    if (peer?.kind === 'node' && blockKind(block) === 'micro') this.#time.passedOn(peer.subnet, block.header.timestamp, BLOCK_SLACK);
  }

  slept(): void {
    this.#time.slept();
  }
}
