import type { Status } from '../../client/types.ts';
import { formatNumber } from '../../page/format.ts';
import { proofHref } from '../route.ts';
import { hostTexts, texts } from '../../page/texts.ts';

/** Where the client runs, and for how many tabs. The wallet is for Albatross only. */
export function Footer({ status: { host, network } }: { readonly status: Status }) {
  return (
    <footer className="footer">
      <span>
        {hostTexts[host.kind]} · {texts.tabs} <span data-testid="tabs">{formatNumber(host.tabs)}</span>
      </span>
      <span>
        {texts.build} <code>{host.build}</code>
      </span>
      <a href={proofHref}>{texts.openProof}</a>
      {network.details.chain === 'albatross' && <a href={`wallet${location.search}`}>{texts.wallet}</a>}
      <a href="/licences.txt">{texts.licences}</a>
    </footer>
  );
}
