import { useState } from 'react';
import { useKept } from '../use-kept.ts';
import { type OwnAddress, ownAddresses, type WalletPage } from '../wallet-page.ts';
import { type Draft, draftOf } from './draft.ts';
import type { PaymentToMake } from './make-payment.ts';
import { Review } from './Review.tsx';
import { SendForm } from './SendForm.tsx';

/** The form, then the review. The text `to` comes from the URL, where a link of another page may have put it, so it only fills the form. */
export function Send({ page, to }: { readonly page: WalletPage; readonly to: string }) {
  const own = ownAddresses(page.accounts);
  const chosen = useKept(page.selected);
  const sender = own.find(({ address }) => address === chosen) ?? own[0]!;
  const [draft, setDraft] = useState<Draft>(() => draftOf(to));
  // With its sender: another tab may choose another one while the person reads.
  const [review, setReview] = useState<{ readonly sender: OwnAddress; readonly payment: PaymentToMake }>();
  if (review) return <Review page={page} {...review} onBack={() => setReview(undefined)} />;
  return <SendForm page={page} own={own} sender={sender} draft={draft} onDraft={setDraft} onReview={(payment) => setReview({ sender, payment: { ...payment, sender: sender.address } })} />;
}
