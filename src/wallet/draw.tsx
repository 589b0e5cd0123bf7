import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Client } from '../client/types.ts';
import { texts } from '../page/texts.ts';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { openVault } from '../vault/open-vault.ts';
import { problemText } from './problem-text.ts';
import { WalletApp } from './WalletApp.tsx';
import type { openNetwork } from './wallet-page.ts';
import { walletTexts } from './wallet-texts.ts';

interface Page {
  readonly client: Promise<Client>;
  readonly kept: ReturnType<typeof openNetwork>;
  readonly networkName: string;
}

/** Renders the accounts as soon as the vault is open, and again when there is a client or none can be started. */
export async function draw({ client, kept, networkName }: Page): Promise<void> {
  const root = createRoot(document.getElementById('root')!);
  root.render(<p className="wallet opening" role="status">{walletTexts.opening}</p>);
  try {
    const parts = { vault: await openVault(), kept: await kept, networkName };
    const page = (started: Client | undefined, clientError?: unknown) =>
      root.render(
        <StrictMode>
          <ErrorBoundary problem={(thrown) => <Problem error={thrown} />}>
            <WalletApp {...parts} client={started} clientError={clientError} />
          </ErrorBoundary>
        </StrictMode>,
      );
    page(undefined);
    client.then((started) => page(started), (error: unknown) => page(undefined, error));
  } catch (error) {
    root.render(<Problem error={error} />);
  }
}

/** The accounts cannot be shown; nothing was changed. */
function Problem({ error }: { readonly error: unknown }) {
  return (
    <main className="wallet problem" role="alert" data-testid="problem">
      <h1>{walletTexts.title} {walletTexts.wallet}</h1>
      <p>{problemText(error)}</p>
      <p className="actions"><button type="button" onClick={() => location.reload()}>{texts.reload}</button></p>
    </main>
  );
}
