import { useState } from 'react';
import { AddressText } from '../../ui/AddressText.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { Identicon } from '../../ui/Identicon.tsx';
import { formatNim } from '../../ui/nim.ts';
import { QrCode } from '../../ui/QrCode.tsx';
import { readNim } from '../../ui/read-nim.ts';
import { OwnSelect } from '../parts/OwnSelect.tsx';
import { TextField } from '../parts/TextField.tsx';
import { Title } from '../parts/Title.tsx';
import { MAX_MESSAGE } from '../send/make-payment.ts';
import { utf8Length } from '../send/utf8-length.ts';
import { useKept } from '../use-kept.ts';
import { ownAddresses, type WalletPage } from '../wallet-page.ts';
import { amountProblemText, messageProblemText, walletTexts } from '../wallet-texts.ts';
import { requestLink } from './request-link.ts';

/** The address as QR code and text; with an amount or a message, a payment link. */
export function Receive({ page }: { readonly page: WalletPage }) {
  const { accounts, selected } = page;
  const own = ownAddresses(accounts);
  const chosen = useKept(selected);
  const { address, name } = own.find((each) => each.address === chosen) ?? own[0]!;
  const [amount, setAmount] = useState('');
  const [message, setMessage] = useState('');
  const read = readNim(amount);
  const over = utf8Length(message) - MAX_MESSAGE;
  const value = 'luna' in read ? read.luna : undefined;
  const link = requestLink({ address, value, message: over > 0 ? '' : message });
  const asks = link.includes('?');
  return (
    <section className="panel receive">
      <Title>{walletTexts.receive}</Title>
      <p className="quiet">{walletTexts.receiveText}</p>
      {own.length > 1 && <OwnSelect label={walletTexts.toAddress} own={own} value={address} onChange={(next) => selected.update(() => next)} />}
      <div className="receive-parts">
        <div className="code">
          <QrCode text={asks ? link : address} name={asks ? walletTexts.link : walletTexts.yourAddress} />
          {value !== undefined && value > 0n && <p className="asked" data-testid="asked">{formatNim(value)}</p>}
        </div>
        <div className="whole">
          <p className="named"><Identicon address={address} size="large" /> <strong>{name}</strong></p>
          <AddressText address={address} />
          <p className="actions"><CopyText text={address} name={walletTexts.yourAddress} /></p>
        </div>
      </div>
      <fieldset className="ask">
        <legend className="label">{walletTexts.askAmount}</legend>
        <TextField label={walletTexts.amount} value={amount} onText={setAmount} inputMode="decimal" autoComplete="off" problem={amount !== '' && 'problem' in read ? amountProblemText(read.problem) : undefined} />
        <TextField label={walletTexts.messageOptional} value={message} onText={setMessage} autoComplete="off" problem={over > 0 ? messageProblemText(over) : undefined} />
        {asks && (
          <p className="link-line">
            <code className="link-text" dir="ltr" data-testid="link">{link}</code>
            <CopyText text={link} name={walletTexts.link} />
          </p>
        )}
      </fieldset>
    </section>
  );
}
