import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeChannel } from '../../../test/support/fake-channel.ts';
import { pageClock } from '../../base/page-clock.ts';
import { openCalls } from '../calls/call-client.ts';
import { serveCalls } from '../calls/call-server.ts';
import { openJobPort, readServeMessage, serveJobs, serveMessage } from './job-port.ts';
import { MAX_QUEUED, NamedPort, type OpenChannel } from './named-port.ts';
import { listen, type Port } from './port.ts';

const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

/** Channels of one origin that copy their messages, as those of a browser do. */
function origin(): { open: OpenChannel; names: Map<string, Set<FakeChannel>> } {
  const names = new Map<string, Set<FakeChannel>>();
  const open: OpenChannel = (name) => {
    if (!names.has(name)) names.set(name, new Set());
    return new FakeChannel(names.get(name)) as unknown as ReturnType<OpenChannel>;
  };
  return { open, names };
}

function heard(port: Port): unknown[] {
  const all: unknown[] = [];
  listen(port, (data) => all.push(data));
  ends.push(() => port.close?.());
  return all;
}

describe('a named port', () => {
  it.each(['near', 'far'] as const)('carries messages sent before the other end existed, the %s end first', async (first) => {
    const { open } = origin();
    const one = new NamedPort(open, 'n', first);
    one.postMessage(1, []);
    const back = heard(one);
    one.postMessage({ two: new Uint8Array([2]) }, []);
    const other = new NamedPort(open, 'n', first === 'near' ? 'far' : 'near');
    other.postMessage('back', []);
    const there = heard(other);
    await vi.waitFor(() => expect([there, back]).toEqual([[1, { two: new Uint8Array([2]) }], ['back']]));
    await Promise.all([one.opened, other.opened]);
  });

  it('connects two ends: a third is refused and receives nothing', async () => {
    const { open } = origin();
    const near = new NamedPort(open, 'n', 'near');
    heard(near);
    const far = new NamedPort(open, 'n', 'far');
    const there = heard(far);
    await far.opened;
    const third = new NamedPort(open, 'n', 'far');
    const stolen = heard(third);
    await third.closed;
    near.postMessage('for the second', []);
    await vi.waitFor(() => expect(there).toEqual(['for the second']));
    expect(stolen).toEqual([]);
  });

  it('stores a bounded amount for an end that does not come', () => {
    const { open } = origin();
    const near = new NamedPort(open, 'n', 'near');
    const lost = vi.fn<() => void>();
    listen(near, () => {}, lost);
    for (let count = 0; count < MAX_QUEUED; count++) near.postMessage(count, []);
    expect(lost).not.toHaveBeenCalled();
    near.postMessage('one more', []);
    expect(lost).toHaveBeenCalledOnce();
  });

  it('ends at both ends, together with all ports that it carried', async () => {
    const { open, names } = origin();
    const near = new NamedPort(open, 'n', 'near');
    heard(near);
    const far = new NamedPort(open, 'n', 'far');
    const there = heard(far) as { port: NamedPort }[];
    const { port1, port2 } = new MessageChannel();
    ends.push(() => port1.close());
    near.postMessage({ kind: 'take', port: port2 }, [port2]);
    await vi.waitFor(() => expect(there).toHaveLength(1));
    const carried = there[0]!.port;
    const over = heard(carried);
    port1.postMessage('over the bridge', []);
    await vi.waitFor(() => expect(over).toEqual(['over the bridge']));
    const back = new Promise((resolve) => listen(port1, resolve));
    carried.postMessage('and back', []);
    expect(await back).toBe('and back');
    far.close();
    await Promise.all([near.closed, carried.closed]);
    await vi.waitFor(() => expect(Array.from(names.values(), ({ size }) => size)).toEqual([0, 0]));
  });

  it('carries the name of a port that a third thread opens', async () => {
    const { open } = origin();
    const near = new NamedPort(open, 'n', 'near');
    heard(near);
    const far = new NamedPort(open, 'n', 'far');
    const there = heard(far) as { id: number; port: NamedPort }[];
    await near.opened;
    near.postNames({ id: 7 }, { port: 'jobs' });
    serveJobs<number, number>(readServeMessage(serveMessage('jobs'), open)!, (job) => job * 2, pageClock);
    await vi.waitFor(() => expect(there[0]?.id).toBe(7));
    const jobs = openJobPort<number, number>(there[0]!.port, pageClock);
    expect(await jobs.run(21)).toBe(42);
    // Ports that came over the first port end with it.
    far.close();
    await there[0]!.port.closed;
    jobs.close();
  });

  it('carries comlink calls', async () => {
    const { open } = origin();
    const near = new NamedPort(open, 'n', 'near');
    const far = new NamedPort(open, 'n', 'far');
    serveCalls(far, new Map([['double', async ([n]) => Number(n) * 2]]), pageClock);
    const calls = openCalls(near, pageClock);
    expect(await calls.call('double', [21])).toBe(42);
    await expect(calls.call('nothing', [])).rejects.toMatchObject({ code: 'unknown-method' });
    near.close();
  });
});
