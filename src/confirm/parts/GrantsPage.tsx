import { useState } from 'react';
import { formatDateTime } from '../../page/format.ts';
import { AddressText } from '../../ui/AddressText.tsx';
import { Identicon } from '../../ui/Identicon.tsx';
import type { Grants } from '../grants.ts';
import { texts } from '../texts.ts';
import { Shell } from './Shell.tsx';

/** What sites may see, and the way to take it back. */
export function GrantsPage({ grants }: { readonly grants: Grants }) {
  const [list, setList] = useState(() => grants.list());
  const [said, setSaid] = useState('');
  const revoke = (host: string, network: string): void => {
    grants.revoke(host, network);
    setList(grants.list());
    setSaid(texts.revoked(host));
  };
  return (
    <Shell>
      <main className="panel grants" data-testid="grants">
        <h1>{texts.grantsTitle}</h1>
        <p>{list.length === 0 ? texts.noGrants : texts.grantsNote}</p>
        {grants.kind === 'memory' && <p className="warn">{texts.grantsInMemory}</p>}
        <ul>
          {list.map(({ host, network, addresses, used }) => (
            <li key={JSON.stringify([host, network])} data-testid="grant" data-host={host} data-network={network}>
              <div className="grant-head">
                <div>
                  <h2 dir="ltr">{host}</h2>
                  <p className="small quiet">{network} · {texts.lastUsed(formatDateTime(used))}</p>
                </div>
                <button type="button" className="deletes" aria-label={texts.revokeOf(host)} onClick={() => revoke(host, network)}>{texts.revoke}</button>
              </div>
              <ul>
                {addresses.map((address) => (
                  <li key={address} className="address-line">
                    <Identicon address={address} />
                    <AddressText address={address} />
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
        <p role="status" className="quiet">{said}</p>
      </main>
    </Shell>
  );
}
