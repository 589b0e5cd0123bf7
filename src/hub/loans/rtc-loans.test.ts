import { afterEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import type { RtcRequest } from '../../bridge/ports/rtc-messages.ts';
import type { RtcCandidate, RtcChannel } from '../../engine/rtc-host.ts';
import { RTC_LIMIT, RtcLoans, type RtcLender } from './rtc-loans.ts';

const ports: MessagePort[] = [];
afterEach(() => ports.splice(0).forEach((port) => port.close()));

class FakeTab implements RtcLender {
  readonly id: string;
  readonly asked: RtcRequest[] = [];
  constructor(id: string) {
    this.id = id;
  }
  askForConnection(request: RtcRequest): void {
    this.asked.push(request);
  }
  get last(): number {
    return this.asked.findLast(({ kind }) => kind === 'rtc-open')!.id;
  }
  count(kind: RtcRequest['kind']): number {
    return this.asked.filter((request) => request.kind === kind).length;
  }
}

function setUp(...names: string[]) {
  const clock = new ManualClock();
  const onChange = vi.fn<() => void>();
  const loans = new RtcLoans({ clock, iceServers: [], proxy: false, onChange, log: () => undefined });
  const tabs = names.map((name) => new FakeTab(name));
  for (const tab of tabs) loans.tabJoined(tab);
  const open = (role: 'offer' | 'answer' = 'offer', onCandidate: (candidate: RtcCandidate) => void = () => undefined) => loans.open(role, onCandidate);
  /** The tab reports that the channel's bytes arrive through the port; returns the pump's end of the port. */
  const lend = (tab: FakeTab, id = tab.last) => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    loans.onReport(tab.id, { kind: 'rtc-channel', id, way: 'pump', port: port2 });
    return port1;
  };
  return { clock, loans, tabs, open, lend, onChange };
}

const code = (promise: Promise<unknown>) => promise.then(() => 'none', (error: { code: string }) => error.code);
const quiet = { message: () => undefined, drain: () => undefined, closed: () => undefined };

