// Tests: `src/chains/hotstuff2/wire/sync-messages.test.ts`.
import { DecodeError } from '../../../base/postcard/errors.ts';
import { Reader } from '../../../base/postcard/reader.ts';
import { Writer } from '../../../base/postcard/writer.ts';
import { readManifest, writeManifest, type Manifest } from './manifest.ts';
import { MAX_BLOCKS_PER_REQUEST, MAX_FRAME_TO_CLIENT, SYNC_ERRORS, type SyncErrorNumber } from './sync-limits.ts';
import { decodeSyncFrame, encodeSyncFrame } from './sync-frame.ts';
import { readStateProof, writeStateProof, type StateProofBody } from './state-proof-body.ts';

/** What a peer says of itself. Heights are numbers, `finalHash` 32 bytes, `time` unix milliseconds. Nothing of it is proven. */
export interface SyncStatus {
  readonly finalHeight: number;
  readonly finalHash: Uint8Array;
  readonly earliest: number;
  /** 0: it has no snapshot. */
  readonly snapshot: number;
  readonly time: number;
}

/** A block or a header, with the certificate of its votes: both as bytes. The certificate is empty for genesis only. */
export interface CertifiedBytes {
  readonly bytes: Uint8Array;
  readonly qc: Uint8Array;
}

/**
 * What a server answers or pushes (HotStuff-2 reference, 4). Blocks, certificates, proofs of finality and sets are carried as bytes: their own
 * codecs read them.
 */
export type SyncAnswer =
  | { readonly type: 'hello-ack'; readonly version: number; readonly chainId: Uint8Array; readonly nonce: Uint8Array; readonly genesisHash: Uint8Array; readonly status: SyncStatus }
  | { readonly type: 'status'; readonly status: SyncStatus }
  | { readonly type: 'blocks' | 'headers'; readonly from: number; readonly items: readonly CertifiedBytes[] }
  | { readonly type: 'finality'; readonly proof: Uint8Array }
  | { readonly type: 'new-final'; readonly proof: Uint8Array }
  | { readonly type: 'manifest'; readonly manifest: Manifest }
  /** `chunk`: entry count (4), then the entries, as `checkChunk` takes them. */
  | { readonly type: 'chunk'; readonly index: number; readonly chunk: Uint8Array }
  | { readonly type: 'subscribed' | 'unsubscribed' }
  | { readonly type: 'new-certified'; readonly item: CertifiedBytes }
  | { readonly type: 'validators'; readonly set: Uint8Array }
  | { readonly type: 'state-proof'; readonly proof: StateProofBody }
  | { readonly type: 'pong'; readonly echo: Uint8Array }
  | { readonly type: 'error'; readonly code: SyncErrorNumber; readonly text: string };

export interface SyncAnswerFrame {
  /** The id of the request, or of the subscription. */
  readonly id: number;
  readonly answer: SyncAnswer;
}

const ANSWER_TYPES: Readonly<Record<SyncAnswer['type'], number>> = {
  'hello-ack': 0x81,
  status: 0x82,
  blocks: 0x83,
  headers: 0x84,
  finality: 0x85,
  manifest: 0x86,
  chunk: 0x87,
  subscribed: 0x88,
  unsubscribed: 0x89,
  validators: 0x8a,
  'state-proof': 0x8b,
  pong: 0x8f,
  'new-certified': 0xa0,
  'new-final': 0xa1,
  error: 0xff,
};

const nameOfType = new Map(Object.entries(ANSWER_TYPES).map(([name, byte]) => [byte, name as SyncAnswer['type']]));

/** Bytes of a header (HotStuff-2 reference, 3). */
const HEADER_LENGTH = 223;
const U32 = 0xffff_ffff;
const U64 = Number.MAX_SAFE_INTEGER;

function writeStatus(w: Writer, status: SyncStatus): void {
  w.bigEndian(status.finalHeight, 8, U64);
  w.fixed(status.finalHash, 32);
  w.bigEndian(status.earliest, 8, U64);
  w.bigEndian(status.snapshot, 8, U64);
  w.bigEndian(status.time, 8, U64);
}

function readStatus(r: Reader): SyncStatus {
  return { finalHeight: r.bigEndian(8), finalHash: r.fixed(32), earliest: r.bigEndian(8), snapshot: r.bigEndian(8), time: r.bigEndian(8) };
}

function writeQc(w: Writer, qc: Uint8Array): void {
  w.bigEndian(qc.length, 2, 0xffff);
  w.raw(qc);
}

function writeItem(w: Writer, item: CertifiedBytes): void {
  w.bigEndian(item.bytes.length, 4, U32);
  w.raw(item.bytes);
  writeQc(w, item.qc);
}

function readItem(r: Reader): CertifiedBytes {
  return { bytes: r.fixed(r.bigEndian(4)), qc: r.fixed(r.bigEndian(2)) };
}

