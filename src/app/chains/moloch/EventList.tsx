// Tests: `e2e/moloch.spec.ts`.
import { useEffect, useState } from 'react';
import type { BlockView, Client, MolochEventView } from '../../../client/types.ts';
import { formatDateTime, shortHash } from '../../../page/format.ts';
import { SaveProof } from '../../proof/SaveProof.tsx';
import { molochBlock } from './details-of.ts';
import './event-list.css';
import { eventTexts as texts } from './event-texts.ts';

/** The events of a block, each with a button that saves its receipt. Only final blocks have receipts. */
export function EventList({ client, block }: { readonly client: Client; readonly block: BlockView }) {
  const { height, finality } = block;
  const count = molochBlock(block)?.events ?? 0;
  const isFinal = finality === 'final';
  const [events, setEvents] = useState<readonly MolochEventView[] | undefined | 'reading'>('reading');
  useEffect(() => {
    if (!isFinal || count === 0) return;
    const ended = new AbortController();
    client.moloch.getEvents(height, { signal: ended.signal }).then(setEvents, () => ended.signal.aborted || setEvents(undefined));
    return () => ended.abort();
  }, [client, height, isFinal, count]);
  if (count === 0) return null;
  return (
    <section className="events" aria-label={texts.title}>
      <h3 className="label">{texts.title}</h3>
      {!isFinal && <p className="small quiet">{texts.notFinal}</p>}
      {isFinal && events === undefined && <p className="small quiet">{texts.notHeld}</p>}
      {isFinal && Array.isArray(events) && (
        <ul className="plain-list">
          {(events as readonly MolochEventView[]).map(({ id, type, time, actor, resource }) => (
            <li key={id} data-testid="event" data-id={id}>
              <div>
                <p><strong>{type}</strong> {texts.about(resource)}</p>
                <p className="small quiet">{texts.by} <code title={actor}>{shortHash(actor)}</code>, {formatDateTime(time)} · {texts.id} <code title={id}>{shortHash(id)}</code></p>
              </div>
              <SaveProof prove={async (options) => receiptOf(client, id, options)} name={`receipt-${id.slice(0, 16)}`} subject={texts.ofEvent(id)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A receipt stands on the newest final block. */
async function receiptOf(client: Client, id: string, options: Parameters<Client['getHead']>[0]) {
  const value = await client.moloch.proveEvent(id, options);
  const { final } = await client.getHead(options);
  return { value, level: final.trust, finality: final.finality, block: final };
}