describe('loans of peer connections', () => {
  it('asks a page for a connection without ICE servers, and passes on what both sides send', async () => {
    const { loans, tabs, open, lend } = setUp('a');
    const [tab] = tabs as [FakeTab];
    const candidates: RtcCandidate[] = [];
    const link = open('offer', (candidate) => candidates.push(candidate));
    expect(tab.asked).toEqual([{ kind: 'rtc-open', id: 1, role: 'offer', iceServers: [], proxy: false }]);
    const pump = lend(tab);
    loans.onReport('a', { kind: 'rtc-local', id: 1, description: 'ours' });
    await expect(link.description).resolves.toBe('ours');
    loans.onReport('a', { kind: 'rtc-candidate', id: 1, candidate: 'candidate:1', mid: '0' });
    // Only the candidate fields of the message are used.
    expect(candidates).toEqual([{ candidate: 'candidate:1', mid: '0' }]);
    link.describe('theirs');
    link.addCandidate({ candidate: 'candidate:2', mid: '0' });
    expect(tab.asked.slice(1)).toEqual([{ kind: 'rtc-remote', id: 1, description: 'theirs' }, { kind: 'rtc-remote-candidate', id: 1, candidate: 'candidate:2', mid: '0' }]);
    pump.postMessage({ kind: 'open' }, []);
    const channel = await link.channel;
    channel.listen(quiet);
    expect(loans.counts).toEqual({ open: 1, made: 1, limit: RTC_LIMIT });
    link.close();
    expect(tab.count('rtc-close')).toBe(1);
    expect(loans.counts).toMatchObject({ open: 0, made: 1 });
  });

  it('spreads connections over the pages', () => {
    const { tabs, open, loans } = setUp('a', 'b', 'c');
    const links = Array.from({ length: 6 }, () => open());
    expect(tabs.map((tab) => tab.count('rtc-open'))).toEqual([2, 2, 2]);
    links[0]!.close();
    open();
    expect(tabs.map((tab) => tab.count('rtc-open'))).toEqual([3, 2, 2]);
    loans.close();
    expect(loans.counts.open).toBe(0);
  });

  it('a page that leaves takes only its own links with it, at once', async () => {
    const { loans, tabs, open, lend } = setUp('a', 'b');
    const [a, b] = tabs as [FakeTab, FakeTab];
    const first = open();
    const second = open();
    const [pumpA, pumpB] = [lend(a), lend(b)];
    pumpA.postMessage({ kind: 'open' }, []);
    pumpB.postMessage({ kind: 'open' }, []);
    const channels = (await Promise.all([first.channel, second.channel])) as [RtcChannel, RtcChannel];
    const ends: string[] = [];
    channels.forEach((channel, index) => channel.listen({ ...quiet, closed: (why) => ends.push(`${index} ${why}`) }));
    loans.tabLeft('a');
    expect(ends).toEqual(['0 failed']);
    expect(a.count('rtc-close')).toBe(0);
    expect(loans.counts.open).toBe(1);
    // For a link that is still being opened this is an error.
    const third = open();
    loans.tabLeft('b');
    expect(await code(third.channel)).toBe('page-left');
    expect(await code(third.description)).toBe('page-left');
    expect(() => open()).toThrow(expect.objectContaining({ code: 'no-page' }));
  });

  it('waits for a page only up to a deadline, and does not ask a page again that did not answer', async () => {
    const { clock, tabs, open, lend, loans } = setUp('a', 'b');
    const [a, b] = tabs as [FakeTab, FakeTab];
    const silent = open();
    clock.advance(5_000);
    expect(await code(silent.description)).toBe('no-answer');
    open();
    open();
    expect([a, b].map((tab) => tab.count('rtc-open'))).toEqual([1, 2]);
    clock.advance(30_000);
    open();
    expect(a.count('rtc-open')).toBe(2);
    // The answering side's deadline starts only when it has the offer, however long that takes.
    const { clock: later, tabs: [only], open: answer, lend: give } = setUp('c') as ReturnType<typeof setUp> & { tabs: [FakeTab] };
    const link = answer('answer');
    give(only);
    later.advance(60_000);
    link.describe('theirs');
    later.advance(4_999);
    const ended = code(link.description);
    later.advance(1);
    expect(await ended).toBe('no-answer');
    void lend;
    void loans;
  });

  it('counts connections per page, and uses another page when one has made its maximum', async () => {
    const { loans, tabs, open } = setUp('a');
    const [a] = tabs as [FakeTab];
    for (let i = 0; i < RTC_LIMIT; i++) open().close();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'budget' }));
    const b = new FakeTab('b');
    loans.tabJoined(b);
    const link = open();
    expect([a, b].map((tab) => tab.count('rtc-open'))).toEqual([RTC_LIMIT, 1]);
    // The page has an older count of its own than this hub, and may make no more.
    loans.onReport('b', { kind: 'rtc-failed', id: b.last, code: 'budget' });
    expect(await code(link.channel)).toBe('budget');
    expect(() => open()).toThrow(expect.objectContaining({ code: 'budget' }));
  });

  it('bounds the number of connections at once', () => {
    const { open } = setUp('a');
    for (let i = 0; i < 24; i++) open();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'busy' }));
  });

  it("ignores a page's messages about other pages' connections, and closes the ports in them", async () => {
    const { loans, tabs, open, lend } = setUp('a', 'b');
    const [a, b] = tabs as [FakeTab, FakeTab];
    const link = open();
    const stray = lend(b, a.last);
    const heard = vi.fn<() => void>();
    stray.addEventListener('close', heard);
    stray.start();
    loans.onReport('b', { kind: 'rtc-local', id: a.last, description: 'not ours' });
    loans.onReport('b', { kind: 'rtc-failed', id: a.last, code: 'failed' });
    loans.onReport('nobody', { kind: 'rtc-failed', id: 77, code: 'failed' });
    lend(a);
    const second = lend(a);
    void second;
    loans.onReport('a', { kind: 'rtc-local', id: a.last, description: 'ours' });
    await expect(link.description).resolves.toBe('ours');
    await vi.waitFor(() => expect(heard).toHaveBeenCalled());
  });
});
