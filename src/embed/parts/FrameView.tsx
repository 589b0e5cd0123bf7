import { useState, useSyncExternalStore } from 'react';
import type { Client } from '../../client/types.ts';
import { useStatus } from '../../react/hooks.ts';
import { type Connection, connectionOf } from '../connection.ts';
import type { Frame } from '../frame.ts';
import { Locale } from '../locale.ts';
import { texts } from '../texts.ts';
import { AskPanel } from './AskPanel.tsx';
import { BalanceView } from './BalanceView.tsx';
import { HistoryView } from './HistoryView.tsx';
import { Menu } from './Menu.tsx';
import { PaymentState } from './PaymentState.tsx';
import { PayView } from './PayView.tsx';
import { StatusView } from './StatusView.tsx';

const refusals = { 'nested-frame': texts.refusedNested, 'null-origin': texts.refusedOrigin, 'host-isolated': texts.refusedIsolated } as const;

/** The frame as a person sees it. */
export function FrameView({ frame, client, failed }: { readonly frame: Frame; readonly client: Client | undefined; /** Why there is no client. */ readonly failed: string | undefined }) {
  const options = useSyncExternalStore(frame.subscribe, frame.getOptions);
  const asked = useSyncExternalStore(frame.asks.subscribe, () => frame.asks.current);
  const status = useStatus(client);
  const [open, setOpen] = useState(false);
  const connection = failed === undefined ? connectionOf(status) : 'failed';
  const { view, address } = options;
  const refused = frame.signingRefused;
  const ownAsk = view === 'pay' && asked?.request.kind === 'payment' && asked.request.recipient === options.recipient && asked.request.value === String(options.amount) && asked.request.message === options.message;
  return (
    <Locale value={options.lang}>
      <div className="card" data-testid="frame" data-view={view}>
        <header>
          <h1>{texts.titles[view]}</h1>
          <Chip connection={connection} />
          <button type="button" className="quiet-button" aria-expanded={open} aria-controls="menu" aria-label={texts.menu} onClick={() => setOpen(!open)}>
            <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="3" cy="8" r="1.4" /><circle cx="8" cy="8" r="1.4" /><circle cx="13" cy="8" r="1.4" /></svg>
          </button>
        </header>
        {open && <Menu frame={frame} />}
        {status?.network.development && <p className="banner">{texts.development}</p>}
        {failed !== undefined && <p className="warn" role="alert" data-testid="problem">{texts.startFailed(failed)}</p>}
        {options.wrong.length > 0 && <p className="warn small" role="alert">{texts.wrongOptions(options.wrong.join(', '))}</p>}
        {asked && !ownAsk && <AskPanel frame={frame} host={nameOf(frame.host)} own={false} />}
        <main>
          {view === 'status' && client && <StatusView client={client} status={status} />}
          {view === 'pay' && <PayView frame={frame} options={options} live={connection === 'live'} />}
          {(view === 'balance' || view === 'history') && (address === undefined ? <p className="warn">{texts.noAddress}</p> : client ? view === 'balance' ? <BalanceView client={client} status={status} address={address} /> : <HistoryView client={client} status={status} address={address} /> : failed === undefined && <p className="figure waiting">{texts.waits}</p>)}
        </main>
        {asked && ownAsk && <AskPanel frame={frame} host={nameOf(frame.host)} own />}
        <PaymentState frame={frame} />
        {refused && (view === 'pay' || asked) && <p className="warn small">{refusals[refused]}</p>}
        {status?.storage.kind === 'memory' && <p className="quiet small" data-testid="memory">{texts.memory}</p>}
        <footer className="quiet small">
          <span data-testid="host"><bdi>{hostText(frame)}</bdi></span>
          <span>{texts.verified}</span>
        </footer>
      </div>
    </Locale>
  );
}

function Chip({ connection }: { readonly connection: Connection }) {
  return <span className="chip" role="status" data-testid="connection" data-state={connection}>{texts[connection]}</span>;
}

/** `https` is what everybody expects; anything else is shown. */
const nameOf = (origin: string) => origin.replace(/^https:\/\//u, '');

function hostText({ host, place }: Frame): string {
  if (!/^https?:/u.test(host)) return texts.noHost;
  if (!place.nested) return texts.host(nameOf(host));
  return place.top === undefined ? texts.hostWithinUnknown(nameOf(host)) : texts.hostWithin(nameOf(host), nameOf(place.top));
}
