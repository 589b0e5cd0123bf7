/** Serves a folder of built files over HTTP with the security headers on every answer, errors included. */

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { cacheControl, headersOfPage, pages, securityHeaders } from './headers.mjs';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * @param {{ directory: string, port?: number, host?: string, files?: Record<string, () => string>, headers?: Record<string, string>, encoded?: ReadonlyMap<string, Buffer> | undefined, onAnswer?: (path: string, status: number) => void }} options
 *   `files` are answers made on request (JSON), by path; `headers` are for tests of stricter hosts; `encoded` are files of the folder with brotli, by path;
 *   `onAnswer` is told of each answer.
 * @returns {Promise<{ url: string, port: number, close(): Promise<void> }>}
 */
export async function serve({ directory, port = 0, host = '127.0.0.1', files = {}, headers = securityHeaders, encoded, onAnswer }) {
  const server = createServer((request, response) => {
    if (onAnswer) response.on('finish', () => onAnswer(request.url ?? '/', response.statusCode));
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answer(request, response, directory, files, encoded).catch(() => refuse(response, 500));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(undefined));
  });
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host === '127.0.0.1' ? 'localhost' : host}:${actual}/`,
    port: actual,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}

async function answer(request, response, directory, files, encoded) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405);
  let path;
  try {
    path = decodeURIComponent(new URL(request.url ?? '/', 'http://local').pathname);
  } catch {
    return refuse(response, 400);
  }
  if (path.includes('\0')) return refuse(response, 400);
  const made = Object.hasOwn(files, path) ? files[path] : undefined;
  if (made) {
    response.writeHead(200, { 'Content-Type': types['.json'], 'Cache-Control': 'no-store' });
    response.end(made());
    return;
  }
  const file = join(directory, normalize(path.endsWith('/') ? `${path}index.html` : Object.hasOwn(pages, path) ? `${path}.html` : path));
  if (!file.startsWith(normalize(directory) + sep)) return refuse(response, 404);
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile()) return refuse(response, 404);
  const packed = /\bbr\b/.test(request.headers['accept-encoding'] ?? '') ? encoded?.get(path.endsWith('/') ? `${path}index.html` : path) : undefined;
  response.writeHead(200, {
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Content-Length': packed?.length ?? info.size,
    'Cache-Control': cacheControl(path),
    ...headersOfPage(path),
    ...(packed ? { 'Content-Encoding': 'br' } : {}),
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  if (packed) {
    response.end(packed);
    return;
  }
  createReadStream(file).on('error', () => response.destroy()).pipe(response);
}

function refuse(response, status) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': types['.txt'] });
  response.end(`${status}\n`);
}
