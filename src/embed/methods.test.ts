import { describe, expect, it } from 'vitest';
import type { ConfirmAnswer, ConfirmRequest } from '../widget/confirm-messages.ts';
import type { Plain } from '../widget/plain-data.ts';
import { codes, ProviderError } from '../widget/provider-error.ts';
import { keptIn } from './kept.ts';
import { methodsOf, type MethodsOptions } from './methods.ts';
import { Permissions } from './permissions.ts';

const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const needKeys = ['listAccounts', 'sign', 'sendBasicTransaction', 'sendBasicTransactionWithData', 'sendNewStakerTransaction', 'sendStakeTransaction', 'sendUpdateStakerTransaction', 'sendSetActiveStakeTransaction', 'sendRetireStakeTransaction', 'sendRemoveStakeTransaction'];

function setUp(answer: (request: ConfirmRequest) => ConfirmAnswer = () => { throw new ProviderError(codes.rejected, 'closed'); }) {
  const asked: ConfirmRequest[] = [];
  const sent: string[] = [];
  const state = { refused: undefined as ReturnType<MethodsOptions['signingRefused']>, rejected: 0, consensus: 'established' };
  const client = {
    on: (_: string, listener: (status: unknown) => void) => {
      queueMicrotask(() => listener({ consensus: state.consensus, peers: { live: 3 }, reason: { code: 'offline' } }));
      return () => undefined;
    },
    getHead: async () => ({ known: true, latest: { height: 7, hash: 'h', timestamp: 1, trust: 'proven', finality: 'pending' }, final: { height: 5, hash: 'f', trust: 'proven' } }),
    accounts: { get: async () => ({ value: { type: 'basic', balance: 12 }, level: 'proven', finality: 'final', block: { height: 7, hash: 'h', timestamp: 1 } }) },
  };
  const permissions = new Permissions({ kept: keptIn(() => { throw new Error('denied'); }), host: 'https://shop.example', network: 'main-albatross', now: () => 1 });
  const handle = methodsOf({
    client: Promise.resolve(client as never),
    host: 'https://shop.example',
    network: 'main-albatross',
    permissions,
    asks: {
      ask: async (request) => {
        asked.push(request);
        return answer(request);
      },
    },
    deliver: async ({ transaction, hash }) => (sent.push(transaction), hash),
    payments: Promise.resolve({ rejected: () => void (state.rejected += 1) }),
    signingRefused: () => state.refused,
    ignored: () => 0,
  });
  const call = (method: string, params?: Plain) => handle(method, params, new AbortController().signal);
  return { call, asked, sent, state, permissions };
}

const signed = ({ nonce }: ConfirmRequest): ConfirmAnswer => ({ nonce, kind: 'transaction', transaction: '00', hash: 'cd'.repeat(32), sent: false });

describe('the frame’s methods', () => {
  it('answers what every host may ask', async () => {
    const { call, asked } = setUp();
    expect(await call('getBlockNumber')).toBe(7);
    expect(await call('getHead', null)).toMatchObject({ height: 7, final: { height: 5 } });
    expect(await call('getBalance', [{ address: RICH.replaceAll(' ', '') }])).toMatchObject({ address: RICH, balance: '12', level: 'proven' });
    expect(asked).toEqual([]);
  });

  it('asks /confirm with the host, the network and a fresh nonce, which no host can choose', async () => {
    const { call, asked, sent } = setUp(signed);
    expect(await call('sendBasicTransactionWithData', { recipient: RICH, value: 5, data: 'Thanks' })).toBe('cd'.repeat(32));
    await call('sendNewStakerTransaction', { delegation: RICH, value: '10000000', fee: 1 });
    await call('sendUpdateStakerTransaction', { newDelegation: RICH, reactivateAllStake: true });
    await call('sendSetActiveStakeTransaction', { newActiveBalance: 0 });
    expect(asked).toMatchObject([
      { kind: 'payment', host: 'https://shop.example', network: 'main-albatross', recipient: RICH, value: '5', message: 'Thanks' },
      { kind: 'staking', action: 'create-staker', delegation: RICH, value: '10000000', fee: '1' },
      { kind: 'staking', action: 'update-staker', delegation: RICH, reactivateAllStake: true },
      { kind: 'staking', action: 'set-active-stake', value: '0' },
    ]);
    expect(new Set(asked.map(({ nonce }) => nonce)).size).toBe(4);
    expect(sent).toHaveLength(4);
    await expect(call('sendBasicTransaction', { recipient: RICH, value: 5, host: 'https://bank.example' })).rejects.toMatchObject({ code: -32602, data: { reason: 'unknown-field', field: 'host' } });
  });

  it('refuses hosts that may not ask for keys, and those that the person blocked', async () => {
    const { call, state, permissions, asked } = setUp(signed);
    for (const [refused, code] of [['null-origin', 4100], ['nested-frame', 4100], ['host-isolated', 4200]] as const) {
      state.refused = refused;
      for (const method of needKeys) await expect(call(method, {})).rejects.toMatchObject({ code, data: { reason: refused } });
    }
    state.refused = undefined;
    permissions.block(true);
    for (const method of needKeys) await expect(call(method, {})).rejects.toMatchObject({ code: 4100, data: { reason: 'blocked' } });
    expect(asked).toEqual([]);
  });

  it('shares accounts after one question, and asks again when that was taken back', async () => {
    const { call, asked, permissions } = setUp(({ nonce }) => ({ nonce, kind: 'accounts', addresses: [RICH] }));
    expect(await call('listAccounts')).toEqual([RICH]);
    expect(await call('listAccounts')).toEqual([RICH]);
    expect(asked).toHaveLength(1);
    permissions.revokeAccounts();
    await call('listAccounts');
    expect(asked).toHaveLength(2);
  });

  it('tells of a refusal, and asks for no payment while the network is not there', async () => {
    const { call, state, asked } = setUp();
    await expect(call('sendBasicTransaction', { recipient: RICH, value: 5 })).rejects.toMatchObject({ code: 4001 });
    expect([state.rejected, asked.length]).toEqual([1, 1]);
    state.consensus = 'lost';
    await expect(call('sendBasicTransaction', { recipient: RICH, value: 5 })).rejects.toMatchObject({ code: 4900, data: { reason: 'offline' } });
    await expect(call('getBalance', { address: RICH })).rejects.toMatchObject({ code: 4900, data: { reason: 'offline' } });
    expect(asked).toHaveLength(1);
  });

  it('knows no other names', async () => {
    const { call } = setUp();
    for (const method of ['__proto__', 'constructor', 'export', 'signRaw']) await expect(call(method)).rejects.toMatchObject({ code: 4200, data: { reason: 'unknown-method' } });
  });
});
