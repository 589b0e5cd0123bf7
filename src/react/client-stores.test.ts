import { describe, expect, it, vi } from 'vitest';
import { EventRegistry } from '../client/event-registry.ts';
import type { Client, LogCode, LogEntry, Notice, Status } from '../client/types.ts';
import { storesOf } from './client-stores.ts';

function fakeClient(ring: Promise<readonly LogEntry[]> = Promise.resolve([])) {
  const names = vi.fn<(names: readonly string[]) => void>();
  const registry = new EventRegistry(names);
  return { registry, names, client: { on: registry.on.bind(registry), getLog: () => ring } as unknown as Client };
}
const entry = (code: LogCode) => ({ time: 1, area: 'hub', level: 'info', code, data: {} }) satisfies LogEntry;
const status = (tabs: number) => ({ host: { tabs } }) as Status;

describe('stores of a client', () => {
  it('are the same for all components, with one listener as long as there is any component', () => {
    const { client, registry, names } = fakeClient();
    const store = storesOf(client).status;
    expect(storesOf(client).status).toBe(store);
    expect(names).not.toHaveBeenCalled();
    const changes = [vi.fn<() => void>(), vi.fn<() => void>()];
    const stops = changes.map((change) => store.subscribe(change));
    registry.dispatch('status', status(1));
    expect(store.get()).toEqual(status(1));
    expect(changes.map((change) => change.mock.calls.length)).toEqual([1, 1]);
    stops.forEach((stop) => stop());
    expect(names.mock.calls).toEqual([[['status']], [[]]]);
  });

  it('gather notices up to a bound', () => {
    const { client, registry } = fakeClient();
    const store = storesOf(client).notices;
    store.subscribe(() => {});
    for (let i = 0; i < 60; i++) registry.dispatch('notice', { time: i, code: 'peer-banned' } as Notice);
    expect(store.get()).toHaveLength(50);
    expect(store.get()[0]?.time).toBe(10);
    expect(store.get()).toBe(store.get());
  });

  it('start the log with the stored entries, without duplicates', async () => {
    const { client, registry } = fakeClient(Promise.resolve([entry('peer-joined'), entry('peer-lied')]));
    const store = storesOf(client).log;
    store.subscribe(() => {});
    registry.dispatch('log', entry('peer-lied'));
    registry.dispatch('log', entry('peer-dropped'));
    expect(store.get()).toEqual([]);
    await vi.waitFor(() => expect(store.get().map(({ code }) => code)).toEqual(['peer-joined', 'peer-lied', 'peer-dropped']));
    registry.dispatch('log', entry('owner'));
    expect(store.get().at(-1)?.code).toBe('owner');
  });

  it('have a log even if the stored entries cannot be read', async () => {
    const { client, registry } = fakeClient(Promise.reject(new Error('gone')));
    const store = storesOf(client).log;
    store.subscribe(() => {});
    registry.dispatch('log', entry('peer-dropped'));
    await vi.waitFor(() => expect(store.get().map(({ code }) => code)).toEqual(['peer-dropped']));
  });
});
