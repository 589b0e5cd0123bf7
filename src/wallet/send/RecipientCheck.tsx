import type { Client } from '../../client/types.ts';
import { addressOf } from '../../page/accounts/address-of.ts';
import { acquaintanceOf, lookAlikeOf } from '../../page/accounts/known-recipient.ts';
import { useTransactions } from '../../react/wallet-hooks.ts';
import { AddressText } from '../../ui/AddressText.tsx';
import { Identicon } from '../../ui/Identicon.tsx';
import { useKept } from '../use-kept.ts';
import { ownAddresses, type OwnAddress, type WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';

interface Props {
  readonly page: WalletPage;
  readonly sender: OwnAddress;
  readonly recipient: string;
}

/** Who is paid: drawing, whole address, and whether the person knows it. Nothing until the address is right. */
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
          client && <Known client={client} page={page} sender={sender.address} recipient={address} />
        )}
      </div>
    </div>
  );
}

/** What the sender's history says of this address, and whether it is made to look like another one. */
function Known({ client, page, sender, recipient }: { readonly client: Client; readonly page: WalletPage; readonly sender: string; readonly recipient: string }) {
  const { transactions, more } = useTransactions(client, sender);
  const names = useKept(page.labels);
  const own = ownAddresses(page.accounts).map(({ address }) => address);
  const others = transactions?.flatMap((each) => [each.sender, each.recipient]) ?? [];
  const alike = lookAlikeOf(recipient, [...own, ...Object.keys(names), ...others]);
  const acquaintance = acquaintanceOf(recipient, own, { transactions, more });
  return (
    <>
      {alike !== undefined && (
        <div className="bad" role="alert" data-testid="look-alike">
          <p className="small"><strong>{walletTexts.lookAlike}</strong></p>
          <AddressText address={alike} />
        </div>
      )}
      {acquaintance.kind === 'paid' && <p className="small quiet" role="status">{walletTexts.paidBefore(acquaintance.last)}</p>}
      {(acquaintance.kind === 'never' || acquaintance.kind === 'not-lately') && (
        <p className="warn small" role="status" data-testid="never-paid">{acquaintance.kind === 'never' ? walletTexts.neverPaid : walletTexts.notPaidLately}</p>
      )}
    </>
  );
}
