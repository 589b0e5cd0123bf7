/** The entry of the page `/wallet`. */

import './wallet.css';
import { createClient } from '../client/create-client.ts';
import { isDevelopment } from '../page/default-network.ts';
import { loadNetwork } from '../page/load-network.ts';
import { parseQuery } from '../page/query.ts';
import { startClient } from '../page/start-client.ts';
import { openNetwork } from './wallet-page.ts';

// The larger part of the page's code. It loads while the hub's worker starts.
const drawing = import('./draw.tsx');
const { network: name } = parseQuery(location.search);
const network = loadNetwork(name);
// Seeds and settings of a link count on development networks only: on others a stranger's link could choose the peers that are asked. A
// wrong one is left out; the page of the chain says so.
const client = network.then((parameters) => startClient({ ...parseQuery(isDevelopment(parameters) ? location.search : ''), network: name }, parameters, createClient, () => undefined));
const kept = network.then((parameters) => openNetwork(parameters));

client.then((it) => (globalThis.petrel = it)).catch(() => undefined);
kept.catch(() => undefined);
void drawing.then(({ draw }) => draw({ client, kept, networkName: name }));
