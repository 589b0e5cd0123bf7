import { expect, it } from 'vitest';
import { ManualClock } from '../../../../../test/support/manual-clock.ts';
import { RequestError } from '../../../../engine/peers/peer-net.ts';
import type { SyncPeer } from '../../sync/net.ts';
import { services } from '../../wire/services.ts';
import { ProofAsker, UselessAnswer } from './proof-asker.ts';

it('asks all peers that a client has by default, though the others before deny what is asked for', async () => {
  const peers: readonly SyncPeer[] = Array.from({ length: 12 }, (_, n) => ({ id: n === 11 ? 'honest' : `denies${n}`, services: services.transactionIndex, subnet: `s${n}`, witness: true }));
  const reports: unknown[] = [];
  const asker = new ProofAsker({
    clock: new ManualClock(), report: (...report) => void reports.push(report), rank: (ids) => ids,
    net: () => ({ peers: () => peers, request: async () => ({ receipts: [] }) as never }),
  });
  const check = (_: unknown, peer: string) => {
    if (peer !== 'honest') throw new UselessAnswer('TransactionNotFound');
    return peer;
  };
  expect(await asker.ask({ kind: 'receipts', body: { address: new Uint8Array(20), max: 1, startAt: undefined }, service: 'transactionIndex', check })).toBe('honest');
  expect(reports).toEqual([]);
});

it('says how many peers were not heard', async () => {
  const peers: readonly SyncPeer[] = ['denies', 'busy', 'gone'].map((id) => ({ id, services: services.transactionIndex, subnet: id, witness: true }));
  const asker = new ProofAsker({
    clock: new ManualClock(), report: () => undefined, rank: (ids) => ids,
    net: () => ({ peers: () => peers, request: async (peer) => (peer === 'denies' ? ({ receipts: [] } as never) : Promise.reject(new RequestError(peer === 'busy' ? 'rate-limited' : 'timeout', 'stands for any'))) }),
  });
  const check = () => {
    throw new UselessAnswer('TransactionNotFound');
  };
  await expect(asker.ask({ kind: 'receipts', body: { address: new Uint8Array(20), max: 1, startAt: undefined }, service: 'transactionIndex', check })).rejects.toMatchObject({ code: 'no-answer', data: { asked: 3, unheard: 2 } });
});
