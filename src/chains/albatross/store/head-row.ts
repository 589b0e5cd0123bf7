// Tests: `src/chains/albatross/store/memory-store.test.ts`.
import type { AlbatrossCounts } from '../chain/checked-counts.ts';
import type { Anchor, Witness } from '../../../engine/trust.ts';

/** Identifies one block. */
export interface BlockPointer {
  readonly height: number;
  /** 64 lower-case hex digits. */
  readonly hash: string;
}

/** The row `meta/head`: the other rows must match it. Written last, so that it never points at missing rows. */
export interface HeadRow {
  readonly head: BlockPointer;
  /** Undefined: genesis. */
  readonly election: BlockPointer | undefined;
  readonly checkpoint: BlockPointer | undefined;
  /** Number of blocks in the row `chain/tail`. */
  readonly tail: number;
  readonly anchor: Anchor;
  readonly checked: AlbatrossCounts;
}

/** Maximum number of witness peers in a record; three are asked for. */
const MAX_WITNESSES = 16;
/** Maximum length of a text in the row, in characters: peer ids have 52, a network given by a name up to 5 + 253. */
const MAX_TEXT = 300;

/** JSON in UTF-8. */
export function encodeHeadRow(row: HeadRow): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ ...row, anchor: { ...row.anchor, unchecked: undefined, witnesses: row.anchor.witnesses.slice(0, MAX_WITNESSES) } }));
}

/** The row, with every field checked and nothing else taken over; undefined if the bytes are not a head row. */
export function decodeHeadRow(bytes: Uint8Array): HeadRow | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  const row = record(value);
  const head = pointer(row?.['head']);
  const election = row?.['election'] === undefined ? undefined : pointer(row['election']);
  const checkpoint = row?.['checkpoint'] === undefined ? undefined : pointer(row['checkpoint']);
  const anchor = anchorOf(row?.['anchor']);
  const checked = countsOf(row?.['checked']);
  const tail = count(row?.['tail']);
  if (!row || !head || !anchor || !checked || tail === undefined) return undefined;
  if ((row['election'] !== undefined && !election) || (row['checkpoint'] !== undefined && !checkpoint)) return undefined;
  return { head, election, checkpoint, tail, anchor, checked };
}

/** A value with fields, or undefined. */
export function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A short text, or undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= MAX_TEXT ? value : undefined;
}

function hash(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? value : undefined;
}

/** A reference to one block, or undefined. */
export function pointer(value: unknown): BlockPointer | undefined {
  const row = record(value);
  const height = count(row?.['height']);
  const id = hash(row?.['hash']);
  return height === undefined || id === undefined ? undefined : { height, hash: id };
}

/** The counts. Counts that version 0.1 did not store are filled in: each macro block it counted had its justification verified. */
export function countsOf(value: unknown): AlbatrossCounts | undefined {
  const row = record(value);
  const electionBlocks = count(row?.['electionBlocks']);
  const checkpoints = count(row?.['checkpoints']);
  const microBlocks = count(row?.['microBlocks']);
  if (electionBlocks === undefined || checkpoints === undefined || microBlocks === undefined) return undefined;
  const justifications = row?.['justifications'] === undefined ? electionBlocks + checkpoints : count(row['justifications']);
  const proofs = row?.['proofs'] === undefined ? 0 : count(row['proofs']);
  const milliseconds = row?.['milliseconds'] === undefined ? 0 : count(row['milliseconds']);
  if (justifications === undefined || proofs === undefined || milliseconds === undefined) return undefined;
  return { electionBlocks, checkpoints, microBlocks, justifications, proofs, milliseconds };
}

function anchorOf(value: unknown): Anchor | undefined {
  const row = record(value);
  const place = pointer(value);
  const kind = row?.['kind'];
  const list = row?.['witnesses'];
  const fewWitnesses = row?.['fewWitnesses'];
  if (!place || (kind !== 'genesis' && kind !== 'pinned' && kind !== 'witnesses') || typeof fewWitnesses !== 'boolean') return undefined;
  if (!Array.isArray(list) || list.length > MAX_WITNESSES) return undefined;
  // Peers named here without `witnesses` vouched for nothing, but would be blamed later.
  if (kind !== 'witnesses' && list.length > 0) return undefined;
  const witnesses = list.map(witnessOf);
  if (!witnesses.every((witness) => witness !== undefined)) return undefined;
  const proof = row?.['proof'] === undefined ? undefined : pointer(row['proof']);
  if (row?.['proof'] !== undefined && (!proof || kind !== 'genesis')) return undefined;
  return { kind, height: place.height, hash: place.hash, witnesses, fewWitnesses, ...(proof ? { proof } : {}) };
}

function witnessOf(value: unknown): Witness | undefined {
  const row = record(value);
  const peer = text(row?.['peer']);
  const subnet = text(row?.['subnet']);
  const saidAt = count(row?.['saidAt']);
  return peer === undefined || subnet === undefined || saidAt === undefined ? undefined : { peer, subnet, saidAt };
}
