import { describe, expect, it } from 'vitest';
import { friendlyAddress } from '../../chains/albatross/transactions/address-text.ts';
import { addressOf, validAddress } from './address-of.ts';

const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';

describe('an address that a person enters', () => {
  it.each([RICH, RICH.replaceAll(' ', ''), RICH.toLowerCase(), ` ${RICH.replaceAll(' ', '-')} `, RICH.replaceAll(' ', '+')])('%s is read', (text) => {
    expect(addressOf(text)).toEqual({ address: RICH });
    expect(validAddress(text)).toBe(RICH);
  });

  it('is read for any address', () => {
    for (let byte = 0; byte < 256; byte++) {
      const address = friendlyAddress(new Uint8Array(20).fill(byte));
      expect(addressOf(address)).toEqual({ address });
    }
  });

  it.each([
    ['', { code: 'empty' }],
    ['DE46 U66M', { code: 'not-nimiq' }],
    [`0x${'ab'.repeat(20)}`, { code: 'hex' }],
    ['ab'.repeat(20), { code: 'hex' }],
    [RICH.slice(0, -1), { code: 'length', data: 35 }],
    [`${RICH}A`, { code: 'length', data: 37 }],
    [RICH.replace('0DJ7', 'ODJ7'), { code: 'character', data: 'O' }],
    [RICH.replace('813A', '813!'), { code: 'character', data: '!' }],
    [RICH.replace('U66M', '6U6M'), { code: 'checksum' }],
    [RICH.replace('NQ46', 'NQ47'), { code: 'checksum' }],
  ])('%s is none', (text, problem) => {
    expect(addressOf(text)).toEqual({ problem });
    expect(validAddress(text)).toBe(undefined);
  });
});
