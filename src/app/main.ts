import './app.css';
import { createClient } from '../client/create-client.ts';
import type { Client } from '../client/types.ts';
import { watchAppUpdate } from './app-update.ts';
import { loadCodeTexts } from './chains/load-code-texts.ts';
import { chainOfNetwork, loadNetwork } from '../page/load-network.ts';
import { noteNetwork } from './opened-networks.ts';
import { pageTroubles } from '../page/page-troubles.ts';
import { errorText, type ProblemFacts } from '../page/problem-of.ts';
import { parseQuery } from '../page/query.ts';
import { startClient } from '../page/start-client.ts';
import { takeCodeTexts } from '../page/code-texts.ts';
import { whenQuiet } from './when-quiet.ts';

declare global {
  /** The page's client, for tests and for use in the browser's console. */
  var petrel: Client | undefined;
}

// The larger part of the page's code. It loads while the hub's worker starts.
const drawing = import('./draw.tsx');
const troubles = pageTroubles();
const query = parseQuery(location.search);

async function start(): Promise<Client> {
  const network = await loadNetwork(query.network);
  const chain = chainOfNetwork(network);
  if (chain !== 'albatross') void serviceWorkers()?.ready.then(({ active }) => active?.postMessage({ type: 'KEEP_OTHER_CHAINS' }, []));
  // A network that cannot be used has a code of its chain.
  takeCodeTexts(await loadCodeTexts(chain));
  const started = await startClient(query, network, createClient, troubles.add);
  // A network that cannot be started is not offered again.
  noteNetwork({ ...query, chain });
  return started;
}

/** Undefined in pages that are not served securely, and if the browser blocks site data (the access then throws). */
function serviceWorkers(): ServiceWorkerContainer | undefined {
  try {
    return navigator.serviceWorker as ServiceWorkerContainer | undefined;
  } catch {
    return undefined;
  }
}

// Uncaught errors of listeners and promises: the page may continue, and shows them.
addEventListener('error', ({ error, message }) => troubles.add(strayOf(error ?? message)));
addEventListener('unhandledrejection', ({ reason }) => troubles.add(strayOf(reason)));

function strayOf(thrown: unknown): ProblemFacts {
  return { code: 'stray-error', data: { message: errorText(thrown) } };
}

const client = start();
const update = watchAppUpdate(serviceWorkers(), () => location.reload(), whenQuiet(client));
client.then((it) => (globalThis.petrel = it)).catch(() => undefined);
void drawing.then(({ draw }) => draw(client, { update, troubles, network: query.network }));
