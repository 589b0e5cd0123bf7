import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '../client/create-client.ts';
import type { Client } from '../client/types.ts';
import { App } from './App.tsx';
import { watchAppUpdate } from './app-update.ts';
import { loadNetwork } from './load-network.ts';
import { Problem } from './parts/Problem.tsx';
import { parseQuery } from './query.ts';

declare global {
  /** The page's client, for tests and for people with a console. */
  var petrel: Client | undefined;
}

const update = watchAppUpdate(navigator.serviceWorker as ServiceWorkerContainer | undefined, () => location.reload());
const root = createRoot(document.getElementById('root')!);

async function start(): Promise<void> {
  const query = parseQuery(location.search);
  root.render(page(undefined));
  const client = await createClient({ network: await loadNetwork(query.network), seeds: query.seeds, host: query.host, settings: query.settings });
  globalThis.petrel = client;
  root.render(page(client));
}

/** The same tree with and without a client: what is open in the header stays open when it comes. */
function page(client: Client | undefined) {
  return (
    <StrictMode>
      <App client={client} update={update} />
    </StrictMode>
  );
}

start().catch((error: unknown) => {
  const { code, data } = error as { code?: string; data?: Readonly<Record<string, string | number>> };
  root.render(<Problem update={update} code={code ?? 'unexpected'} data={data ?? { message: String(error) }} />);
});
