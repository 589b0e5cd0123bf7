/**
 * `npm run demo`: all that `npm start` does, and a page of another site that embeds the widget. The options are those of `npm start`.
 */

import { serveDemo } from './demo-host.mjs';
import { pageQuery } from './local-network.mjs';
import { runLocal } from './run-local.mjs';

/** An address under which nobody can spend. */
const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';

await runLocal('npm run demo', async ({ event: { peers, relay, accounts }, url, networkFile }) => {
  const { origin } = new URL(url);
  const query = new URLSearchParams(pageQuery(peers, relay, networkFile));
  const host = await serveDemo({
    origin,
    // The network is an attribute of the element; seeds are for development networks only.
    src: `${origin}/embed${query.has('seeds') ? `?${new URLSearchParams({ seeds: query.get('seeds') })}` : ''}`,
    network: query.get('network') ?? 'unit-albatross',
    payer: accounts[0]?.address ?? NOBODY,
    shop: accounts[1]?.address ?? NOBODY,
  });
  return `  Demo shop:     ${host.url}\n`;
}, 'albatross');
