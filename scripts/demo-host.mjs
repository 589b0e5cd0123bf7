import { join } from 'node:path';
import { serve } from './serve.mjs';
import { root } from './setup.mjs';

/**
 * Serves the page of another site that embeds the widget, under a policy that such a site may have.
 *
 * @param {{ origin: string, src: string, network: string, payer: string, shop: string }} options `origin`: of the widget; `src`: address of
 *   its frame; `payer`, `shop`: addresses of the account that is watched, and of the one that is paid.
 * @returns {Promise<{ url: string, close(): Promise<void> }>} Its address is another name of this machine than `localhost`: for browsers another site.
 */
export async function serveDemo({ origin, src, network, payer, shop }) {
  const settings = { script: `${origin}/widget.js`, src, network, payer, shop };
  const host = await serve({
    directory: join(root, 'demo'),
    files: { '/settings.json': () => JSON.stringify(settings) },
    headers: {
      'Content-Security-Policy': `default-src 'none'; script-src 'self' ${origin}; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src ${origin}; base-uri 'none'; form-action 'none'`,
      'X-Content-Type-Options': 'nosniff',
    },
  });
  return { url: `http://127.0.0.1:${host.port}/`, close: host.close };
}
