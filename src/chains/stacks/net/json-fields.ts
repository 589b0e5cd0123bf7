// Tests: `src/chains/stacks/net/gateway-json.test.ts`.
/**
 * The door for JSON of a gateway: types, ranges and lengths of fields. Everything here throws `RequestError` (`malformed`, `data.field`) and nothing else.
 * @module
 */
import { RequestError } from '../../../engine/peers/peer-net.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Characters of a value that is told in an error. */
const TOLD = 40;

export function malformed(field: string, detail: string): never {
  throw new RequestError('malformed', `${field}: ${detail}`, { field });
}

export function objectOf(value: unknown, field: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) malformed(field, `no object but ${told(value)}`);
  return value as JsonObject;
}

export function listOf(value: unknown, field: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) malformed(field, `no list but ${told(value)}`);
  return value.length <= most ? (value as readonly unknown[]) : malformed(field, `${value.length} entries, at most ${most}`);
}

/** A whole number from 0 to `most`. */
export function integerOf(fields: JsonObject, field: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = fields[field];
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most ? value : malformed(field, `no number from 0 to ${most} but ${told(value)}`);
}

export function flagOf(fields: JsonObject, field: string): boolean {
  const value = fields[field];
  return typeof value === 'boolean' ? value : malformed(field, `neither true nor false but ${told(value)}`);
}

/** Hex of so many bytes, with or without `0x`; lower-case and without it in the result. */
export function hexOf(fields: JsonObject, field: string, bytes: number): string {
  const value = plainHex(fields[field]);
  return value?.length === 2 * bytes ? value : malformed(field, `no ${bytes} bytes in hex but ${told(fields[field])}`);
}

/** As `hexOf`; undefined where the field is missing or null. */
export function optionalHexOf(fields: JsonObject, field: string, bytes: number): string | undefined {
  return fields[field] === undefined || fields[field] === null ? undefined : hexOf(fields, field, bytes);
}

/** Hex digits, with or without `0x`, of any number up to `most`; without it in the result. */
export function digitsOf(fields: JsonObject, field: string, most: number): string {
  const value = plainHex(fields[field]);
  return value !== undefined && value.length <= most ? value : malformed(field, `no hex of at most ${most} digits but ${told(fields[field])}`);
}

function plainHex(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const digits = (value.startsWith('0x') ? value.slice(2) : value).toLowerCase();
  return /^[0-9a-f]*$/u.test(digits) ? digits : undefined;
}

function told(value: unknown): string {
  return typeof value === 'string' ? `text "${value.slice(0, TOLD)}"` : value === null ? 'null' : Array.isArray(value) ? 'a list' : `${typeof value} ${typeof value === 'object' ? '' : String(value)}`.trim().slice(0, TOLD);
}
