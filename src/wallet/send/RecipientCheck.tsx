import type { Client } from '../../client/types.ts';
import { addressOf } from '../../page/accounts/address-of.ts';
import { useTransactions } from '../../react/wallet-hooks.ts';
import { AddressText } from '../../ui/AddressText.tsx';
import { Identicon } from '../../ui/Identicon.tsx';
import type { Payments } from '../kept/payments.ts';
import { useKept } from '../use-kept.ts';
import { ownAddresses, type OwnAddress, type WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';

interface Props {
  readonly page: WalletPage;
  readonly sender: OwnAddress;
  readonly recipient: string;
}

/** Who is paid: drawing, whole address, and whether the person knows it. An empty drawing until the address is right. */
export function RecipientCheck({ page, sender, recipient }: Props) {
  const { client, labels, accounts } = page;
  const names = useKept(labels);
  const read = addressOf(recipient);
  if (!('address' in read)) return null;
  const { address } = read;
  const mine = ownAddresses(accounts).find((own) => own.address === address);
  const name = mine?.name ?? names[address];
  return (
    <div className="recipient-check" data-testid="recipient">
      <Identicon address={address} size="large" />
      <div className="about">
        {name && <p><strong>{name}</strong></p>}
        <AddressText address={address} />
        {address === sender.address ? (
          <p className="warn small" role="status">{walletTexts.sameAddress}</p>
        ) : mine ? (
          <p className="small quiet" role="status">{walletTexts.ownAddress}</p>
        ) : (
          client && <Paid client={client} page={page} sender={sender.address} recipient={address} />
        )}
      </div>
    </div>
  );
}

/** Whether the sender has paid this address: by its transactions that are loaded, and the payments of this browser. */
function Paid({ client, page, sender, recipient }: { readonly client: Client; readonly page: WalletPage; readonly sender: string; readonly recipient: string }) {
  const { transactions } = useTransactions(client, sender);
  const payments = useKept(page.payments);
  if (!transactions) return null;
  const paid = transactions.some((each) => each.sender === sender && each.recipient === recipient && each.executionResult) || paidHere(payments, recipient);
  return paid ? <p className="small quiet" role="status">{walletTexts.paidBefore}</p> : <p className="warn small" role="status" data-testid="never-paid">{walletTexts.neverPaid}</p>;
}

const paidHere = (payments: Payments, recipient: string) => payments.some((payment) => payment.recipient === recipient && payment.state === 'confirmed');
