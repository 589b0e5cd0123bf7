/**
 * The messages of the moloch crates, kinds 0 to 20 (Moloch reference, 2.9). They are all of profile `moloch.1`, and a part of `moloch-ext.1`.
 * @module
 */
import { block, type WireBlock } from './block.ts';
import { bool, hash, key, kinds, list, names, option, signature, struct, text, time, u16, u32, u64, u64big, type Codec } from './codec.ts';
import { event, type MolochEvent } from './event.ts';
import { header, type MolochHeader } from './header.ts';

export interface ProtocolVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** `signature`: over the text `chain:height:milliseconds`; in an answer `ack:` stands before it. It can be replayed. */
export interface HelloFields {
  readonly version: ProtocolVersion;
  readonly chainId: string;
  readonly key: string;
  readonly height: number | undefined;
  readonly head: string | undefined;
  readonly time: number;
  readonly signature: Uint8Array;
}

export type GoodbyeReason = 'Shutdown' | 'Protocol' | 'Chain' | 'TooMany' | 'Misbehaviour' | 'Timeout' | 'Duplicate' | 'Requested' | 'Other';

export type AnnouncedItem =
  | { readonly kind: 'Block' | 'Tip'; readonly height: number; readonly hash: string }
  | { readonly kind: 'Events'; readonly ids: readonly string[] };

/** A validator's signature over the hash of a block (Moloch reference, 2.8: the definition is ours). */
export interface NetworkVote {
  readonly hash: string;
  readonly height: number;
  readonly voter: string;
  readonly signature: Uint8Array;
}

/** `id`: any number that the asker has not in use; the answer's `requestId` is the same. */
export type PlainMessage =
  | ({ readonly kind: 'Hello'; readonly id: bigint } & HelloFields)
  | ({ readonly kind: 'HelloAck'; readonly requestId: bigint } & HelloFields)
  | { readonly kind: 'Status'; readonly height: number | undefined; readonly head: string | undefined; readonly peers: number; readonly syncing: boolean; readonly time: number }
  | { readonly kind: 'Goodbye'; readonly reason: GoodbyeReason; readonly text: string | undefined }
  | { readonly kind: 'NewEvent'; readonly event: MolochEvent }
  | { readonly kind: 'NewBlock'; readonly block: WireBlock }
  | { readonly kind: 'Announce'; readonly item: AnnouncedItem }
  | { readonly kind: 'GetBlocks' | 'GetHeaders'; readonly id: bigint; readonly start: number; readonly count: number }
  | { readonly kind: 'Blocks'; readonly requestId: bigint; readonly blocks: readonly WireBlock[]; readonly more: boolean }
  | { readonly kind: 'Headers'; readonly requestId: bigint; readonly headers: readonly MolochHeader[]; readonly more: boolean }
  | { readonly kind: 'GetEvents'; readonly id: bigint; readonly ids: readonly string[] }
  | { readonly kind: 'Events'; readonly requestId: bigint; readonly events: readonly MolochEvent[]; readonly missing: readonly string[] }
  | { readonly kind: 'GetSnapshot'; readonly id: bigint; readonly height: number | undefined }
  | {
      readonly kind: 'Snapshot';
      readonly requestId: bigint;
      readonly height: number;
      readonly head: string;
      readonly mmrRoot: string;
      readonly blocks: number;
      readonly events: number;
      readonly validators: readonly string[];
    }
  | { readonly kind: 'Proposal'; readonly block: WireBlock; readonly signature: Uint8Array }
  | ({ readonly kind: 'Vote' } & NetworkVote)
  | { readonly kind: 'GetVotes'; readonly id: bigint; readonly hash: string }
  | { readonly kind: 'Votes'; readonly requestId: bigint; readonly hash: string; readonly votes: readonly NetworkVote[] }
  | { readonly kind: 'Ping'; readonly id: bigint; readonly time: number }
  | { readonly kind: 'Pong'; readonly requestId: bigint; readonly pingTime: number; readonly pongTime: number };

export const protocolVersion: Codec<ProtocolVersion> = struct<ProtocolVersion>({ major: u16, minor: u16, patch: u16 });

const helloFields = { version: protocolVersion, chainId: text, key, height: option(u64), head: option(hash), time, signature };
const voteFields = { hash, height: u64, voter: key, signature };
const range = { id: u64big, start: u64, count: u32 };

export const plainMessage: Codec<PlainMessage> = kinds<PlainMessage>({
  Hello: { id: u64big, ...helloFields },
  HelloAck: { requestId: u64big, ...helloFields },
  Status: { height: option(u64), head: option(hash), peers: u64, syncing: bool, time },
  Goodbye: {
    reason: names<GoodbyeReason>('Shutdown', 'Protocol', 'Chain', 'TooMany', 'Misbehaviour', 'Timeout', 'Duplicate', 'Requested', 'Other'),
    text: option(text),
  },
  NewEvent: { event },
  NewBlock: { block },
  Announce: { item: kinds<AnnouncedItem>({ Block: { height: u64, hash }, Events: { ids: list(hash) }, Tip: { height: u64, hash } }) },
  GetBlocks: range,
  Blocks: { requestId: u64big, blocks: list(block), more: bool },
  GetHeaders: range,
  Headers: { requestId: u64big, headers: list(header), more: bool },
  GetEvents: { id: u64big, ids: list(hash) },
  Events: { requestId: u64big, events: list(event), missing: list(hash) },
  GetSnapshot: { id: u64big, height: option(u64) },
  Snapshot: { requestId: u64big, height: u64, head: hash, mmrRoot: hash, blocks: u64, events: u64, validators: list(key) },
  Proposal: { block, signature },
  Vote: voteFields,
  GetVotes: { id: u64big, hash },
  Votes: { requestId: u64big, hash, votes: list(struct<NetworkVote>(voteFields)) },
  Ping: { id: u64big, time },
  Pong: { requestId: u64big, pingTime: time, pongTime: time },
});
