/**
 * What a side serves to the other one, and the answer to each request. Tests: `test/moloch/session-serves.test.ts`.
 * @module
 */

import type { WireBlock } from '../wire/block.ts';
import type { ProofAnswer, ProofRequest } from '../wire/compact-proof.ts';
import type { MolochEvent } from '../wire/event.ts';
import type { MolochMessage } from '../wire/frame.ts';
import type { MolochHeader } from '../wire/header.ts';
import type { SnapshotManifest } from '../wire/manifest.ts';
import type { NetworkVote } from '../wire/plain-message.ts';
import type { TrustedHeader } from '../wire/trusted-header.ts';

/** Blocks or headers that one answer holds at most (Moloch reference, 2.11 and 4.3). */
export const MAX_BATCH = 100;
/** Ids that one request for events or proofs may name; as for blocks. */
const MAX_IDS = 100;

/** Items from a height on, ascending; `more`: the one after them is held as well. */
export interface Served<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

type Soon<T> = T | Promise<T>;

/** What is held and was verified. What is not held is an empty answer. */
export interface Provider {
  blocks(start: number, count: number): Soon<Served<WireBlock>>;
  headers(start: number, count: number): Soon<Served<MolochHeader>>;
  /** Headers up to the newest final one, each with the signatures that are known. */
  trustedHeaders(start: number, count: number): Soon<Served<TrustedHeader>>;
  events(ids: readonly string[]): Soon<{ readonly events: readonly MolochEvent[]; readonly missing: readonly string[] }>;
  votes(hash: string): Soon<readonly NetworkVote[]>;
  prove(request: ProofRequest): Soon<ProofAnswer>;
  /** The crates' word for a snapshot, without chunks. */
  snapshot(height: number | undefined): Soon<Omit<Extract<MolochMessage, { readonly kind: 'Snapshot' }>, 'kind' | 'requestId'> | undefined>;
  manifest(height: number | undefined): Soon<SnapshotManifest | undefined>;
  chunk(height: number, index: number): Soon<{ readonly total: number; readonly bytes: Uint8Array } | undefined>;
}

/** The kinds of messages that ask for something that is held. */
export type MolochRequest = Extract<
  MolochMessage,
  { readonly kind: 'GetBlocks' | 'GetHeaders' | 'GetTrustedHeaders' | 'GetEvents' | 'GetVotes' | 'GetSnapshot' | 'GetProof' | 'GetManifest' | 'GetChunk' }
>;

const REQUESTS: ReadonlySet<string> = new Set<MolochRequest['kind']>(['GetBlocks', 'GetHeaders', 'GetTrustedHeaders', 'GetEvents', 'GetVotes', 'GetSnapshot', 'GetProof', 'GetManifest', 'GetChunk']);

export function isRequest(message: MolochMessage): message is MolochRequest {
  return REQUESTS.has(message.kind);
}

/** Whether a request keeps the limits of the protocol. One that does not is an offence, and is not answered. */
export function isInLimits(request: MolochRequest): boolean {
  switch (request.kind) {
    case 'GetBlocks':
    case 'GetHeaders':
    case 'GetTrustedHeaders':
      return request.count >= 1 && request.count <= MAX_BATCH;
    case 'GetEvents':
      return request.ids.length <= MAX_IDS;
    case 'GetProof':
      return request.request.kind !== 'Batch' || request.request.ids.length <= MAX_IDS;
    default:
      return true;
  }
}

const ZERO = '0'.repeat(64);
/** A manifest without chunks says that there is no such snapshot: the protocol has no other word for it. */
const NO_MANIFEST: SnapshotManifest = { height: 0, blockHash: ZERO, mmrRoot: ZERO, stateRoot: ZERO, validatorsHash: ZERO, blocks: 0, events: 0, chunkSize: 0, totalSize: 0, chunkHashes: [] };

/** The answer to a request within the limits. */
export async function answerRequest(provider: Provider, request: MolochRequest): Promise<MolochMessage> {
  const requestId = request.id;
  switch (request.kind) {
    case 'GetBlocks': {
      const { items, more } = await provider.blocks(request.start, request.count);
      return { kind: 'Blocks', requestId, blocks: items, more };
    }
    case 'GetHeaders': {
      const { items, more } = await provider.headers(request.start, request.count);
      return { kind: 'Headers', requestId, headers: items, more };
    }
    case 'GetTrustedHeaders': {
      const { items, more } = await provider.trustedHeaders(request.start, request.count);
      return { kind: 'TrustedHeaders', requestId, headers: items, more };
    }
    case 'GetEvents':
      return { kind: 'Events', requestId, ...(await provider.events(request.ids)) };
    case 'GetVotes':
      return { kind: 'Votes', requestId, hash: request.hash, votes: await provider.votes(request.hash) };
    case 'GetSnapshot':
      return { kind: 'Snapshot', requestId, ...((await provider.snapshot(request.height)) ?? { height: 0, head: ZERO, mmrRoot: ZERO, blocks: 0, events: 0, validators: [] }) };
    case 'GetProof':
      return { kind: 'Proof', requestId, answer: await provider.prove(request.request) };
    case 'GetManifest':
      return { kind: 'Manifest', requestId, ...((await provider.manifest(request.height)) ?? NO_MANIFEST) };
    case 'GetChunk': {
      const { height, index } = request;
      const { total, bytes } = (await provider.chunk(height, index)) ?? { total: 0, bytes: new Uint8Array() };
      return { kind: 'Chunk', requestId, height, index, total, bytes };
    }
  }
}
