import { Title } from '../parts/Title.tsx';
import { hrefs } from '../route.ts';
import { requestLink } from '../receive/request-link.ts';
import { useKept } from '../use-kept.ts';
import { namesOf, type WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';
import { Progress } from './Progress.tsx';

/** What becomes of one payment, as it happens. */
export function PaymentPage({ page, hash }: { readonly page: WalletPage; readonly hash: string }) {
  const payment = useKept(page.payments).find((each) => each.hash === hash);
  const names = namesOf(useKept(page.labels), page.accounts);
  if (!payment) return <p className="panel narrow"><a href={hrefs.overview}>{walletTexts.toOverview}</a></p>;
  const again = requestLink({ address: payment.recipient, value: BigInt(payment.value), message: payment.message });
  return (
    <section className="panel narrow">
      <Title>{walletTexts.progress}</Title>
      <Progress payment={payment} name={names.get(payment.recipient)} />
      <p className="actions">
        <a className="button" href={hrefs.overview}>{walletTexts.toOverview}</a>
        {payment.state === 'expired' ? <a className="button plain" href={hrefs.sendTo(again)}>{walletTexts.again}</a> : <a className="button plain" href={hrefs.send}>{walletTexts.another}</a>}
      </p>
    </section>
  );
}
