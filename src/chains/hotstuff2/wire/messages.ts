/**
 * Messages between replicas: proposal, vote, new-view (HotStuff-2 reference, 1.3). A light client needs none of them; the local network and its
 * judge do. They carry no signature of their own.
 * @module
 */
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { decodeBlock } from './block.ts';
import type { Block } from './block.ts';
import { decodeQc, encodeQc } from './qc.ts';
import type { Qc } from './qc.ts';
import { decodeVote, encodeVote } from './vote.ts';
import type { Vote } from './vote.ts';
import { WireError } from './wire-error.ts';
import { concatBytes } from '../../../base/bytes.ts';

interface Sent {
  readonly view: number;
  /** Index of the replica that sent it. */
  readonly sender: number;
}

/** `justify`: the certificate it builds on; undefined before there is one. */
export interface Proposal extends Sent {
  readonly kind: 'proposal';
  readonly block: Block;
  readonly justify: Qc | undefined;
}

export interface VoteMessage extends Sent {
  readonly kind: 'vote';
  readonly vote: Vote;
}

/** Also the message of a timeout. `highest`: the sender's certificate of the highest view. */
export interface NewView extends Sent {
  readonly kind: 'new-view';
  readonly highest: Qc | undefined;
}

export type ReplicaMessage = Proposal | VoteMessage | NewView;

const KINDS = ['proposal', 'vote', 'new-view'] as const;

/** type(1) view(4) sender(2), then the message. */
export function encodeMessage(message: ReplicaMessage): Uint8Array {
  const writer = new ByteWriter(1024).u8(KINDS.indexOf(message.kind)).u32(message.view).u16(message.sender);
  switch (message.kind) {
    case 'proposal': {
      const { headerBytes, payload } = message.block;
      if (!payload) throw new WireError('mismatch', 'a proposal has its payload');
      const block = concatBytes(headerBytes, payload);
      return writeOptionalQc(writer.u32(block.length).bytes(block), message.justify).done();
    }
    case 'vote':
      return writer.bytes(encodeVote(message.vote)).done();
    case 'new-view':
      return writeOptionalQc(writer, message.highest).done();
  }
}

export function decodeMessage(bytes: Uint8Array): ReplicaMessage {
  const reader = new ByteReader(bytes);
  const type = reader.u8('type');
  const kind = KINDS[type];
  if (!kind) throw new WireError('flag', `message type ${type}`);
  const sent = { view: reader.u32('view'), sender: reader.u16('sender') };
  switch (kind) {
    case 'proposal': {
      const block = decodeBlock(reader.bytes(reader.u32('block length'), 'block'));
      return { kind, ...sent, block, justify: readOptionalQc(reader) };
    }
    case 'vote':
      return { kind, ...sent, vote: decodeVote(reader.rest()) };
    case 'new-view':
      return { kind, ...sent, highest: readOptionalQc(reader) };
  }
}

function writeOptionalQc(writer: ByteWriter, qc: Qc | undefined): ByteWriter {
  return qc ? writer.u8(1).bytes(encodeQc(qc)) : writer.u8(0);
}

function readOptionalQc(reader: ByteReader): Qc | undefined {
  const flag = reader.u8('flag');
  if (flag === 1) return decodeQc(reader.rest());
  if (flag !== 0) throw new WireError('flag', `certificate flag ${flag}`);
  reader.end('the message');
  return undefined;
}
