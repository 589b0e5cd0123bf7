import { Cl, addressFromVersionHash, addressToString, createAddress, getAddressFromPublicKey, serializeCVBytes } from '@stacks/transactions';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesOf } from '../../../../test/support/stacks-fuzz.ts';
import { runs } from '../../../../test/support/runs.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { hash160 } from '../../../crypto/hash160.ts';
import { decodeAddress, encodeAddress } from './c32.ts';
import { ClarityError } from './clarity-error.ts';
import { ADDRESS_VERSION, parsePrincipal, principalText } from './principal.ts';

const hash = fc.oneof(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.nat(20).map((zeros) => new Uint8Array(20).fill(0xff, zeros)));

describe('addresses', () => {
  it('are those of the official library, both ways', () => {
    fc.assert(
      fc.property(hash, fc.constantFrom(...Object.values(ADDRESS_VERSION)), (hash, version) => {
        const address = encodeAddress(version, hash);
        expect(address).toBe(addressToString(addressFromVersionHash(version as never, toHex(hash))));
        expect(createAddress(address)).toMatchObject({ version, hash160: toHex(hash) });
        expect(decodeAddress(address)).toEqual({ version, hash });
      }),
      runs(200, 20_000),
    );
  });

  it('the boot addresses, and that of a key', () => {
    expect(encodeAddress(22, new Uint8Array(20))).toBe('SP000000000000000000002Q6VF78');
    expect(encodeAddress(26, new Uint8Array(20))).toBe('ST000000000000000000002AMW42H');
    const key = '03797dd653040d344fd048c1ad05d4cbcb2178b30c6a0c4276994795f3e833da41';
    expect(encodeAddress(ADDRESS_VERSION.mainSingle, hash160(fromHex(key)))).toBe(getAddressFromPublicKey(key, 'mainnet'));
    expect(encodeAddress(ADDRESS_VERSION.testSingle, hash160(fromHex(key)))).toBe(getAddressFromPublicKey(key, 'testnet'));
  });

  it('a changed, missing or added character is refused, and so is another spelling', () => {
    const address = 'STV500SQBMS2P9JJYCTK6Q55X4N2NCV2GFAHDN1E';
    const wrong = [...Array.from(address, (letter, at) => address.slice(0, at) + (letter === '7' ? '8' : '7') + address.slice(at + 1)), ...Array.from(address, (_, at) => address.slice(0, at) + address.slice(at + 1)),
      `${address}0`, address.toLowerCase(), address.replace('1', 'I'), address.replace('0', 'O'), ` ${address}`, 'S', '', 'ST', `ST0${address.slice(2)}`, 'S'.repeat(1000)];
    for (const text of wrong) expect(() => decodeAddress(text)).toThrow(ClarityError);
    expect(() => encodeAddress(32, new Uint8Array(20))).toThrow(ClarityError);
    expect(() => encodeAddress(22, new Uint8Array(19))).toThrow(ClarityError);
  });
});

describe('principals', () => {
  it('of accounts and contracts, as text and as the bytes of the official library', () => {
    for (const text of ['STV500SQBMS2P9JJYCTK6Q55X4N2NCV2GFAHDN1E', 'SP000000000000000000002Q6VF78.pox-4', 'ST000000000000000000002AMW42H.a_B-9']) {
      const principal = parsePrincipal(text);
      expect(principalText(principal)).toBe(text);
      expect(toHex(serializeCVBytes(Cl.principal(text)))).toContain(principal.hash);
    }
  });

  it('no names, wrong hashes and anything else is refused with a code', () => {
    for (const name of ['', '1a', 'a b', 'a.b', 'a'.repeat(129), 'ä']) expect(() => parsePrincipal(`ST000000000000000000002AMW42H.${name}`)).toThrow(ClarityError);
    expect(() => principalText({ version: 22, hash: 'AB'.repeat(20) })).toThrow(ClarityError);
    expect(() => principalText({ version: 22, hash: '00'.repeat(20), contract: '9' })).toThrow(ClarityError);
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map((text) => `SP${text}`)), (text) => {
      expect(codesOf(() => expect(principalText(parsePrincipal(text))).toBe(text), new Uint8Array())).not.toBe('');
    }), runs(500, 100_000));
  });
});
