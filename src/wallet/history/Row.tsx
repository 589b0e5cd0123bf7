import { useState } from 'react';
import { AddressText } from '../../ui/AddressText.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { formatNim } from '../../ui/nim.ts';
import { type Labels, MAX_LABEL, setLabel } from '../kept/labels.ts';
import type { KeptValue } from '../kept/kept-value.ts';
import { AddressName } from '../parts/AddressName.tsx';
import { TextField } from '../parts/TextField.tsx';
import { appHref, hrefs } from '../route.ts';
import { walletTexts } from '../wallet-texts.ts';
import { formatHour } from './format-day.ts';
import type { HistoryRow } from './history-row.ts';

interface Props {
  readonly row: HistoryRow;
  readonly name: string | undefined;
  readonly labels: KeptValue<Labels>;
  /** The other address is one of the person's own. */
  readonly mine: boolean;
}

const signs = { in: '+', out: '−', none: '' } as const;

/** A transaction: who, how much, and whether it can still change. Opened, it has all of it. */
export function Row({ row, name, labels, mine }: Props) {
  const { hash, kind, direction, other, value, fee, message, time, height, state, failed } = row;
  const [open, setOpen] = useState(false);
  return (
    <li data-testid="transaction" data-hash={hash} data-state={state} data-direction={direction}>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <AddressName address={other} name={kind === 'stake' || kind === 'reward' || kind === 'self' ? walletTexts.kinds[kind] : name} />
          <span className="value" data-sign={direction === 'in' && !failed ? 'in' : undefined}>
            <Amount luna={value} sign={signs[direction]} />
          </span>
          {message && <span className="message small">{message}</span>}
          <span className="when small quiet">
            <time dateTime={new Date(time).toISOString()}><bdi>{formatHour(time)}</bdi></time>
            {' · '}
            {failed ? <strong className="bad">{walletTexts.rowFailed}</strong> : <span className="finality" data-state={state}>{state === 'confirmed' ? walletTexts.rowFinal : walletTexts.rowPending}</span>}
          </span>
        </summary>
        {open && (
          <div className="more">
            <p className="quiet small">{walletTexts.kinds[kind]}</p>
            <AddressText address={other} />
            <p className="actions">
              <CopyText text={other} name={walletTexts.kinds[kind]} />
              {(kind === 'in' || kind === 'out') && <a href={hrefs.sendTo(other)}>{walletTexts.send}</a>}
              <a href={appHref(`#/block/${height}`)}>{walletTexts.block(height)}</a>
            </p>
            {fee > 0n && <p className="small quiet">{walletTexts.rowFee(formatNim(fee))}</p>}
            <p className="small"><code className="hash" dir="ltr">{hash}</code></p>
            {!mine && (kind === 'in' || kind === 'out') && <NameIt address={other} name={name} labels={labels} />}
          </div>
        )}
      </details>
    </li>
  );
}

function NameIt({ address, name = '', labels }: { readonly address: string; readonly name?: string | undefined; readonly labels: KeptValue<Labels> }) {
  const [text, setText] = useState(name);
  return (
    <form
      className="form inline"
      onSubmit={(event) => {
        event.preventDefault();
        setLabel(labels, address, text);
      }}
    >
      <TextField label={walletTexts.nameOf} value={text} onText={setText} maxLength={MAX_LABEL} autoComplete="off" beside={<button type="submit" className="plain">{walletTexts.save}</button>} />
    </form>
  );
}
