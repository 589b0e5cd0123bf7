/** Petrel's client in a page as bare as the one of the official client: what the client costs without the app. */

import { createClient } from '../../src/client/create-client.ts';

const query = new URLSearchParams(location.search);
const client = await createClient({ network: 'unit-albatross', seeds: (query.get('seeds') ?? '').split(','), settings: { staleBlocks: query.get('staleBlocks') ?? '60' } });
// The bench listens to it, as it does in the app.
globalThis.petrel = client;

const show = (id: string, text: string) => {
  document.getElementById(id)!.textContent = text;
};
client.on('head', ({ head }) => show('height', String(head.latest.height)));
client.on('trust', ({ level }) => show('level', level));
