import { useSyncExternalStore } from 'react';
import { MAX_ADDRESSES } from '../../widget/protocol.ts';
import type { Frame } from '../frame.ts';
import { useFormat } from '../locale.ts';
import { texts } from '../texts.ts';

/** What this site may do, and the buttons that take it back. */
export function Menu({ frame }: { readonly frame: Frame }) {
  const format = useFormat();
  const { permissions } = frame;
  useSyncExternalStore(permissions.subscribe, () => permissions.version);
  const { accounts, blocked, given } = permissions;
  return (
    <section className="menu" id="menu" aria-labelledby="menu-title" data-testid="menu">
      <h2 id="menu-title">{texts.menu}</h2>
      <ul>
        <li>
          <span>{texts.mayChain}</span> <span className="quiet small">{texts.always}</span>
        </li>
        <li>
          <span>{texts.mayGiven(format.number(given.length), format.number(MAX_ADDRESSES))}</span> <span className="quiet small">{texts.always}</span>
        </li>
        {accounts.length > 0 && (
          <li data-testid="granted-accounts">
            <span>
              {texts.mayAccounts}
              {accounts.map((account) => (
                <code key={account} dir="ltr">{account}</code>
              ))}
            </span>
            <button type="button" className="plain" onClick={() => permissions.revokeAccounts()}>{texts.revoke}</button>
          </li>
        )}
        <li data-testid="may-ask" data-blocked={blocked}>
          <span>{blocked ? texts.blocked : texts.mayAsk}</span>
          <button type="button" className="plain" onClick={() => permissions.block(!blocked)}>{blocked ? texts.unblock : texts.block}</button>
        </li>
      </ul>
    </section>
  );
}
