import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HeadEvent, HeadView, LogEntry, Notice, Status } from '../contract.ts';
import { openEvents } from './event-inlet.ts';
import type { EventBundle } from './event-messages.ts';
import { EventOutlet, MAX_WAITING, POST_INTERVAL, type Latest } from './event-outlet.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { MAX_MERGED_BLOCKS } from './merge-heads.ts';

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

const status = (tabs: number) => ({ host: { tabs } }) as Status;
const head = (height: number): HeadEvent => {
  const latest = { height, hash: `h${height}` } as HeadView;
  return { head: { known: true, latest, final: latest }, adopted: [latest], reverted: [] };
};
const entry = (code: string) => ({ code }) as LogEntry & Notice;

function outlet(latest: Partial<Latest> = {}) {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const clock = new ManualClock();
  const state: { -readonly [K in keyof Latest]: Latest[K] } = { status: undefined, head: undefined, peers: undefined, trust: undefined, notices: [], ...latest };
  return { hub: new EventOutlet(port2, clock, () => state), page: port1, clock, state };
}

/** A page that receives bundles and acknowledges only when told to. */
function stalledPage(port: MessagePort) {
  const bundles: EventBundle[] = [];
  port.addEventListener('message', (event) => bundles.push(event.data as EventBundle));
  port.start();
  return {
    bundles,
    subscribe: (...names: string[]) => port.postMessage({ kind: 'subscribe', names }),
    ack: () => port.postMessage({ kind: 'ack', seq: bundles.at(-1)?.seq }),
  };
}