function writeBody(w: Writer, answer: SyncAnswer): void {
  switch (answer.type) {
    case 'hello-ack':
      w.bigEndian(answer.version, 2, 0xffff);
      w.fixed(answer.chainId, 32);
      w.fixed(answer.nonce, 32);
      w.fixed(answer.genesisHash, 32);
      writeStatus(w, answer.status);
      break;
    case 'status':
      writeStatus(w, answer.status);
      break;
    case 'blocks':
    case 'headers':
      w.bigEndian(answer.from, 8, U64);
      w.bigEndian(answer.items.length, 2, MAX_BLOCKS_PER_REQUEST);
      for (const item of answer.items) {
        if (answer.type === 'blocks') writeItem(w, item);
        else {
          w.fixed(item.bytes, HEADER_LENGTH);
          writeQc(w, item.qc);
        }
      }
      break;
    case 'finality':
    case 'new-final':
      w.raw(answer.proof);
      break;
    case 'manifest':
      writeManifest(w, answer.manifest);
      break;
    case 'chunk':
      w.bigEndian(answer.index, 4, U32);
      w.raw(answer.chunk);
      break;
    case 'subscribed':
    case 'unsubscribed':
      break;
    case 'new-certified':
      writeItem(w, answer.item);
      break;
    case 'validators':
      w.raw(answer.set);
      break;
    case 'state-proof':
      writeStateProof(w, answer.proof);
      break;
    case 'pong':
      w.fixed(answer.echo, 8);
      break;
    case 'error': {
      const text = new TextEncoder().encode(answer.text);
      w.bigEndian(answer.code, 2, 8);
      w.bigEndian(text.length, 2, 0xffff);
      w.raw(text);
      break;
    }
  }
}

/** The frame of an answer or a push. Throws `EncodeError` for a value without an encoding, and for a frame above 8 MiB. */
export function encodeSyncAnswer(id: number, answer: SyncAnswer): Uint8Array {
  return encodeSyncFrame(ANSWER_TYPES[answer.type], id, MAX_FRAME_TO_CLIENT, (w) => writeBody(w, answer));
}

/** The rest of the frame, which its own codec reads. An empty rest is refused. */
function rest(r: Reader, what: string): Uint8Array {
  if (r.remaining === 0) throw new DecodeError('unexpected-end', r.offset, `no ${what}`);
  return r.fixed(r.remaining);
}

function readBody(r: Reader, type: SyncAnswer['type']): SyncAnswer {
  const start = r.offset;
  switch (type) {
    case 'hello-ack':
      return { type, version: r.bigEndian(2), chainId: r.fixed(32), nonce: r.fixed(32), genesisHash: r.fixed(32), status: readStatus(r) };
    case 'status':
      return { type, status: readStatus(r) };
    case 'blocks':
    case 'headers': {
      const from = r.bigEndian(8);
      const count = r.bigEndian(2);
      if (count === 0) throw new DecodeError('invalid-value', start + 8, 'an answer without blocks');
      if (count > MAX_BLOCKS_PER_REQUEST) throw new DecodeError('length-over-limit', start + 8, `${count} blocks`);
      const items: CertifiedBytes[] = [];
      for (let i = 0; i < count; i += 1) items.push(type === 'blocks' ? readItem(r) : { bytes: r.fixed(HEADER_LENGTH), qc: r.fixed(r.bigEndian(2)) });
      return { type, from, items };
    }
    case 'finality':
    case 'new-final':
      return { type, proof: rest(r, 'proof') };
    case 'manifest':
      return { type, manifest: readManifest(r) };
    case 'chunk':
      return { type, index: r.bigEndian(4), chunk: rest(r, 'entries') };
    case 'subscribed':
    case 'unsubscribed':
      return { type };
    case 'new-certified':
      return { type, item: readItem(r) };
    case 'validators':
      return { type, set: rest(r, 'set') };
    case 'state-proof':
      return { type, proof: readStateProof(r) };
    case 'pong':
      return { type, echo: r.fixed(8) };
    case 'error': {
      const code = r.bigEndian(2);
      if (!(code in SYNC_ERRORS)) throw new DecodeError('invalid-value', start, `error ${code}`);
      return { type, code: code as SyncErrorNumber, text: readText(r) };
    }
  }
}

/** UTF-8. Another text has no canonical form, so it is refused. */
function readText(r: Reader): string {
  const start = r.offset;
  const bytes = r.fixed(r.bigEndian(2));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DecodeError('invalid-value', start, 'a text that is not UTF-8');
  }
}

/** Reads a server's frame. Throws only `DecodeError`: `unknown-variant` for an unknown type. */
export function decodeSyncAnswer(bytes: Uint8Array): SyncAnswerFrame {
  const { id, body } = decodeSyncFrame(bytes, MAX_FRAME_TO_CLIENT, nameOfType, readBody);
  return { id, answer: body };
}
