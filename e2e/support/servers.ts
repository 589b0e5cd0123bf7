import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { test as base } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { ChainNet, type OtherChain } from './chain-net.ts';
import { DevnetProcess } from './devnet.ts';

const root = resolve(import.meta.dirname, '../..');

export interface Site {
  readonly url: string;
  /** JSON files that the server also serves, by path, for test networks. */
  readonly files: Record<string, () => string>;
}

interface TestFixtures {
  /** Starts a local network that makes blocks on command. All networks are stopped at the end of the test. */
  readonly startDevnet: (...args: string[]) => Promise<DevnetProcess>;
  /** Starts the local network of another chain, which makes blocks on command, and puts its parameters on the site. Resolves with the page's address, too. */
  readonly startChain: (chain: OtherChain, ...args: string[]) => Promise<{ readonly net: ChainNet; readonly url: string }>;
}

interface WorkerFixtures {
  readonly site: Site;
  /** The proxy that gets every request not for loopback. */
  readonly outside: { readonly url: string; readonly requests: string[] };
}

/**
 * The environment of any browser: the server of `npm start` with its headers, local networks, and a proxy that records requests to
 * other machines.
 */
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
        // The client may close a refused connection first.
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

  startChain: async ({ site }, use) => {
    const started: ChainNet[] = [];
    await use(async (chain, ...args) => {
      const net = await ChainNet.start(chain, ...args);
      started.push(net);
      const path = `/${chain}-${randomUUID()}.json`;
      site.files[path] = () => net.networkFile;
      return { net, url: `${site.url}?${new URLSearchParams({ network: path, staleBlocks: '100000' })}` };
    });
    await Promise.all(started.map((net) => net.stop()));
  },
});

function listen(server: Server): Promise<number> {
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));
}
