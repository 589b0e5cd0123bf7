import { describe, expect, it } from 'vitest';
import type { TransactionView } from '../../client/types.ts';
import { acquaintanceOf, lookAlikeOf } from './known-recipient.ts';

const own = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const shop = 'NQ39 VBTN P2HX Q3MF KHF1 CCLA G6FS 9B8S VY28';
const alike = 'NQ11 VBTN 0000 0000 0000 0000 0000 0000 VY29';
const paid: TransactionView = {
  hash: '00', kind: 'transaction', state: 'confirmed', sender: own, recipient: shop, value: 1, fee: 0, blockHeight: 1, timestamp: 5, confirmations: 1, executionResult: true, bytes: new Uint8Array(0),
};

describe('a recipient', () => {
  it('was paid before only if a proven payment of the person says so', () => {
    expect(acquaintanceOf(shop, [own], { transactions: [paid, { ...paid, timestamp: 9 }], more: true })).toEqual({ kind: 'paid', last: 9 });
    expect(acquaintanceOf(shop, [own], { transactions: [{ ...paid, executionResult: false }], more: false })).toEqual({ kind: 'never' });
    expect(acquaintanceOf(shop, [own], { transactions: [{ ...paid, sender: alike }], more: false })).toEqual({ kind: 'never' });
    expect(acquaintanceOf(shop, [own], { transactions: [], more: true })).toEqual({ kind: 'not-lately' });
    expect(acquaintanceOf(shop, [own], { transactions: undefined, more: false })).toEqual({ kind: 'unknown' });
    expect(acquaintanceOf(own, [own], { transactions: undefined, more: false })).toEqual({ kind: 'own' });
  });

  it('W11: that looks like a known address is told apart', () => {
    expect(lookAlikeOf(alike, [own, shop])).toBe(shop);
    expect(lookAlikeOf(shop, [own, shop])).toBeUndefined();
    expect(lookAlikeOf(own, [shop])).toBeUndefined();
  });
});