describe('events of one tab', () => {
  it('without a subscription nothing is sent', async () => {
    const { hub, page, state } = outlet();
    const tab = stalledPage(page);
    state.status = status(1);
    hub.offer('status', status(1));
    hub.offer('log', entry('x'));
    tab.subscribe('log', 'nonsense');
    await vi.waitFor(() => {
      hub.offer('log', entry('y'));
      expect(tab.bundles).toHaveLength(1);
    });
    expect(tab.bundles[0]).not.toHaveProperty('status');
    expect(tab.bundles[0]?.log[0]?.code).toBe('y');
  });

  it('a subscription sends the current state and the last notices at once', async () => {
    const { page } = outlet({ status: status(3), head: head(7), notices: [entry('few-witnesses')] });
    const tab = stalledPage(page);
    tab.subscribe('status', 'head', 'notice', 'trust');
    await vi.waitFor(() => expect(tab.bundles).toHaveLength(1));
    const [bundle] = tab.bundles;
    expect(bundle?.status).toEqual(status(3));
    expect(bundle?.head).toMatchObject({ head: { latest: { height: 7 } }, adopted: [], reverted: [] });
    expect(bundle?.notices).toEqual([entry('few-witnesses')]);
    expect(bundle).not.toHaveProperty('trust');
  });

  it('a tab that stands still costs bounded memory, and catches up with one bundle', async () => {
    const { hub, page, clock, state } = outlet({ status: status(0) });
    const tab = stalledPage(page);
    tab.subscribe('status', 'head', 'notice', 'log');
    await vi.waitFor(() => expect(tab.bundles).toHaveLength(1));
    for (let i = 1; i <= 1_000; i++) {
      state.status = status(i);
      hub.offer('status', state.status);
      hub.offer('head', head(i));
      hub.offer('notice', entry(`n${i}`));
      hub.offer('log', entry(`l${i}`));
      clock.advance(POST_INTERVAL);
    }
    expect(clock.waiting).toBeLessThanOrEqual(1);
    tab.ack();
    await vi.waitFor(() => expect(tab.bundles).toHaveLength(2));
    const [, bundle] = tab.bundles;
    expect(bundle?.status).toEqual(status(1_000));
    expect(bundle?.head).toMatchObject({ head: { latest: { height: 1_000 } }, adopted: [], gap: true });
    expect(bundle?.notices.map((n) => n.code).at(0)).toBe(`n${1_001 - MAX_WAITING.notice}`);
    expect(bundle?.notices).toHaveLength(MAX_WAITING.notice);
    expect(bundle?.log).toHaveLength(MAX_WAITING.log);
    expect(bundle?.dropped).toEqual({ notices: 1_000 - MAX_WAITING.notice, log: 1_000 - MAX_WAITING.log });
  });

  it('after a shorter standstill no block is missing', async () => {
    const { hub, page, clock } = outlet({ head: head(0) });
    const tab = stalledPage(page);
    tab.subscribe('head');
    await vi.waitFor(() => expect(tab.bundles).toHaveLength(1));
    for (let i = 1; i <= MAX_MERGED_BLOCKS; i++) hub.offer('head', head(i));
    tab.ack();
    clock.advance(POST_INTERVAL);
    await vi.waitFor(() => expect(tab.bundles).toHaveLength(2));
    expect(tab.bundles[1]?.head?.adopted.map((b) => b.height)).toEqual(Array.from({ length: MAX_MERGED_BLOCKS }, (_, i) => i + 1));
    expect(tab.bundles[1]?.head).not.toHaveProperty('gap');
  });

  it('the first head after a pause is sent at once, and the following heads are bundled', async () => {
    const { hub, page, clock, state } = outlet({ status: status(0), head: head(0) });
    const tab = stalledPage(page);
    tab.subscribe('status', 'head', 'log');
    await vi.waitFor(() => expect(tab.bundles).toHaveLength(1));
    tab.ack();
    clock.advance(POST_INTERVAL);
    hub.offer('head', head(1));
    // A tab that has not acknowledged is sent nothing, so this also waits for the acknowledgement.
    await vi.waitFor(() => expect(tab.bundles).toHaveLength(2));
    tab.ack();
    hub.offer('head', head(2));
    hub.offer('head', head(3));
    hub.offer('log', entry('x'));
    state.status = status(1);
    hub.offer('status', state.status);
    state.status = status(2);
    hub.offer('status', state.status);
    clock.advance(POST_INTERVAL);
    await vi.waitFor(() => expect(tab.bundles).toHaveLength(3));
    expect(tab.bundles[1]).not.toHaveProperty('status');
    expect(tab.bundles[2]).toMatchObject({ status: status(2), log: [entry('x')] });
    expect(tab.bundles[2]?.head?.adopted.map(({ height }) => height)).toEqual([2, 3]);
  });

  it('a new phase and notices are sent at once, with the waiting events', async () => {
    const { hub, page, clock, state } = outlet({ status: status(0) });
    const tab = stalledPage(page);
    tab.subscribe('status', 'notice', 'log');
    await vi.waitFor(() => expect(tab.bundles).toHaveLength(1));
    tab.ack();
    hub.offer('log', entry('x'));
    state.status = { ...status(1), consensus: 'established' } as Status;
    hub.offer('status', state.status);
    await vi.waitFor(() => expect(tab.bundles).toHaveLength(2));
    expect(tab.bundles[1]).toMatchObject({ status: { consensus: 'established' }, log: [entry('x')] });
    tab.ack();
    hub.offer('notice', entry('n'));
    await vi.waitFor(() => expect(tab.bundles).toHaveLength(3));
    expect(clock.waiting).toBe(0);
  });

  it('a page acknowledges even if its listener throws, and is told about dropped events', async () => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    const acks: unknown[] = [];
    const dropped: unknown[] = [];
    const port = { ...fakePort(port1), postMessage: (message: unknown) => acks.push(message) };
    openEvents(port, () => undefined, (count) => dropped.push(count));
    port2.postMessage({ kind: 'events', seq: 1, notices: [], log: [], dropped: { notices: 2, log: 0 } });
    port2.postMessage('nonsense');
    await vi.waitFor(() => expect(acks).toEqual([{ kind: 'ack', seq: 1 }]));
    expect(dropped).toEqual([{ notices: 2, log: 0 }]);
  });

  it('a closed outlet sends and keeps nothing', async () => {
    const { hub, page, clock } = outlet({ status: status(0) });
    const tab = stalledPage(page);
    tab.subscribe('status');
    await vi.waitFor(() => expect(tab.bundles).toHaveLength(1));
    hub.offer('status', status(1));
    hub.close();
    hub.offer('status', status(2));
    expect(clock.waiting).toBe(0);
  });
});

function fakePort(port: MessagePort) {
  return {
    addEventListener: port.addEventListener.bind(port),
    removeEventListener: port.removeEventListener.bind(port),
    start: () => port.start(),
  };
}
