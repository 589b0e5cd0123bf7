import { expect, it } from 'vitest';
import { stateQuestion, type Typed } from './state-question.ts';

const account = 'ST000000000000000000002AMW42H';
const contract = `${account}.signers`;
const ask = (typed: Partial<Typed>, mainnet = false) => stateQuestion({ kind: 'account', principal: contract, name: 'name', key: '', ...typed }, mainnet);

it('each kind asks for its own key', () => {
  expect(ask({ principal: ` '${account} ` })).toEqual({ kind: 'account', principal: account });
  expect(ask({ principal: contract })).toEqual({ kind: 'account', principal: contract });
  expect(ask({ kind: 'contract' })).toEqual({ kind: 'key', key: { kind: 'contract', contract } });
  expect(ask({ kind: 'variable', name: 'last-set-cycle' })).toEqual({ kind: 'key', key: { kind: 'variable', contract, name: 'last-set-cycle' } });
  expect(ask({ kind: 'token-supply' })).toMatchObject({ key: { kind: 'token-supply' } });
  expect(ask({ kind: 'map-entry', key: 'u5' })).toMatchObject({ key: { kind: 'map-entry', key: `01${'5'.padStart(32, '0')}` } });
  expect(ask({ kind: 'asset-owner', key: 'true' })).toMatchObject({ key: { kind: 'asset-owner', asset: '03' } });
  expect(ask({ kind: 'token-balance', key: account })).toMatchObject({ key: { kind: 'token-balance', owner: account } });
});

it('says what is wrong with what was typed', () => {
  const said = (typed: Partial<Typed>) => {
    const question = ask(typed);
    return question.kind === 'wrong' ? question.text : undefined;
  };
  expect(said({ principal: `${account}X` })).toContain('checksum');
  expect(said({ principal: '' })).toBe('Enter an address.');
  for (const kind of ['contract', 'variable', 'map-entry'] as const) expect(said({ kind, principal: account })).toContain('is no contract');
  expect(said({ kind: 'variable', name: 'a b' })).toContain('no name');
  expect(said({ kind: 'map-entry', key: 'zz' })).toContain('no value of Clarity');
  expect(said({ kind: 'asset-owner', key: '' })).toBe('Enter a value of Clarity.');
  expect(said({ kind: 'token-balance', key: 'u5' })).toContain('no address');
});

it('an address of the other network is refused, of an account, a contract and an owner', () => {
  const main = 'SP000000000000000000002Q6VF78';
  for (const typed of [{ principal: main }, { kind: 'contract', principal: `${main}.pox` }, { kind: 'token-balance', key: main }] as const) {
    expect(ask(typed)).toEqual({ kind: 'wrong', text: expect.stringContaining('begin with ST or SN') as unknown });
  }
  expect(ask({ principal: main }, true)).toEqual({ kind: 'account', principal: main });
  expect(ask({ principal: account }, true)).toEqual({ kind: 'wrong', text: expect.stringContaining('begin with SP or SM') as unknown });
  expect(ask({ kind: 'variable', principal: contract }, true)).toMatchObject({ kind: 'wrong' });
});
