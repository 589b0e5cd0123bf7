import { describe, expect, it } from 'vitest';
import { walletProofs } from '../../test/support/wallet-proofs.ts';
import { fromHex } from '../base/bytes.ts';
import { decode } from '../base/postcard/codec.ts';
import { eventHash } from '../chains/albatross/proofs/event-hash.ts';
import { transactionView } from '../chains/albatross/proofs/transaction-views.ts';
import { responseMessage } from '../chains/albatross/wire/exchange.ts';
import { proofRequests } from '../chains/albatross/wire/proof-requests.ts';
import type { TransactionView } from '../client/types.ts';
import { plainTransactionDetails, type PlainTransactionDetails } from './plain-transaction-details.ts';

const UNIT = 7;
const { history } = walletProofs();

/** The transactions of an answer as the hub shows them, at this head. */
function views(response: string, head: number): readonly TransactionView[] {
  const answer = decode(responseMessage(proofRequests['2.x']['transactions-proof']), fromHex(response));
  if (!answer.ok || !answer.value.ok) throw new Error('refused');
  return answer.value.value.proof.history.flatMap((entry) => transactionView(eventHash(entry), entry, { head, final: 1736 }) ?? []);
}

describe('details of a transaction', () => {
  it('are those that the official client made of the same answers', () => {
    const accepted = history.transactions.accepted as readonly PlainTransactionDetails[];
    const made = views(history.transactions.response, 1738).map((view) => plainTransactionDetails(view, UNIT));
    expect(made).toHaveLength(11);
    for (const details of made) expect(accepted.filter(({ transactionHash }) => transactionHash === details.transactionHash)).toEqual([details]);
    expect(views(history.byHash.response, 1738).map((view) => plainTransactionDetails(view, UNIT))).toEqual([history.byHash.accepted]);
  });

  it('of a reward are those of the official client', () => {
    const accepted = history.reward.accepted as unknown as PlainTransactionDetails;
    const { transactionHash: hash, sender, recipient, value, fee, blockHeight = 0, timestamp = 0, confirmations = 0 } = accepted;
    const view = { kind: 'reward', state: 'confirmed', hash, sender, recipient, value, fee, blockHeight, timestamp, confirmations, executionResult: true, bytes: new Uint8Array(0) } as const;
    expect(plainTransactionDetails(view, UNIT)).toEqual(accepted);
  });
});
