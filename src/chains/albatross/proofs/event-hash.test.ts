import { describe, expect, it } from 'vitest';
import { addressHex } from '../../../../test/support/friendly-address.ts';
import { recording } from '../../../../test/support/node-recordings.ts';
import { walletProofs } from '../../../../test/support/wallet-proofs.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decode } from '../../../base/postcard/codec.ts';
import { historicTransaction } from '../wire/history.ts';
import type { HistoricEvent } from '../wire/history.ts';
import { eventHash } from './event-hash.ts';

const leaves = Object.values(recording('history-leaves')).flat();
const entries = leaves.map(({ bytes, txHash }) => ({ entry: decode(historicTransaction, fromHex(bytes)), txHash }));

describe('the hash of an entry', () => {
  it('is the one that a real node gives it', () => {
    expect(new Set(entries.map(({ entry }) => entry.event.type))).toEqual(new Set(['basic', 'reward', 'penalize']));
    for (const { entry, txHash } of entries) expect(eventHash(entry)).toBe(txHash);
  });

  it('of an equivocation does not depend on the block that reports it', () => {
    const event: HistoricEvent = { type: 'equivocation', locator: { type: 'fork', validator: new Uint8Array(20), blockNumber: 300 } };
    const hashes = [310, 320].map((blockNumber) => eventHash({ network: 7, blockNumber, blockTime: blockNumber, event }));
    expect(hashes[0]).toBe(hashes[1]);
    expect(eventHash({ network: 6, blockNumber: 310, blockTime: 310, event })).not.toBe(hashes[0]);
  });

  it('of a reward is the one that the official client showed', () => {
    const { hash, accepted } = walletProofs().history.reward;
    const validatorAddress = fromHex('a835960379caac695c8400d90f9c59ffd2355932');
    const event: HistoricEvent = { type: 'reward', validatorAddress, rewardAddress: fromHex(addressHex(accepted.recipient)), value: accepted.value };
    expect(eventHash({ network: 7, blockNumber: accepted.blockHeight, blockTime: accepted.timestamp, event })).toBe(hash);
  });
});
