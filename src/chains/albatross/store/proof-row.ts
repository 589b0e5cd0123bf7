import type { ProofRecord } from '../chain/proof-record.ts';
import { concatBytes } from '../../../base/bytes.ts';
import { decodeMacro, encodeMacro } from './block-rows.ts';
import { countsOf, pointer, record as recordOf, text } from './head-row.ts';

/** Length of the JSON (4 bytes, big-endian), the JSON in UTF-8, then postcard of the newest verified block. */
export function encodeProof({ origin, from, head, proof, checked }: ProofRecord): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify({ origin, from, hash: head.hash, peer: head.peer, proof, checked }));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length);
  return concatBytes(length, json, encodeMacro(head.block));
}

/** The record, with every field checked and the block hashed again; undefined if the bytes are not a record. */
export function decodeProof(bytes: Uint8Array): ProofRecord | undefined {
  if (bytes.length < 4) return undefined;
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(4, end)));
  } catch {
    return undefined;
  }
  const row = recordOf(value);
  const from = pointer(row?.['from']);
  const proof = row?.['proof'] === undefined ? undefined : pointer(row['proof']);
  const checked = countsOf(row?.['checked']);
  const origin = row?.['origin'];
  const peer = text(row?.['peer']);
  const head = decodeMacro(bytes.slice(end));
  if (!row || !from || !checked || peer === undefined || (origin !== 'genesis' && origin !== 'pinned') || (row['proof'] !== undefined && !proof)) return undefined;
  if (!head?.block.header.validators || head.hash !== row['hash']) return undefined;
  return { origin, from, head: { ...head, peer }, proof, checked };
}
