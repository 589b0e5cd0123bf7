import { describe, expect, it } from 'vitest';
import { readLookUp } from './look-up.ts';
import { accountHref, blockHref, parseRoute } from './route.ts';

const hash = 'ab'.repeat(32);

describe('the input of the block search (issue 12.3)', () => {
  it.each([
    ['300', 300],
    [' #300 ', 300],
    ['1,234,567', 1_234_567],
    ['1.234.567', 1_234_567],
    ['1 234', 1234],
    [`0x${hash.toUpperCase()}`, hash],
    [hash, hash],
  ])('%s is a block', (text, key) => {
    expect(readLookUp(text)).toEqual({ kind: 'block', key });
  });

  it.each([
    ['NQ07 0000 0000 0000 0000 0000 0000 0000 0000', 'address'],
    ['nq0700000000', 'address'],
    ['NQ07 0000 000!', 'address'],
    ['NQ 4', 'address'],
    [`0x${'ab'.repeat(20)}`, 'address'],
    ['ab'.repeat(20), 'address'],
    ['  ', 'empty'],
    ['1.5', 'unknown'],
    ['1,2345', 'unknown'],
    ['-3', 'unknown'],
    ['4294967296', 'unknown'],
    [hash.slice(1), 'unknown'],
    ['block', 'unknown'],
  ])('%s is no block: %s', (text, kind) => {
    expect(readLookUp(text)).toEqual({ kind });
  });
});

describe('the address of a block (issue 12.3)', () => {
  it('is read back as it was written', () => {
    for (const key of [0, 300, 0xffff_ffff, hash]) expect(parseRoute(blockHref(key))).toEqual({ block: key });
  });

  it.each(['', '#', '#/', '#/block/', '#/other/300'])('%s is the overview', (text) => {
    expect(parseRoute(text)).toEqual({ block: undefined });
  });

  it.each(['x', '1e3', '4294967296', '300/more', hash.slice(1), '%33'])('%s is invalid: the page shows the overview and reports it', (wrong) => {
    expect(parseRoute(`#/block/${wrong}`)).toEqual({ block: undefined, wrong });
  });
});

describe('the address of an account (issue 14)', () => {
  it('is read back as it was written, and whatever else is there is left to the page of the account', () => {
    expect(parseRoute(accountHref('NQ07 0000 0000'))).toEqual({ block: undefined, account: 'NQ0700000000' });
    expect(parseRoute('#/account/NQ07%200000/')).toEqual({ block: undefined, account: 'NQ07 0000' });
    expect(parseRoute('#/account/%')).toEqual({ block: undefined, account: '%' });
    expect(parseRoute('#/account/')).toEqual({ block: undefined });
  });
});
