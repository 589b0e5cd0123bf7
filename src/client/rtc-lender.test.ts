import { afterEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { listen, type Port } from '../bridge/ports/port.ts';
import type { RtcReport, RtcRequest } from '../bridge/ports/rtc-messages.ts';
import { RTC_LIMIT, RtcBudget } from './rtc-budget.ts';
import { lendPeerConnections, type PeerConnection } from './rtc-lender.ts';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

class FakeChannel extends EventTarget {
  readyState = 'connecting';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  binaryType = '';
  closed = false;
  send(): void {}
  close(): void {
    this.closed = true;
  }
}

class FakeConnection extends EventTarget {
  readonly configuration: RTCConfiguration;
  readonly channels: { readonly label: string; readonly options: RTCDataChannelInit; readonly channel: FakeChannel }[] = [];
  readonly heard: unknown[] = [];
  localDescription: { readonly sdp: string } | null = null;
  connectionState = 'new';
  closed = false;
  constructor(configuration: RTCConfiguration) {
    super();
    this.configuration = configuration;
  }
  createDataChannel(label: string, options: RTCDataChannelInit): FakeChannel {
    const channel = new FakeChannel();
    this.channels.push({ label, options, channel });
    return channel;
  }
  async setLocalDescription(): Promise<void> {
    this.localDescription = { sdp: 'ours' };
    this.candidate('early');
  }
  async setRemoteDescription(description: unknown): Promise<void> {
    this.heard.push(description);
  }
  async addIceCandidate(candidate: unknown): Promise<void> {
    this.heard.push(candidate);
  }
  candidate(candidate: string): void {
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: { candidate, sdpMid: '0' } }));
  }
  become(state: string): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }
  close(): void {
    this.closed = true;
  }
}

