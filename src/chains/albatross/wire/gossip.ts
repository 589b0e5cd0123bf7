import { blockBodyMessage, blockHeaderMessage } from './blocks.ts';
import { decode, encode, hash32, names, struct, u32, vec } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { DecodeError } from '../../../base/postcard/errors.ts';
import { zkProof } from './requests.ts';
import type { ZkProof } from './requests.ts';
import { transaction } from './transactions.ts';
import type { Block, BlockBodyMessage, BlockHeaderMessage, Transaction } from './types.ts';
import type { Hash } from '../../../base/hash.ts';

/** Receipts that fit into a gossip message, at 33 bytes or more each. */
const MAX_RECEIPTS = 31_775;

/** A node's message to a light client about an address it subscribed to. Unauthenticated: every receipt must still be proven. */
export interface AddressNotification {
  readonly event: 'blockchain-extend';
  readonly receipts: readonly { readonly transactionHash: Hash; readonly blockNumber: number }[];
}

export const addressNotification = struct<AddressNotification>({
  event: names(['blockchain-extend']),
  receipts: vec(struct<AddressNotification['receipts'][number]>({ transactionHash: hash32, blockNumber: u32 }), MAX_RECEIPTS),
});

/** The payload of each topic. `address-subscription` stands for the topics that `addressSubscriptionTopic` names. */
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

/**
 * Reads only the single valid encoding of a payload. A message's id is over its bytes, so a forwarded message with extra bytes would be a
 * new message to every peer. The reference reads other encodings too: see `isPadded`. Throws `DecodeError`.
 */
export function decodeGossip<T extends GossipTopic>(topic: T, bytes: Uint8Array): GossipPayloads[T] {
  return decode<GossipPayloads[T]>(gossipTopics[topic], bytes);
}

/**
 * Whether official nodes read and pass on a message that `decodeGossip` refused: bytes after the payload, zero words after signers, varints
 * with superfluous groups. Its sender may have received it from other peers.
 */
export function isPadded(topic: GossipTopic, bytes: Uint8Array): boolean {
  try {
    decode<unknown>(gossipTopics[topic], bytes, { allowTrailing: true, form: 'any' });
    return true;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

/** The announced block, without body. */
export function blockOfHeaderMessage(message: BlockHeaderMessage): Block {
  return { ...message, body: undefined };
}

/** The message that announces this block; `undefined` for a block without justification, such as the genesis block. */
export function headerMessageOf(block: Block): BlockHeaderMessage | undefined {
  if (block.justification === undefined) return undefined;
  // One return for each type, so that the compiler knows that header and justification belong together.
  if (block.type === 'macro') return { type: 'macro', header: block.header, justification: block.justification };
  return { type: 'micro', header: block.header, justification: block.justification };
}
