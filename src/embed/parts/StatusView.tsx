import { useEffect, useState } from 'react';
import type { Client, Status } from '../../client/types.ts';
import { useHead, useTrust } from '../../react/hooks.ts';
import { useFormat } from '../locale.ts';
import { levelTexts, texts } from '../texts.ts';

/** The newest block, the newest final one, and what both rest on. */
export function StatusView({ client, status }: { readonly client: Client; readonly status: Status | undefined }) {
  const format = useFormat();
  const head = useHead(client);
  const trust = useTrust(client);
  const now = useNow();
  return (
    <>
      <p className="figure" data-testid="head" data-hash={head?.latest.hash}>
        {head?.known ? format.number(head.latest.height) : texts.noHead}
      </p>
      <dl className="facts">
        <div>
          <dt>{texts.head}</dt>
          <dd>{head?.known ? texts.ago(format.seconds(now - head.latest.timestamp)) : '–'}</dd>
        </div>
        <div>
          <dt>{texts.final}</dt>
          <dd>{head?.known ? format.number(head.final.height) : '–'}</dd>
        </div>
        <div>
          <dt>{texts.peers}</dt>
          <dd>{status ? format.number(status.peers.live) : '–'}</dd>
        </div>
      </dl>
      {trust && head?.known && (
        <p className="small" data-testid="level" data-level={trust.level}>
          <strong data-tone={trust.level === 'claimed' ? 'warn' : 'good'}>{levelTexts[trust.level].title}</strong> <span className="quiet">{levelTexts[trust.level].text}</span>
        </p>
      )}
    </>
  );
}

/** The time, each second. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
