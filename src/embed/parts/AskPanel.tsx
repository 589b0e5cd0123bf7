import { useSyncExternalStore } from 'react';
import type { ConfirmRequest } from '../../widget/confirm-messages.ts';
import type { Frame } from '../frame.ts';
import { useFormat } from '../locale.ts';
import { texts } from '../texts.ts';
import { AddressBox } from './AddressBox.tsx';
import { Amount } from './Amount.tsx';

/** What the host asks for, and the button that opens `/confirm`. Nothing is confirmed here. */
export function AskPanel({ frame, host, own }: { readonly frame: Frame; readonly host: string; /** The request is what the page shows already. */ readonly own: boolean }) {
  const format = useFormat();
  const ask = useSyncExternalStore(frame.asks.subscribe, () => frame.asks.current);
  if (!ask) return null;
  const { request, stage } = ask;
  const behind = frame.asks.behind;
  return (
    <section className="ask" aria-labelledby="asked" data-testid="ask" data-kind={request.kind} data-stage={stage}>
      <h2 id="asked" role="status"><bdi>{host}</bdi> {texts.asksFor[request.kind]}</h2>
      {!own && <Content request={request} />}
      {stage === 'open' && <p role="status">{texts.windowOpen}</p>}
      {stage === 'away' && <p role="status">{texts.goingAway}</p>}
      {stage === 'not-opened' && <p className="warn" role="alert">{texts.notOpened}</p>}
      {stage !== 'away' && (
        <p className="buttons">
          <button type="button" className="main" onClick={() => frame.asks.open()}>
            {stage === 'waiting' ? texts.goOn : stage === 'open' ? texts.showWindow : texts.once}
          </button>
          <button type="button" className="plain" onClick={() => frame.asks.refuse()}>{texts.refuse}</button>
        </p>
      )}
      {behind > 0 && <p className="quiet small">{texts.behind(format.number(behind))}</p>}
    </section>
  );
}

function Content({ request }: { readonly request: ConfirmRequest }) {
  if (request.kind === 'accounts') return null;
  if (request.kind === 'message') return <p className="quoted" dir="auto">{request.message}</p>;
  return (
    <>
      {request.value !== undefined && <p className="figure"><Amount luna={BigInt(request.value)} /></p>}
      {request.kind === 'payment' && (
        <>
          <p className="label">{texts.to}</p>
          <AddressBox address={request.recipient} />
          {request.message !== undefined && <p className="quoted" dir="auto">{request.message}</p>}
        </>
      )}
      {request.kind === 'staking' && request.delegation !== undefined && <AddressBox address={request.delegation} />}
    </>
  );
}
