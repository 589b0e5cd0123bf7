/**
 * The response headers of every file that Petrel serves. They are defined only here: the server of `npm start` and of the tests
 * sends them, and `public/_headers` (for static hosts that read such a file) contains the same text; a test compares the two.
 */

const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "manifest-src 'self'",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** A worker obeys the policy of its own response, so every file needs these headers, not only the page. */
export const securityHeaders = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/**
 * How long a browser may cache a file. Names under /assets/ contain a hash of their content. All other files are requested anew,
 * above all `sw.js`: a cached service worker would keep an old build alive.
 */
export function cacheControl(path) {
  return path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** The text of `public/_headers`. Hosts that read it send `no-cache` or the like for files that it does not name. */
export function headersFile() {
  const lines = Object.entries(securityHeaders).map(([name, value]) => `  ${name}: ${value}`);
  const kept = ['/assets/*', '/sw.js', '/manifest.webmanifest', '/index.html', '/'].map((path) => `${path}\n  Cache-Control: ${cacheControl(path)}\n`);
  return `/*\n${lines.join('\n')}\n\n${kept.join('\n')}`;
}
