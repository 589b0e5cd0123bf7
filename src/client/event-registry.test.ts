import { describe, expect, it, vi } from 'vitest';
import type { HeadEvent, HeadView, Notice, Status } from '../bridge/contract.ts';
import { EventRegistry } from './event-registry.ts';

const status = (tabs: number) => ({ host: { tabs } }) as Status;
const head = (height: number): HeadEvent => {
  const latest = { height } as HeadView;
  return { head: { known: true, latest, final: latest }, adopted: [latest], reverted: [] };
};

describe('event registry', () => {
  it('subscribes with the first listener of an event and unsubscribes with the last', () => {
    const names = vi.fn<(value: unknown) => void>();
    const registry = new EventRegistry(names);
    const first = registry.on('status', () => {});
    const second = registry.on('status', () => {});
    registry.on('log', () => {});
    first();
    second();
    second();
    expect(names.mock.calls).toEqual([[['status']], [['status', 'log']], [['log']]]);
  });

  it('gives a later listener the current state, but a head without its blocks', async () => {
    const registry = new EventRegistry(() => {});
    registry.on('head', () => {});
    registry.dispatch('head', head(7));
    const late = vi.fn<(value: unknown) => void>();
    registry.on('head', late);
    expect(late).not.toHaveBeenCalled();
    await Promise.resolve();
    expect(late.mock.calls).toEqual([[{ ...head(7), adopted: [] }]]);
  });

  it('gives an outdated value to no listener, and no value to a removed one', async () => {
    const registry = new EventRegistry(() => {});
    registry.on('status', () => {});
    registry.dispatch('status', status(1));
    const late = vi.fn<(value: unknown) => void>();
    const left = vi.fn<(value: unknown) => void>();
    registry.on('status', late);
    registry.on('status', left)();
    registry.dispatch('status', status(2));
    await Promise.resolve();
    expect(late.mock.calls).toEqual([[status(2)]]);
    expect(left).not.toHaveBeenCalled();
  });

  it('keeps no notices, and no state that is not kept up to date', async () => {
    const registry = new EventRegistry(() => {});
    const listener = vi.fn<(value: unknown) => void>();
    registry.on('notice', () => {});
    registry.dispatch('notice', { code: 'wiped' } as Notice);
    registry.on('notice', listener);
    registry.on('status', () => {})();
    registry.dispatch('status', status(1));
    registry.on('status', listener);
    await Promise.resolve();
    expect(listener).not.toHaveBeenCalled();
  });
});
