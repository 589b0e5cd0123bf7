/**
 * The requirements on every kind of host for the hub, as tests that run on each.
 * @module
 */

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Status } from '../../src/bridge/contract.ts';
import type { Connection } from '../../src/client/connection.ts';
import type { FakeLightClient } from './fake-light-client.ts';

/** An origin whose pages reach their hub by one kind of host. */
export interface HostWorld {
  /** A new page. It is not connected yet. */
  page(): Promise<{ readonly connection: Connection; close(): Promise<void> }>;
  /** The clients that the hubs have started, in this order. */
  readonly clients: readonly FakeLightClient[];
  /** The worker that is started next does not load. */
  breakNext(): void;
  /** Ends what the test has left. */
  end(): void;
}

/** `kind`: what the hub says of itself. `shares`: whether all pages have the same hub. */
export function describeHost(name: string, { kind, shares }: { readonly kind: Status['host']['kind']; readonly shares: boolean }, make: () => HostWorld): void {
  describe(`the host requirements: ${name}`, () => {
    let world: HostWorld | undefined;
    const start = () => (world = make());
    const statusOf = (connection: Connection) => connection.call('getStatus', []) as Promise<Status>;

    afterEach(() => {
      world?.end();
      world = undefined;
    });

    it('a page reaches its hub, which starts the client', async () => {
      const { page, clients } = start();
      const { connection } = await page();
      await connection.open();
      expect(await connection.call('getHead', [])).toMatchObject({ latest: { height: 200 } });
      expect((await statusOf(connection)).host).toMatchObject({ kind, tabs: 1, fencing: 1 });
      expect(clients).toHaveLength(1);
    });

    it('all pages have one hub if the host is shared, else each has its own', async () => {
      const { page, clients } = start();
      const pages = [await page(), await page()];
      for (const { connection } of pages) await connection.open();
      for (const { connection } of pages) await vi.waitFor(async () => expect((await statusOf(connection)).host).toMatchObject({ kind, tabs: shares ? 2 : 1 }));
      expect(clients).toHaveLength(1);
    });

    it('a closed page gets no answers, and after the last page the client has flushed; the next page starts another', async () => {
      const { page, clients } = start();
      const first = await page();
      await first.connection.open();
      await first.connection.call('getHead', []);
      await first.close();
      await expect(first.connection.call('getHead', [])).rejects.toMatchObject({ name: 'ClientError', code: 'closed' });
      await vi.waitFor(() => expect(clients.map(({ closed }) => closed)).toEqual([true]));
      const { connection } = await page();
      await connection.open();
      await connection.call('getHead', []);
      expect((await statusOf(connection)).host).toMatchObject({ kind, tabs: 1, fencing: 2 });
      expect(clients.map(({ closed }) => closed)).toEqual([true, false]);
    });

    it('a worker that does not load is started once more, and then reported', async () => {
      const { page, breakNext } = start();
      const patient = await page();
      breakNext();
      await patient.connection.open();
      await patient.close();
      const failing = await page();
      breakNext();
      breakNext();
      await expect(failing.connection.open()).rejects.toMatchObject({ name: 'ClientError', code: 'worker-failed' });
    });
  });
}
