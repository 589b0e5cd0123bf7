/**
 * `npm run demo`: all that `npm start` does, and a page of another site that embeds the widget. The options are those of `npm start`.
 */

import { join } from 'node:path';
import { pageQuery } from './local-network.mjs';
import { runLocal } from './run-local.mjs';
import { serve } from './serve.mjs';
import { root } from './setup.mjs';

/** An address under which nobody can spend. */
const NOBODY = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';

await runLocal('npm run demo', async ({ event: { peers, relay, accounts }, url, networkFile }) => {
  const { origin } = new URL(url);
  const query = new URLSearchParams(pageQuery(peers, relay, networkFile));
  const settings = {
    script: `${origin}/widget.js`,
    // The network is an attribute of the element; seeds are for development networks only.
    src: `${origin}/embed${query.has('seeds') ? `?${new URLSearchParams({ seeds: query.get('seeds') })}` : ''}`,
    network: query.get('network') ?? 'unit-albatross',
    payer: accounts[0]?.address ?? NOBODY,
    shop: accounts[1]?.address ?? NOBODY,
  };
  const host = await serve({
    directory: join(root, 'demo'),
    files: { '/settings.json': () => JSON.stringify(settings) },
    headers: {
      'Content-Security-Policy': `default-src 'none'; script-src 'self' ${origin}; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src ${origin}; base-uri 'none'; form-action 'none'`,
      'X-Content-Type-Options': 'nosniff',
    },
  });
  // Another name of this machine is another site: browsers keep the two apart.
  return `  Demo shop:     http://127.0.0.1:${host.port}/\n`;
}, 'albatross');