/** A pump that takes channels, does not answer, or gets every message but those with a channel. */
class FakePump extends EventTarget {
  readonly orders: { readonly id: number; readonly channel: unknown; readonly transfer: readonly unknown[] }[] = [];
  readonly #manner: 'takes' | 'silent' | 'loses' | 'throws';
  terminated = false;
  constructor(manner: FakePump['manner']) {
    super();
    this.#manner = manner;
  }
  get manner() {
    return this.#manner;
  }
  postMessage(message: { kind: 'pump' | 'sent'; id: number; channel: unknown }, transfer: readonly unknown[] = []): void {
    if (this.#manner === 'throws') throw new DOMException('too late', 'DataCloneError');
    if (message.kind === 'pump') this.orders.push({ ...message, transfer });
    if (this.#manner === 'silent' || (this.#manner === 'loses' && message.kind === 'pump')) return;
    queueMicrotask(() => this.dispatchEvent(Object.assign(new Event('message'), { data: { kind: message.kind === 'pump' ? 'pumping' : 'read', id: message.id } })));
  }
  terminate(): void {
    this.terminated = true;
  }
}

function setUp({ manner = 'takes', made = 0, refuse = false, webRtc = true }: { manner?: FakePump['manner']; made?: number; refuse?: boolean; webRtc?: boolean } = {}) {
  const { port1, port2 } = new MessageChannel();
  const clock = new ManualClock();
  const connections: FakeConnection[] = [];
  const pumps: FakePump[] = [];
  const reports: RtcReport[] = [];
  const kept = new Map([['petrel/rtc-made', String(made)]]);
  const budget = new RtcBudget(() => ({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) }));
  const connect = (configuration: RTCConfiguration) => {
    if (refuse) throw new DOMException('too many', 'UnknownError');
    const connection = new FakeConnection(configuration);
    connections.push(connection);
    return connection as unknown as PeerConnection;
  };
  const lender = lendPeerConnections({
    control: port1, clock, budget, connect: webRtc ? connect : undefined,
    startPump: () => {
      const pump = new FakePump(manner);
      pumps.push(pump);
      return pump as unknown as Worker;
    },
  });
  const stop = listen(port2 as Port, (data) => reports.push(data as RtcReport));
  closing.push(() => {
    lender.close();
    stop();
    port1.close();
    port2.close();
    for (const report of reports) if (report.kind === 'rtc-channel') report.port.close();
  });
  const ask = (request: RtcRequest | object) => port2.postMessage(request, []);
  const open = (id: number, more: object = {}) => ask({ kind: 'rtc-open', id, role: 'offer', iceServers: [], proxy: false, ...more });
  const until = (kind: RtcReport['kind'], id: number) => vi.waitFor(() => {
    const found = reports.find((report) => report.kind === kind && report.id === id);
    if (!found) throw new Error(`no ${kind}`);
    return found;
  });
  return { ask, open, until, clock, connections, pumps, reports, kept, lender };
}

describe('lending peer connections', () => {
  it('makes a connection without ICE servers, transfers its channel at once, and reports its events in order', async () => {
    const page = setUp();
    page.open(1);
    await page.until('rtc-candidate', 1);
    expect(page.connections[0]?.configuration).toEqual({ iceServers: [] });
    const [made] = page.connections[0]!.channels;
    expect(made).toMatchObject({ options: { negotiated: true, id: 0 } });
    expect(page.pumps[0]?.orders[0]).toMatchObject({ id: 1, channel: made!.channel });
    expect(page.pumps[0]?.orders[0]?.transfer[0]).toBe(made!.channel);
    expect(page.reports.map(({ kind }) => kind)).toEqual(['rtc-channel', 'rtc-local', 'rtc-candidate']);
    expect(page.reports).toMatchObject([{ way: 'pump' }, { description: 'ours' }, { candidate: 'early', mid: '0' }]);
    // The last candidate is empty, which marks the end.
    page.connections[0]!.candidate('');
    page.connections[0]!.candidate('later');
    await vi.waitFor(() => expect(page.reports.at(-1)).toMatchObject({ candidate: 'later' }));
    expect(page.kept.get('petrel/rtc-made')).toBe('1');
    page.open(2);
    await page.until('rtc-local', 2);
    expect(page.pumps).toHaveLength(1);
  });

  it('answers an offer, and takes candidates after it', async () => {
    const page = setUp();
    page.open(3, { role: 'answer', iceServers: ['stun:stun.example:3478'] });
    page.ask({ kind: 'rtc-remote', id: 3, description: 'theirs' });
    page.ask({ kind: 'rtc-remote-candidate', id: 3, candidate: 'candidate:1', mid: '0' });
    await page.until('rtc-local', 3);
    await vi.waitFor(() => expect(page.connections[0]?.heard).toEqual([{ type: 'offer', sdp: 'theirs' }, { candidate: 'candidate:1', sdpMid: '0' }]));
    expect(page.connections[0]?.configuration).toEqual({ iceServers: [{ urls: 'stun:stun.example:3478' }] });
  });

  it.each(['silent', 'loses', 'throws'] as const)('makes a new channel in the page when the pump %s, and does not try the pump again', async (manner) => {
    const page = setUp({ manner });
    page.open(1);
    await vi.waitFor(() => expect(page.pumps).toHaveLength(1));
    // Only a pump that does not answer is waited for.
    if (manner === 'silent') page.clock.advance(4_000);
    expect(await page.until('rtc-channel', 1)).toMatchObject({ way: 'page' });
    await page.until('rtc-local', 1);
    expect(page.connections.map(({ closed }) => closed)).toEqual([true, false]);
    page.open(2);
    expect(await page.until('rtc-channel', 2)).toMatchObject({ way: 'page' });
    expect(page.connections).toHaveLength(3);
  });

  it('gives a pump that has to start four seconds', async () => {
    const page = setUp({ manner: 'silent' });
    page.open(1);
    await vi.waitFor(() => expect(page.pumps[0]?.orders).toHaveLength(1));
    page.clock.advance(3_999);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(page.reports).toEqual([]);
    page.clock.advance(1);
    await page.until('rtc-channel', 1);
    expect(page.kept.get('petrel/rtc-made')).toBe('2');
  });

  it('keeps the channel in the page when the setting says so', async () => {
    const page = setUp();
    page.open(1, { proxy: true });
    expect(await page.until('rtc-channel', 1)).toMatchObject({ way: 'page' });
    expect(page.pumps).toEqual([]);
    expect(page.connections).toHaveLength(1);
  });

  it("stops at its budget, which also counts earlier page loads, and at the browser's own limit", async () => {
    const spent = setUp({ made: RTC_LIMIT - 1 });
    spent.open(1);
    await spent.until('rtc-local', 1);
    spent.open(2);
    expect(await spent.until('rtc-failed', 2)).toMatchObject({ code: 'budget' });
    expect(spent.connections).toHaveLength(1);
    const refused = setUp({ refuse: true });
    refused.open(1);
    expect(await refused.until('rtc-failed', 1)).toMatchObject({ code: 'budget' });
    const without = setUp({ webRtc: false });
    without.open(1);
    expect(await without.until('rtc-failed', 1)).toMatchObject({ code: 'unsupported' });
  });

  it('closes failed connections, those the hub gives up, those of a broken pump, and all at the end of the session', async () => {
    const page = setUp();
    for (const id of [1, 2, 3]) page.open(id);
    await page.until('rtc-local', 3);
    page.connections[0]!.become('failed');
    expect(await page.until('rtc-failed', 1)).toMatchObject({ code: 'failed' });
    page.ask({ kind: 'rtc-close', id: 2 });
    await vi.waitFor(() => expect(page.connections[1]?.closed).toBe(true));
    page.pumps[0]!.dispatchEvent(new Event('error'));
    expect(await page.until('rtc-failed', 3)).toMatchObject({ code: 'failed' });
    expect(page.connections.map(({ closed }) => closed)).toEqual([true, true, true]);
    expect(page.pumps[0]!.terminated).toBe(true);
    page.open(4);
    expect(await page.until('rtc-channel', 4)).toMatchObject({ way: 'page' });
    page.lender.close();
    expect(page.connections[3]?.closed).toBe(true);
  });

  it('bounds the number of connections, and ignores messages that it cannot read', async () => {
    const page = setUp();
    for (const nonsense of [{ role: 'watch' }, { iceServers: ['http://elsewhere'] }, { iceServers: 'stun:x' }, { proxy: 1 }, { id: '1' }]) page.open(1, nonsense);
    page.ask({ kind: 'rtc-remote', id: 99, description: 'nobody' });
    for (let id = 1; id <= 33; id++) page.open(id);
    expect(await page.until('rtc-failed', 33)).toMatchObject({ code: 'busy' });
    expect(page.connections).toHaveLength(32);
  });
});

it('a page that cannot store anything counts by itself', () => {
  const budget = new RtcBudget(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  for (let i = 0; i < RTC_LIMIT; i++) budget.spend();
  expect(budget.spent).toBe(true);
  expect(new RtcBudget(() => ({ getItem: () => 'nonsense', setItem: () => undefined })).spent).toBe(false);
});
