import { afterEach, describe, expect, it, vi } from 'vitest';
import { closePages, ElectedOrigin, names } from '../support/elected-origin.ts';

afterEach(closePages);

describe('an elected tab', () => {
  it('is the first in line; all tabs share its hub; when it is closed, its hub flushes, and the next tab is elected', async () => {
    const origin = new ElectedOrigin();
    const pages = [await origin.page(), await origin.page(), await origin.page()] as const;
    for (const page of pages) await page.connection.open();
    await vi.waitFor(async () => expect((await pages[2].status()).host).toMatchObject({ kind: 'elected-worker', tabs: 3, fencing: 1 }));
    expect(origin.started).toEqual([names.worker(0)]);
    expect(await Promise.all(pages.map((page) => page.hasSeat()))).toEqual([true, false, false]);
    const pending = pages[2].connection.call('getBlock', [5]);
    pending.catch(() => undefined);
    await vi.waitFor(() => expect(origin.clients[0]?.asked).toHaveLength(1));
    await pages[0].close();
    expect(origin.clients[0]?.closed).toBe(true);
    await expect(pending).rejects.toMatchObject({ code: expect.stringMatching(/hub-lost|closed/) });
    for (const page of [pages[1], pages[2]]) await vi.waitFor(async () => expect((await page.status()).host).toMatchObject({ tabs: 2, fencing: 2 }));
    expect(await Promise.all(pages.map((page) => page.hasSeat()))).toEqual([false, true, false]);
  });

  it('that is frozen gives up its seat, and competes for it again only after it has woken', async () => {
    const origin = new ElectedOrigin();
    const [first, second] = [await origin.page(), await origin.page()];
    for (const page of [first, second]) await page.connection.open();
    first.seat.sleep(true);
    await vi.waitFor(async () => expect((await second.status()).host).toMatchObject({ fencing: 2 }));
    expect([await first.hasSeat(), await second.hasSeat()]).toEqual([false, true]);
    // Only the frozen tab is left, so no tab has the seat until it wakes.
    await second.close();
    expect(await first.hasSeat()).toBe(false);
    first.seat.sleep(false);
    await vi.waitFor(async () => expect((await first.status()).host).toMatchObject({ fencing: 3, tabs: 1 }));
  });

  it('whose worker once fails to load starts it again', async () => {
    const origin = new ElectedOrigin();
    const first = await origin.page();
    origin.broken.push('does not load');
    await first.connection.open();
    expect(await first.hasSeat()).toBe(true);
  });

  it('whose worker cannot be loaded reports it, and leaves the seat to a tab that can load one', async () => {
    const origin = new ElectedOrigin();
    const [first, second] = [await origin.page(), await origin.page()];
    origin.broken.push('does not load', 'does not load');
    await expect(first.connection.open()).rejects.toMatchObject({ code: 'worker-failed' });
    await second.connection.open();
    expect(await second.hasSeat()).toBe(true);
    expect(await first.hasSeat()).toBe(false);
  });

  it('whose hub ends by itself goes to the end of the line', async () => {
    const origin = new ElectedOrigin();
    const [first, second] = [await origin.page(), await origin.page()];
    for (const page of [first, second]) await page.connection.open();
    await vi.waitFor(async () => expect((await second.status()).host.tabs).toBe(2));
    const { held } = await origin.locks.query();
    for (const { name } of held) if (name === names.owner || name.includes('/hub/')) origin.locks.kill(name);
    for (const page of [first, second]) await vi.waitFor(async () => expect((await page.status()).host).toMatchObject({ tabs: 2, fencing: 2 }));
    expect([await first.hasSeat(), await second.hasSeat()]).toEqual([false, true]);
  });

  it('that replaces its own hub keeps the seat meanwhile, so no tab in line starts a hub too', async () => {
    const origin = new ElectedOrigin();
    const [first, second] = [await origin.page(), await origin.page()];
    for (const page of [first, second]) await page.connection.open();
    await vi.waitFor(async () => expect((await second.status()).host.tabs).toBe(2));
    // A browser grants a lock that is released to the next in line, before it reads our next request.
    const requests = vi.spyOn(origin.locks, 'request');
    await first.seat.seize(1);
    expect(requests.mock.calls.filter(([name, { steal }]) => name === names.seat && steal)).toEqual([]);
    for (const page of [first, second]) await vi.waitFor(async () => expect((await page.status()).host).toMatchObject({ tabs: 2, fencing: 2 }));
    expect(origin.started).toEqual([names.worker(0), names.worker(1)]);
    expect([await first.hasSeat(), await second.hasSeat()]).toEqual([true, false]);
  });

  it('that takes the seat of a hub whose worker has ended meanwhile gives its own worker a new name all the same', async () => {
    const origin = new ElectedOrigin();
    const page = await origin.page();
    await page.seat.seize(1);
    await page.connection.open();
    expect(origin.started).toEqual([names.worker(1)]);
  });

  it('that does not answer loses the seat to another', async () => {
    const origin = new ElectedOrigin();
    const [silent, other] = [await origin.page(), await origin.page()];
    origin.broken.push('says nothing');
    silent.seat.stand();
    await vi.waitFor(() => expect(origin.started).toHaveLength(1));
    const opening = other.connection.open();
    await other.seat.seize(1);
    await opening;
    await vi.waitFor(async () => expect((await other.status()).host).toMatchObject({ fencing: 1 }));
    expect([await silent.hasSeat(), await other.hasSeat()]).toEqual([false, true]);
  });
});
