import { useEffect, useRef } from 'react';
import type { ConfirmRequest } from '../../widget/confirm-messages.ts';
import { texts } from '../texts.ts';

/** Who asks, and for what: the title of the page. */
export function AskedBy({ host, kind }: { readonly host: string; readonly kind: ConfirmRequest['kind'] }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const { protocol, hostname, port } = new URL(host);
  return (
    <div className="asked-by">
      <h1 ref={title} tabIndex={-1}>
        <bdi className="host" dir="ltr" data-long={host.length > 40} data-testid="host" data-host={host}>
          <span className="scheme">{`${protocol}//`}</span>
          <strong>{hostname}</strong>
          {port && <span className="scheme">:{port}</span>}
        </bdi>{' '}
        {texts.titles[kind]}
      </h1>
      {hostname.split('.').some((label) => label.startsWith('xn--')) && <p className="warn small" data-testid="other-letters">{texts.otherLetters}</p>}
      {protocol === 'http:' && hostname !== 'localhost' && !hostname.endsWith('.localhost') && hostname !== '127.0.0.1' && <p className="warn small" data-testid="not-encrypted">{texts.notEncrypted}</p>}
    </div>
  );
}
