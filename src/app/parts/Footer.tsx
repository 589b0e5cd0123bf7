import type { Status } from '../../client/types.ts';
import { formatBytes, formatNumber } from '../format.ts';
import { storageTexts, texts } from '../texts.ts';

/** What the client costs: tabs that share it, workers that verify, bytes stored. */
export function Footer({ status }: { readonly status: Status }) {
  const { host, storage } = status;
  return (
    <footer className="footer">
      <span>
        {texts.tabs} <span data-testid="tabs">{formatNumber(host.tabs)}</span>
      </span>
      <span>
        {texts.verifiers} {formatNumber(host.verifiers)}
      </span>
      <span>
        {storageTexts[storage.kind]} {formatBytes(storage.bytes)}
      </span>
      <span className="tagline">{texts.tagline}</span>
    </footer>
  );
}
