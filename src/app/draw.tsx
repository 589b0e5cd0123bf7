import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Client } from '../client/types.ts';
import { App } from './App.tsx';
import type { AppUpdate } from './app-update.ts';
import type { PageTroubles } from '../page/page-troubles.ts';
import { takeFiles } from './given-file.ts';
import { Problem } from './parts/Problem.tsx';
import { Troubles } from './parts/Troubles.tsx';
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx';
import { problemOf } from '../page/problem-of.ts';

export interface Page {
  readonly update: AppUpdate;
  readonly troubles: PageTroubles;
  readonly network: string;
}

/** Renders the page without a client, and again once there is one. The tree is the same, so whatever is open in the header stays open. */
export function draw(client: Promise<Client>, { update, troubles, network }: Page): void {
  // From `index.html`: rendering the page removes this element. If even the error page cannot be rendered, it is put back.
  const lastDefence = document.querySelector('.last-defence')!;
  const root = createRoot(document.getElementById('root')!, { onUncaughtError: () => document.body.prepend(lastDefence) });
  const page = (started: Client | undefined) =>
    root.render(
      <StrictMode>
        <ErrorBoundary problem={(thrown) => <Problem update={update} {...problemOf(thrown)} />}>
          <Troubles client={started} network={network} troubles={troubles} />
          <App client={started} update={update} />
        </ErrorBoundary>
      </StrictMode>,
    );
  page(undefined);
  takeFiles();
  client.then(page, (error: unknown) => root.render(<Problem update={update} {...problemOf(error)} />));
}
