import { toHex } from '../../base/bytes.ts';
import { networkTexts } from '../../page/texts.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Title } from '../parts/Title.tsx';
import { Unlock } from '../parts/Unlock.tsx';
import { hrefs } from '../route.ts';
import { canSend, type OwnAddress, type WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';
import { givePayment } from './give-payment.ts';
import { makePayment, type PaymentToMake } from './make-payment.ts';
import { RecipientCheck } from './RecipientCheck.tsx';

interface Props {
  readonly page: WalletPage;
  readonly sender: OwnAddress;
  readonly payment: PaymentToMake;
  readonly onBack: () => void;
}

/** Shows the whole payment, opens the account, signs and sends. */
export function Review({ page, sender, payment, onBack }: Props) {
  const { client, status, vault, open, network, payments, development } = page;
  const { recipient, value, fee, message } = payment;
  const name = status?.network.name ?? '';
  return (
    <section className="panel narrow review" data-testid="review">
      <Title>{walletTexts.reviewTitle}</Title>
      <p className="big"><Amount luna={value} /></p>
      <p className="label">{walletTexts.toAddress}</p>
      <RecipientCheck page={page} sender={sender} recipient={recipient} />
      <dl className="facts">
        <div><dt>{walletTexts.from}</dt><dd>{sender.name}</dd></div>
        <div><dt>{walletTexts.fee}</dt><dd><Amount luna={fee} /></dd></div>
        <div><dt>{walletTexts.together}</dt><dd><strong><Amount luna={value + fee} /></strong></dd></div>
        {message && <div><dt>{walletTexts.message}</dt><dd className="message"><bdi>{message}</bdi></dd></div>}
        <div><dt>{walletTexts.network}</dt><dd>{networkTexts.get(name) ?? name}{development && <span className="warn small"> {walletTexts.payingDevelopment}</span>}</dd></div>
      </dl>
      <p className="small quiet">{walletTexts.reviewText}</p>
      {!canSend(status) && <p className="warn" role="status">{walletTexts.notLive}</p>}
      <Unlock
        vault={vault}
        open={open}
        account={sender.account}
        submit={walletTexts.confirm}
        busy={walletTexts.signing}
        disabled={!client || !canSend(status)}
        onCancel={onBack}
        cancel={walletTexts.edit}
        then={async (unlocked) => {
          if (!client) return;
          const { latest } = await client.getHead();
          const transaction = makePayment(payment, latest.height, network.id);
          unlocked.sign(transaction);
          const hash = transaction.hash();
          const bytes = toHex(transaction.serialize());
          await givePayment(client, payments, { hash, bytes, sender: payment.sender, recipient, value: String(value), fee: String(fee), message, start: latest.height, time: Date.now(), state: 'sent' });
          location.replace(hrefs.payment(hash));
        }}
      />
    </section>
  );
}
