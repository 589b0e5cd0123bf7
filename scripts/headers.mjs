/**
 * The response headers of every file that Petrel serves. They are defined only here: the server of `npm start` and of the tests
 * sends them, and `public/_headers` (for static hosts that read such a file) contains the same text; a test compares the two.
 */

/**
 * Beside WebSockets to any host. The gateways of a Stacks network file are asked over HTTPS, or over HTTP if they are of this machine. A worker obeys the policy
 * of its own file, and the hub is the one that asks.
 */
const gateways = 'https: http://localhost:* http://127.0.0.1:*';

/**
 * @param {string} framedBy which pages may show the page in a frame
 * @param {string} [others] what may be fetched from other origins, besides WebSockets
 */
const policy = (framedBy, others = '') =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    `connect-src 'self' ws: wss: ${others}`.trim(),
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framedBy}`,
  ].join('; ');

/** A worker obeys the policy of its own response, so every file needs these headers, not only the page. */
export const securityHeaders = {
  'Content-Security-Policy': policy("'self'", gateways),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/**
 * The pages beside the app, each with the headers in which it differs. Their files are the path with `.html`. Any site may embed the
 * widget's frame. No site may frame the two pages that use keys: a site could draw over them. A site that opens `/wallet` in a window keeps no
 * handle to it: it could change the address, and so the form, while a person fills it in. `/confirm` sends no Cross-Origin-Opener-Policy, because
 * the frame that opens it must be able to talk to it.
 */
export const pages = {
  '/embed': { 'Content-Security-Policy': policy('*'), 'Cross-Origin-Resource-Policy': 'cross-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  '/wallet': { 'Content-Security-Policy': policy("'none'"), 'Cross-Origin-Opener-Policy': 'same-origin' },
  '/confirm': { 'Content-Security-Policy': policy("'none'") },
};

/** The script that other sites load for the widget's element, also as a module and where they require such a header of everything. */
const shared = { '/widget.js': { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' } };

/** A worker of a page with this policy must have it too, and the frame of the widget starts workers. */
const assets = { 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** The headers in which the answer under this path differs from `securityHeaders`. */
export function headersOfPage(path) {
  if (path.startsWith('/assets/')) return assets;
  if (Object.hasOwn(shared, path)) return shared[path];
  return Object.hasOwn(pages, path) ? pages[path] : Object.hasOwn(pages, path.replace(/\.html$/, '')) ? pages[path.replace(/\.html$/, '')] : {};
}

/**
 * How long a browser may cache a file. Names under /assets/ contain a hash of their content. All other files are requested anew,
 * above all `sw.js`: a cached service worker would keep an old build alive.
 */
export function cacheControl(path) {
  return path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** The text of `public/_headers`. Hosts that read it send `no-cache` or the like for files that it does not name. */
export function headersFile() {
  const linesOf = (headers) => Object.entries(headers).map(([name, value]) => `  ${name}: ${value}\n`).join('');
  // `! name` takes the header of `/*` back: two policies would both be in force.
  const own = Object.entries(pages).flatMap(([path, headers]) => [path, `${path}.html`].map((name) => `${name}\n  ! Content-Security-Policy\n${linesOf(headers)}  Cache-Control: ${cacheControl(name)}\n`));
  const forOthers = Object.entries(shared).map(([path, headers]) => `${path}\n${linesOf(headers)}  Cache-Control: ${cacheControl(path)}\n`);
  const kept = ['/assets/*', '/sw.js', '/manifest.webmanifest', '/index.html', '/'].map((path) => `${path}\n${path === '/assets/*' ? linesOf(assets) : ''}  Cache-Control: ${cacheControl(path)}\n`);
  return `/*\n${linesOf(securityHeaders)}\n${[...kept, ...own, ...forOthers].join('\n')}`;
}
