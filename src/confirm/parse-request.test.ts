import { anything, assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequest } from './parse-request.ts';

const nonce = '0123456789abcdef0123456789abcdef';
const base = { nonce, host: 'https://shop.example', network: 'main-albatross' };
const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';
const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const payment = { ...base, kind: 'payment', recipient: RICH, value: '150000' };
const wrongField = (value: unknown) => {
  const parsed = parseRequest(value);
  return 'field' in parsed ? parsed.field : undefined;
};

describe('a request', () => {
  it('of each kind is taken, with addresses in groups', () => {
    expect(parseRequest({ ...base, kind: 'accounts' })).toEqual({ request: { ...base, kind: 'accounts' } });
    expect(parseRequest({ ...payment, recipient: RICH.replaceAll(' ', '').toLowerCase(), fee: '0', message: 'ä'.repeat(32), sender: NOBODY })).toEqual({ request: { ...payment, fee: '0', message: 'ä'.repeat(32), sender: NOBODY } });
    expect(parseRequest({ ...base, kind: 'message', message: '' })).toMatchObject({ request: { message: '' } });
    expect(parseRequest({ ...base, kind: 'staking', action: 'update-staker', delegation: NOBODY, reactivateAllStake: true })).toMatchObject({ request: { action: 'update-staker', reactivateAllStake: true } });
    expect(parseRequest({ ...base, kind: 'staking', action: 'set-active-stake', value: '0' })).toMatchObject({ request: { value: '0' } });
    expect(parseRequest({ ...base, host: 'http://localhost:5173', network: '/nets/own.json', kind: 'accounts' })).toHaveProperty('request');
  });

  it('with a wrong field is refused by the name of the field', () => {
    const cases: readonly (readonly [string, Record<string, unknown>])[] = [
      ['nonce', { nonce: nonce.toUpperCase() }], ['nonce', { nonce: 5 }], ['kind', { kind: 'export' }], ['kind', { kind: 'toString' }],
      ['host', { host: 'null' }], ['host', { host: 'https://shop.example/' }], ['host', { host: 'javascript:alert(1)' }], ['host', { host: 'HTTPS://shop.example' }], ['host', { host: 'https://ѕhop.example' }], ['host', { host: undefined }],
      ['network', { network: '//evil.example/n.json' }], ['network', { network: 'mainnet' }], ['network', { network: '/a?b' }],
      ['recipient', { recipient: RICH.replace('U66M', '6U6M') }], ['recipient', { recipient: 'ab'.repeat(20) }], ['recipient', { recipient: undefined }],
      ['value', { value: 150000 }], ['value', { value: '0' }], ['value', { value: '1.5' }], ['value', { value: '-1' }], ['value', { value: '2100000000000001' }], ['value', { value: '007' }], ['value', { value: undefined }],
      ['fee', { fee: '2100000000000000' }], ['fee', { fee: '' }],
      ['message', { message: 'ä'.repeat(33) }], ['message', { message: '\ud800' }], ['message', { message: 5 }],
      ['sender', { sender: RICH }], ['sender', { sender: 'me' }],
      ['validityStartHeight', { validityStartHeight: 5 }], ['data', { data: '00' }],
    ];
    for (const [field, change] of cases) expect([wrongField({ ...payment, ...change }), change]).toEqual([field, change]);
    expect(parseRequest({ ...payment, value: '0' })).toEqual({ field: 'value', nonce });
    expect(parseRequest({ ...payment, nonce: 'x' })).toEqual({ field: 'nonce', nonce: '' });
  });

  it('for staking takes only what its action has', () => {
    const staking = { ...base, kind: 'staking' };
    expect(wrongField({ ...staking, action: 'create-staker', value: '9999999' })).toBe('value');
    expect(wrongField({ ...staking, action: 'add-stake' })).toBe('value');
    expect(wrongField({ ...staking, action: 'add-stake', value: '1', delegation: NOBODY })).toBe('delegation');
    expect(wrongField({ ...staking, action: 'update-staker', value: '1' })).toBe('value');
    expect(wrongField({ ...staking, action: 'retire-stake', value: '1', reactivateAllStake: true })).toBe('reactivateAllStake');
    expect(wrongField({ ...staking, action: 'update-staker', reactivateAllStake: 'yes' })).toBe('reactivateAllStake');
    expect(wrongField({ ...staking, action: 'delete-validator', value: '1' })).toBe('action');
  });

  it('gets its host from the browser where that tells it', () => {
    expect(parseRequest({ ...payment, host: 'https://bank.example' }, 'https://shop.example')).toMatchObject({ request: { host: 'https://shop.example' } });
  });

  it('may be anything', () => {
    for (const value of [undefined, null, 'x', 5, [], new Date(0), JSON.parse('{"__proto__": {"kind": "accounts"}}')]) expect(parseRequest(value)).toHaveProperty('field');
    assert(
      property(anything(), (value) => {
        expect(parseRequest(value)).toHaveProperty('field');
      }),
    );
  });
});
