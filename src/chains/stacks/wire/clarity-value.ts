/**
 * Values of the contract language Clarity, as a contract keeps them in the state of the chain.
 * @module
 */
import type { Principal } from './principal.ts';

export type ClarityValue =
  /** -2^127 to 2^127 - 1. */
  | { readonly type: 'int'; readonly value: bigint }
  /** 0 to 2^128 - 1. */
  | { readonly type: 'uint'; readonly value: bigint }
  | { readonly type: 'buffer'; readonly bytes: Uint8Array }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'principal'; readonly principal: Principal }
  | { readonly type: 'ok' | 'err' | 'some'; readonly value: ClarityValue }
  | { readonly type: 'none' }
  /** The items should be of one type; the decoder does not compare their types. */
  | { readonly type: 'list'; readonly items: readonly ClarityValue[] }
  /** Ascending by name, byte by byte; each name once. */
  | { readonly type: 'tuple'; readonly fields: readonly TupleField[] }
  /** Printable ASCII, and the white space 09, 0a, 0c, 0d. */
  | { readonly type: 'ascii'; readonly text: string }
  | { readonly type: 'utf8'; readonly text: string };

export interface TupleField {
  readonly name: string;
  readonly value: ClarityValue;
}

/** Type bytes of the serialised form (Stacks improvement proposal 5, "Clarity value representation"). */
export const CLARITY_TYPE = {
  int: 0x00, uint: 0x01, buffer: 0x02, true: 0x03, false: 0x04, standard: 0x05, contract: 0x06, ok: 0x07, err: 0x08, none: 0x09, some: 0x0a, list: 0x0b, tuple: 0x0c, ascii: 0x0d,
  utf8: 0x0e,
} as const;

/** Values within one another at most: the depth that the language allows a type. */
export const MAX_CLARITY_DEPTH = 32;
/** Bytes of a serialised value at most: twice the 1 MiB that the language allows a value, as nodes bound it. */
export const MAX_CLARITY_BYTES = 2 * 1024 * 1024;
/** Bytes in a buffer or a text at most: the largest value of the language. */
export const MAX_CLARITY_DATA = 1024 * 1024;
/** Characters of a name at most; its length is one byte. */
export const MAX_NAME = 128;

/** Whether a text is a name of the language: of a field, a variable, a map or a token. */
export function isClarityName(text: string): boolean {
  return text.length <= MAX_NAME && /^(?:[a-zA-Z][a-zA-Z0-9\-_!?+<>=/*]*|[-+=/*]|[<>]=?)$/u.test(text);
}

/** Whether an ASCII text of the language may have this character code. */
export function isClarityAscii(code: number): boolean {
  return (code >= 0x20 && code <= 0x7e) || code === 0x09 || code === 0x0a || code === 0x0c || code === 0x0d;
}
