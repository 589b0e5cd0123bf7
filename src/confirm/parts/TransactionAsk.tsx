import { useCallback, useMemo, useState } from 'react';
import { toHex } from '../../base/bytes.ts';
import type { Client } from '../../client/types.ts';
import { albatrossHead } from '../../page/albatross.ts';
import { useHead, useStatus, useTrust } from '../../react/hooks.ts';
import { formatNim } from '../../ui/nim.ts';
import type { Unlocked, Vault } from '../../vault/types.ts';
import type { ConfirmAnswer, PaymentRequest, StakingRequest } from '../../widget/confirm-messages.ts';
import { ConfirmError } from '../confirm-error.ts';
import { makeTransaction } from '../make-transaction.ts';
import { useNetworkId } from '../network-id.ts';
import type { OwnedAddress } from '../owned-address.ts';
import { readTransaction, type TransactionFacts } from '../read-transaction.ts';
import { signShown } from '../sign-shown.ts';
import { texts } from '../texts.ts';
import { AddressChoice } from './AddressChoice.tsx';
import { BalanceLine, type Funds } from './BalanceLine.tsx';
import { ChainLine } from './ChainLine.tsx';
import { PaymentFacts } from './PaymentFacts.tsx';
import { Signing } from './Signing.tsx';
import { StakingFactsView } from './StakingFactsView.tsx';

/** Milliseconds that the network gets before the site is answered: it sends the transaction too. */
const SEND_TIMEOUT = 5_000;

interface Props {
  readonly request: PaymentRequest | StakingRequest;
  readonly client: Client;
  readonly vault: Vault;
  /** At least one. */
  readonly addresses: readonly OwnedAddress[];
  /** Of all addresses of this browser. */
  readonly own: readonly string[];
  readonly onAnswer: (answer: ConfirmAnswer) => void;
  readonly onReject: () => void;
}

/** A payment or a change of a stake. */
export function TransactionAsk({ request, client, vault, addresses, own, onAnswer, onReject }: Props) {
  const status = useStatus(client);
  const head = useHead(client);
  const trust = useTrust(client);
  const [chosen, setChosen] = useState<string>();
  const [funds, setFunds] = useState<Funds>();
  const sender = addresses.find((it) => it.address === chosen) ?? addresses[0]!;
  const networkId = useNetworkId(client, request.network, head?.known ? head.latest.hash : undefined);
  // The height changes with every block, and nothing that is shown depends on it.
  const facts = useMemo(
    () => (networkId === undefined ? undefined : readTransaction(makeTransaction(request, sender.address, { networkId, start: 0 }).serialize())),
    [request, sender.address, networkId],
  );
  const choose = useCallback((address: string) => {
    setFunds(undefined);
    setChosen(address);
  }, []);

  const follows = head?.known === true && status?.phase === 'established';
  const needed = request.kind === 'staking' && request.action === 'remove-stake' ? 0n : (facts?.value ?? 0n) + (facts?.fee ?? 0n);
  const needs =
    request.kind === 'payment' && sender.address === request.recipient ? texts.needs.self
    : !follows || !facts ? texts.needs.chain
    : funds === undefined ? texts.needs.balance
    : funds === 'too-little' ? texts.needs.money : undefined;

  const confirm = async (unlocked: Unlocked, say: (text: string) => void): Promise<void> => {
    if (!facts || networkId === undefined) throw new ConfirmError('no-head', 'nothing is shown yet');
    const { known, latest } = await client.getHead();
    if (!known) throw new ConfirmError('no-head', 'the newest block is not known');
    const transaction = signShown(request, facts, unlocked, sender.address, { networkId, start: latest.height }, albatrossHead(latest)?.version ?? 1);
    say(texts.sending);
    const bytes = transaction.serialize();
    const sent = await client.transactions.send(bytes, { timeout: SEND_TIMEOUT }).then(
      () => true,
      (error: unknown) => {
        // Without peers the site sends it alone; what the rules refuse must not leave the page.
        if ((error as { readonly code?: unknown }).code === 'invalid-transaction') throw error;
        return false;
      },
    );
    onAnswer({ nonce: request.nonce, kind: 'transaction', transaction: toHex(bytes), hash: transaction.hash(), sent });
  };

  const shown = (facts: TransactionFacts) => (facts.staking ? <StakingFactsView facts={facts} /> : <PaymentFacts facts={facts} client={follows ? client : undefined} own={own} />);

  return (
    <Signing vault={vault} account={sender.account} confirm={facts && request.kind === 'payment' ? texts.pay(formatNim(facts.value + facts.fee)) : texts.confirm[request.kind]} needs={needs} onConfirm={confirm} onReject={onReject} facts={facts && shown(facts)}>
      <AddressChoice type="radio" legend={texts.sender} addresses={addresses} chosen={new Set([sender.address])} onChange={choose} disabled={false} />
      <BalanceLine key={sender.address} client={client} address={sender.address} needed={needed} onKnown={setFunds} />
      <ChainLine status={status} head={head} trust={trust} />
    </Signing>
  );
}
