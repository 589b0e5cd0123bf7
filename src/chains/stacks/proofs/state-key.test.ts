import { Cl, cvToHex } from '@stacks/transactions';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { madeProofs, recordedProofs } from '../../../../test/support/stacks-proof-vectors.ts';
import { codesOf } from '../../../../test/support/stacks-fuzz.ts';
import { runs } from '../../../../test/support/runs.ts';
import { toHex } from '../../../base/bytes.ts';
import { principalText } from '../wire/principal.ts';
import { pathOfKey } from './marf-hash.ts';
import { parseStateKey, serialisedHex, stateKeyText } from './state-key.ts';
import type { StateKey } from './state-key.ts';

const store = 'STV500SQBMS2P9JJYCTK6Q55X4N2NCV2GFAHDN1E.store';
const user = 'STV500SQBMS2P9JJYCTK6Q55X4N2NCV2GFAHDN1E';

describe('keys of the state', () => {
  it('are those of the recorded proofs, and so are their paths', () => {
    for (const { key, path } of recordedProofs.filter(({ path }) => path !== '')) {
      expect(stateKeyText(parseStateKey(key))).toBe(key);
      expect(toHex(pathOfKey(key))).toBe(path);
    }
    expect(madeProofs.map(({ key, path }) => toHex(pathOfKey(key)) === path)).not.toContain(false);
  });

  it('each kind has its text', () => {
    const texts: readonly (readonly [StateKey, string])[] = [
      [{ kind: 'balance', account: user }, `vm-account::${user}::19`],
      [{ kind: 'nonce', account: store }, `vm-account::${store}::18`],
      [{ kind: 'contract', contract: store }, `clarity-contract::${store}`],
      [{ kind: 'map-entry', contract: store, name: 'notes', key: serialisedHex({ type: 'tuple', fields: [{ name: 'id', value: { type: 'uint', value: 3n } }] }) }, `vm::${store}::0::notes::${cvToHex(Cl.tuple({ id: Cl.uint(3) })).replace(/^0x/u, '')}`],
      [{ kind: 'variable', contract: store, name: 'counter' }, `vm::${store}::1::counter`],
      [{ kind: 'token-balance', contract: store, name: 'gold', owner: user }, `vm::${store}::2::gold::{"Standard":[26,[54,80,3,55,93,50,43,38,82,243,53,51,92,165,233,42,42,179,98,131]]}`],
      [{ kind: 'token-balance', contract: store, name: 'gold', owner: store }, `vm::${store}::2::gold::{"Contract":{"issuer":[26,[54,80,3,55,93,50,43,38,82,243,53,51,92,165,233,42,42,179,98,131]],"name":"store"}}`],
      [{ kind: 'token-supply', contract: store, name: 'gold' }, `vm::${store}::3::gold`],
      [{ kind: 'asset-owner', contract: store, name: 'badge', asset: `01${'1'.padStart(32, '0')}` }, `vm::${store}::4::badge::0100000000000000000000000000000001`],
    ];
    for (const [key, text] of texts) {
      expect(stateKeyText(key)).toBe(text);
      expect(parseStateKey(text)).toEqual(key);
    }
  });

  it('are read as they were written', () => {
    const account = fc.record({ version: fc.constantFrom(20, 21, 22, 26), hash: fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex), contract: fc.option(fc.constantFrom('a', 'pox-4', 'B_2'), { nil: undefined }) }).map(principalText);
    const contract = account.map((text) => (text.includes('.') ? text : `${text}.c`));
    const name = fc.constantFrom('a', 'name?', '-', '<=', 'x/y*z');
    const hex = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((value) => serialisedHex({ type: 'uint', value })), fc.string({ unit: 'binary' }).map((text) => serialisedHex({ type: 'utf8', text })));
    const key = fc.oneof(
      fc.record({ kind: fc.constantFrom('balance' as const, 'nonce' as const), account }),
      fc.record({ kind: fc.constant('contract' as const), contract }),
      fc.record({ kind: fc.constantFrom('variable' as const, 'token-supply' as const), contract, name }),
      fc.record({ kind: fc.constant('map-entry' as const), contract, name, key: hex }),
      fc.record({ kind: fc.constant('token-balance' as const), contract, name, owner: account }),
      fc.record({ kind: fc.constant('asset-owner' as const), contract, name, asset: hex }),
    );
    fc.assert(fc.property(key, (key) => {
      expect(parseStateKey(stateKeyText(key))).toEqual(key);
    }), runs(200, 20_000));
  });

  it('another text is refused with a code', () => {
    const code = (text: string) => codesOf(() => parseStateKey(text), new Uint8Array());
    const wrong = [
      '', 'vm', `vm-account::${user}::17`, `vm-account::${user}::19 `, `vm-account::${user.toLowerCase()}::19`, `vm-account::${user}.1a::19`, `clarity-contract::${user}`, `vm::${user}::1::counter`, `vm::${store}::1::`,
      `vm::${store}::1::a b`, `vm::${store}::1::counter::00`, `vm::${store}::5::counter`, `vm::${store}::3::gold::1`, `vm::${store}::0::notes`, `vm::${store}::0::notes::`, `vm::${store}::0::notes::zz`,
      `vm::${store}::0::notes::0a`, `vm::${store}::4::badge::0A09`, `vm::${store}::2::gold::${user}`, `vm::${store}::2::gold::{"Standard":[26,[54]]}`, `vm::${store}::2::gold::{"Standard":[99,[${'0,'.repeat(19)}0]]}`,
      `vm::${store}::2::gold::{"Standard":[26,[${'300,'.repeat(19)}0]]}`, `vm::${store}::2::gold::{"Standard":[26,[${'00,'.repeat(19)}0]]}`, `vm::${store}::2::gold::{"Standard":{"issuer":[26,[${'0,'.repeat(19)}0]]}`,
      `vm::${store}::2::gold::{"Contract":[26,[${'0,'.repeat(19)}0]]}`, `vm::${store}::2::gold::{"Contract":{"issuer":[26,[${'0,'.repeat(19)}0]],"name":"1"}}`, 'x'.repeat(3_000_000),
    ];
    for (const text of wrong) expect([text.slice(0, 120), code(text)]).toEqual([text.slice(0, 120), 'key']);
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map((text) => `vm::${store}::${text}`)), (text) => {
      expect(['key', undefined]).toContain(code(text));
    }), runs(300, 100_000));
  });

  it('what is no account, contract, name or value has no key', () => {
    const code = (key: StateKey) => codesOf(() => stateKeyText(key), new Uint8Array());
    expect(code({ kind: 'balance', account: 'ST' })).toBe('key');
    expect(code({ kind: 'contract', contract: user })).toBe('key');
    expect(code({ kind: 'variable', contract: store, name: 'a::b' })).toBe('key');
    expect(code({ kind: 'map-entry', contract: store, name: 'a', key: '0' })).toBe('key');
  });
});
