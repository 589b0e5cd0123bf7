/**
 * What a passkey signs instead of the content itself (Albatross proofs reference, 4.2; W3C Web Authentication, 6.3.3 and 5.8.1).
 * Tests: `test/keys/official-passkeys.test.ts`.
 * @module
 */
import { CodedError } from '../../../base/coded-error.ts';
import { concatBytes, equalBytes } from '../../../base/bytes.ts';
import { blake2b } from '../../../crypto/blake2b.ts';
import { sha256 } from '../../../crypto/sha256.ts';
import type { WebauthnFields } from '../wire/types.ts';

/** Bytes of the hash of the relying party's id, with which authenticator data begins. */
const RP_ID_LENGTH = 32;
const TYPE_AND_CHALLENGE = '{"type":"webauthn.get","challenge":"';
const ORIGIN = '","origin":"';
const NOT_CROSS_ORIGIN = ',"crossOrigin":false';
const CROSS_ORIGIN = ',"crossOrigin":true';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The bytes that the authenticator signed for `content`: SHA-256 of the origin's host, the rest of the authenticator data, SHA-256 of the
 * client data, whose challenge is the Blake2b hash of the content. Undefined if the fields have no valid text or origin.
 */
export function webauthnMessage(fields: WebauthnFields, content: Uint8Array): Uint8Array | undefined {
  const origin = textOf(fields.originJson);
  const extra = textOf(fields.clientDataExtraJson);
  const host = origin === undefined ? undefined : hostOf(origin);
  if (extra === undefined || host === undefined) return undefined;
  const crossOrigin = fields.hasCrossOriginField ? NOT_CROSS_ORIGIN : '';
  const clientData = `${TYPE_AND_CHALLENGE}${base64url(blake2b(content))}${ORIGIN}${origin}"${crossOrigin}${extra}}`;
  return concatBytes(sha256(encoder.encode(host)), fields.authenticatorDataSuffix, sha256(encoder.encode(clientData)));
}

/**
 * - `not-text`: the client data is not UTF-8.
 * - `wrong-form`: the client data is not written as the specification has it, or is for another purpose than to sign.
 * - `cross-origin`: it was made in a frame of another origin; Albatross has no form for that.
 * - `no-host`: the origin has no host.
 * - `authenticator-too-short`: less than the 32 bytes of the relying party's id.
 * - `other-host`: the authenticator signed for another relying party than the origin's host.
 */
export type WebauthnDataErrorCode = 'not-text' | 'wrong-form' | 'cross-origin' | 'no-host' | 'authenticator-too-short' | 'other-host';

/** An authenticator's answer that cannot become a proof. */
export class WebauthnDataError extends CodedError<WebauthnDataErrorCode> {
  override readonly name = 'WebauthnDataError';
}

/**
 * The fields of the proof from an authenticator's answer: `authenticatorData` and `clientDataJSON` as the browser gives them. The challenge
 * is not compared with anything.
 * @throws {WebauthnDataError}
 */
export function webauthnFieldsOf(authenticatorData: Uint8Array, clientDataJson: Uint8Array): WebauthnFields {
  const text = textOf(clientDataJson);
  if (text === undefined) throw new WebauthnDataError('not-text', 'client data: expected UTF-8');
  if (!text.startsWith(TYPE_AND_CHALLENGE)) throw new WebauthnDataError('wrong-form', `client data: expected ${TYPE_AND_CHALLENGE} first`);
  const originAt = text.indexOf('"', TYPE_AND_CHALLENGE.length);
  const originStart = originAt + ORIGIN.length;
  const originEnd = text.indexOf('"', originStart);
  if (originAt < 0 || !text.startsWith(ORIGIN, originAt) || originEnd < 0) throw new WebauthnDataError('wrong-form', 'client data: expected the origin after the challenge');
  const originJson = text.slice(originStart, originEnd);
  const rest = text.slice(originEnd + 1);
  if (rest.startsWith(CROSS_ORIGIN)) throw new WebauthnDataError('cross-origin', 'crossOrigin must be false');
  const hasCrossOriginField = rest.startsWith(NOT_CROSS_ORIGIN);
  const extra = hasCrossOriginField ? rest.slice(NOT_CROSS_ORIGIN.length) : rest;
  if (!extra.endsWith('}') || (extra.length > 1 && !extra.startsWith(','))) throw new WebauthnDataError('wrong-form', 'client data: expected further fields or the end');
  if (authenticatorData.length < RP_ID_LENGTH) throw new WebauthnDataError('authenticator-too-short', `authenticator data: expected ${RP_ID_LENGTH} bytes or more, got ${authenticatorData.length}`);
  const host = hostOf(originJson);
  if (host === undefined) throw new WebauthnDataError('no-host', `origin: expected a URL with a host, got ${originJson}`);
  if (!equalBytes(sha256(encoder.encode(host)), authenticatorData.subarray(0, RP_ID_LENGTH))) throw new WebauthnDataError('other-host', `authenticator data: expected a signature for ${host}`);
  return {
    originJson: encoder.encode(originJson),
    hasCrossOriginField,
    clientDataExtraJson: encoder.encode(extra.slice(0, -1)),
    authenticatorDataSuffix: new Uint8Array(authenticatorData.subarray(RP_ID_LENGTH)),
  };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The host of an origin written as in JSON, without its port. */
function hostOf(originJson: string): string | undefined {
  try {
    const { hostname } = new URL(JSON.parse(`"${originJson}"`) as string);
    return hostname === '' ? undefined : hostname;
  } catch {
    return undefined;
  }
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Base64 with `-` and `_`, without padding (RFC 4648, 5). */
function base64url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let digit = 0; digit < Math.min(4, bytes.length - i + 1); digit += 1) text += BASE64URL.charAt((group >> (18 - 6 * digit)) & 63);
  }
  return text;
}
