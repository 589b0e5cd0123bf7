import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { test as base } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { DevnetProcess } from './devnet.ts';

const root = resolve(import.meta.dirname, '../..');

export interface Site {
  readonly url: string;
  /** JSON served by path beside the build, for networks of one's own. */
  readonly files: Record<string, () => string>;
}

interface TestFixtures {
  /** Starts a local network stepped by command; all are stopped when the test is over. */
  readonly startDevnet: (...args: string[]) => Promise<DevnetProcess>;
}

interface WorkerFixtures {
  readonly site: Site;
  /** Everything that did not go to loopback was asked of this proxy. */
  readonly outside: { readonly url: string; readonly requests: string[] };
}

/** What stands around a browser of any make: the server of `npm start` with its headers, local networks, and a proxy that notes what wanted to leave. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  site: [
    async ({}, use) => {
      const files: Site['files'] = {};
      const server = await serve({ directory: join(root, 'dist'), files });
      await use({ url: server.url, files });
      await server.close();
    },
    { scope: 'worker' },
  ],

  outside: [
    async ({}, use) => {
      const requests: string[] = [];
      const proxy = createServer((request, response) => {
        requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
        response.writeHead(502).end();
      });
      proxy.on('connect', (request, socket) => {
        requests.push(`CONNECT ${request.url ?? ''}`);
        // Whoever is refused may hang up first.
        socket.on('error', () => undefined);
        socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      });
      const port = await listen(proxy);
      await use({ url: `http://127.0.0.1:${port}`, requests });
      proxy.closeAllConnections();
      proxy.close();
    },
    { scope: 'worker' },
  ],

  startDevnet: async ({}, use) => {
    const started: DevnetProcess[] = [];
    await use(async (...args) => {
      const devnet = await DevnetProcess.start(...args);
      started.push(devnet);
      return devnet;
    });
    await Promise.all(started.map((devnet) => devnet.stop()));
  },
});

function listen(server: Server): Promise<number> {
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));
}
