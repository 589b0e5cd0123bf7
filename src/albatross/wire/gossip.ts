import { blockBodyMessage, blockHeaderMessage } from './blocks.ts';
import { decode, encode, hash32, names, struct, u32, vec } from './postcard/codec.ts';
import type { Codec } from './postcard/codec.ts';
import { zkProof } from './requests.ts';
import type { ZkProof } from './requests.ts';
import { transaction } from './transactions.ts';
import type { Block, BlockBodyMessage, BlockHeaderMessage, Hash, Transaction } from './types.ts';

/** Receipts that fit into a gossip message at 33 bytes and more each. */
const MAX_RECEIPTS = 31_775;

/** What a node tells a light client about an address it subscribed to. Unauthenticated: every receipt is to be proven. */
export interface AddressNotification {
  readonly event: 'blockchain-extend';
  readonly receipts: readonly { readonly transactionHash: Hash; readonly blockNumber: number }[];
}

export const addressNotification = struct<AddressNotification>({
  event: names(['blockchain-extend']),
  receipts: vec(struct<AddressNotification['receipts'][number]>({ transactionHash: hash32, blockNumber: u32 }), MAX_RECEIPTS),
});

/** What each topic carries. `address-subscription` stands for the topics that `addressSubscriptionTopic` names. */
export interface GossipPayloads {
  'block-header': BlockHeaderMessage;
  'block-body': BlockBodyMessage;
  'regular-transaction': Transaction;
  /** A transaction with the signaling flag. */
  'control-transaction': Transaction;
  'address-subscription': AddressNotification;
  /** 1.x nodes only. */
  'zk-proof': ZkProof;
}

export type GossipTopic = keyof GossipPayloads;

/** The codec of each topic's payload; the keys are the topics' names on the wire (Albatross network reference, 4.3). */
export const gossipTopics: { readonly [T in GossipTopic]: Codec<GossipPayloads[T]> } = {
  'block-header': blockHeaderMessage,
  'block-body': blockBodyMessage,
  'regular-transaction': transaction,
  'control-transaction': transaction,
  'address-subscription': addressNotification,
  'zk-proof': zkProof,
};

/** The topic on which nodes notify the light client with this peer id (base58 text). */
export function addressSubscriptionTopic(peerId: string): string {
  return `address-subscription_${peerId}`;
}

/** Throws `EncodeError`. */
export function encodeGossip<T extends GossipTopic>(topic: T, payload: GossipPayloads[T]): Uint8Array {
  return encode<GossipPayloads[T]>(gossipTopics[topic], payload);
}

/** Trailing bytes are tolerated, as the reference does. Throws `DecodeError`. */
export function decodeGossip<T extends GossipTopic>(topic: T, bytes: Uint8Array): GossipPayloads[T] {
  return decode<GossipPayloads[T]>(gossipTopics[topic], bytes, { allowTrailing: true });
}

/** The announced block, without body. */
export function blockOfHeaderMessage(message: BlockHeaderMessage): Block {
  return { ...message, body: undefined };
}

/** What announces this block; `undefined` for a block without justification, such as the genesis block. */
export function headerMessageOf(block: Block): BlockHeaderMessage | undefined {
  if (block.justification === undefined) return undefined;
  // One return for each type, so that header and justification are known to belong together.
  if (block.type === 'macro') return { type: 'macro', header: block.header, justification: block.justification };
  return { type: 'micro', header: block.header, justification: block.justification };
}
