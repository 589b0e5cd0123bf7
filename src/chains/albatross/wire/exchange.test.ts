import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { requestMessage, responseMessage } from './exchange.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import { proofRequests } from './proof-requests.ts';

// Captured from the network (Albatross network reference, 3.7).
const address = 'e18d595a8d0364703937c1fd9ea67d8a4e64046a';
const captured = `af03012814${address}`;
const exchange = proofRequests['2.x']['trie-proof'];

describe('a request message', () => {
  it('is the wire type and the body', () => {
    expect(toHex(encode(requestMessage(exchange), { keys: [address] }))).toBe(captured);
    expect(decode(requestMessage(exchange), fromHex(captured))).toEqual({ keys: [address] });
  });

  it('of another type, or without an expected answer, is refused', () => {
    for (const type of ['ad03', 'ae03']) {
      expect(() => decode(requestMessage(exchange), fromHex(`${type}${captured.slice(4)}`))).toThrow(expect.objectContaining({ name: 'DecodeError', code: 'invalid-value', offset: 0 }));
    }
  });
});

describe('a response message', () => {
  it('is an answer, or an error of the network layer', () => {
    expect(decode(responseMessage(exchange), fromHex('000101'))).toEqual({ ok: true, value: { ok: false, error: { name: 'EmptyKeys', heights: [] } } });
    expect(decode(responseMessage(exchange), fromHex('0104'))).toEqual({ ok: false, error: 'rate-limited' });
    expect(toHex(encode(responseMessage(exchange), { ok: false, error: 'no-receiver' }))).toBe('0101');
  });
});
