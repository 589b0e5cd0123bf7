import { decode } from '../../src/base/postcard/codec.ts';
import { accountTypes } from '../../src/chains/albatross/transactions/account-type.ts';
import { extendedForm } from '../../src/chains/albatross/transactions/derive-format.ts';
import { stakingData } from '../../src/chains/albatross/transactions/staking-data.ts';
import type { HistoricTransaction } from '../../src/chains/albatross/wire/history.ts';

/**
 * The addresses (20 bytes) under which a node finds the event: sender and recipient of a transaction, of a reward the address that gets
 * it. Nothing else: not the staker that somebody adds stake for, nor the parties of a contract. Albatross proofs reference, 3.2.
 */
export function indexedAddresses({ event }: HistoricTransaction): readonly Uint8Array[] {
  if (event.type === 'reward') return [event.rewardAddress];
  if (event.type !== 'basic') return [];
  const { sender, recipient } = extendedForm(event.executed.transaction);
  return [sender, recipient];
}

/** The addresses whose subscribers are notified: sender, recipient, and the staker that stake is added for. Albatross proofs reference, 5. */
export function notifiedAddresses({ event }: HistoricTransaction): readonly Uint8Array[] {
  if (event.type !== 'basic') return [];
  const { sender, recipient, recipientType, recipientData } = extendedForm(event.executed.transaction);
  const data = recipientType === accountTypes.staking ? decode(stakingData, recipientData) : undefined;
  return data?.type === 'add-stake' ? [sender, recipient, data.staker] : [sender, recipient];
}
