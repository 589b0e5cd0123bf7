import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { askBeside } from './ask-beside.ts';
import type { AskState } from './ask-beside.ts';
import { sleep } from '../../base/clock.ts';

/** Peers, each with the milliseconds after which it answers; infinite: never. */
function setup(peers: Readonly<Record<string, number>>) {
  const clock = new VirtualClock();
  const names = Object.keys(peers);
  const log: string[] = [];
  let [running, mostRunning] = [0, 0];
  const ask = async (peer: string, signal: AbortSignal) => {
    log.push(`${clock.monotonic()} ask ${peer}`);
    running += 1;
    mostRunning = Math.max(mostRunning, running);
    try {
      await sleep(clock, peers[peer] === Number.POSITIVE_INFINITY ? 1_000_000 : peers[peer]!, signal);
      if (peer.startsWith('bad')) throw new Error(peer);
      return `from ${peer}`;
    } catch (error) {
      if (signal.aborted) log.push(`${clock.monotonic()} drop ${peer}`);
      throw error;
    } finally {
      running -= 1;
    }
  };
  return { clock, log, answers: (signal?: AbortSignal, most?: number) => askBeside({ clock, next: () => names.shift(), ask, signal, most }), most: () => mostRunning };
}

const never = Number.POSITIVE_INFINITY;

describe('askBeside', () => {
  it('asks one peer while it answers, and the next one if the answer was useless', async () => {
    const { clock, log, answers } = setup({ a: 100, b: 1999, c: 1 });
    const found = await clock.until((async () => {
      for await (const { answer } of answers()) if (answer === 'from b') return answer;
      return undefined;
    })());
    expect(found).toBe('from b');
    expect(log).toEqual(['0 ask a', '100 ask b']);
    expect(clock.pending).toBe(0);
  });

  it('asks the next peer in addition to a silent one, and drops the others when the consumer has an answer', async () => {
    const { clock, log, answers, most } = setup({ a: never, b: never, c: 50, d: 1 });
    const found = await clock.until((async () => {
      for await (const { peer } of answers()) return peer;
      return undefined;
    })());
    expect(found).toBe('c');
    await clock.advance(0);
    expect(log).toEqual(['0 ask a', '2000 ask b', '4000 ask c', '4050 drop a', '4050 drop b']);
    expect(most()).toBe(3);
    expect(clock.pending).toBe(0);
  });

  it('asks at most the maximum number of peers at a time', async () => {
    const { clock, log, answers, most } = setup({ a: 8000, b: 8000, c: 8000, d: 10 });
    const all: string[] = [];
    await clock.until((async () => {
      for await (const { peer } of answers()) all.push(peer);
    })());
    expect(all).toEqual(['a', 'd', 'b', 'c']);
    expect(log).toEqual(['0 ask a', '2000 ask b', '4000 ask c', '8000 ask d']);
    expect(most()).toBe(3);
  });

  it('asks no peer while the consumer processes an answer', async () => {
    const { clock, log, answers } = setup({ a: 10, b: 10 });
    await clock.until((async () => {
      for await (const { peer } of answers()) if (peer === 'a') await sleep(clock, 60_000);
    })());
    expect(log).toEqual(['0 ask a', '60010 ask b']);
  });

  it('also asks peers that come while another one is silent', async () => {
    const clock = new VirtualClock();
    const peers = ['silent'];
    const asked: string[] = [];
    const ask = (peer: string, signal: AbortSignal) => (asked.push(`${clock.monotonic()} ${peer}`), sleep(clock, peer === 'silent' ? 8000 : 10, signal));
    clock.after(3000, () => peers.push('late'));
    await clock.until((async () => {
      for await (const { peer } of askBeside({ clock, next: () => peers.shift(), ask })) if (peer === 'late') return;
    })());
    expect(asked).toEqual(['0 silent', '4000 late']);
  });

  it('throws the error of a request, and the reason of its signal', async () => {
    const { clock, log, answers } = setup({ a: never, bad: 5 });
    const all = async (signal?: AbortSignal) => {
      for await (const _ of answers(signal));
    };
    await expect(clock.until(all())).rejects.toThrow('bad');
    await clock.advance(0);
    expect(log.at(-1)).toBe('2005 drop a');
    await expect(all(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(clock.pending).toBe(0);
  });

  /** Four peers of which only `b` answers: why the others were dropped, and when each was asked. `states`: what their questions tell. */
  async function dropped(...states: (AskState | undefined)[]) {
    const clock = new VirtualClock();
    const names = ['a', 'b', 'c', 'd'];
    const reasons: Record<string, string> = {};
    const asked: string[] = [];
    const ask = async (peer: string, signal: AbortSignal, at: (state: AskState) => void) => {
      asked.push(`${clock.monotonic()} ${peer}`);
      signal.addEventListener('abort', () => (reasons[peer] = (signal.reason as Error).name));
      const state = states[names.indexOf(peer)];
      if (state) at(state);
      await sleep(clock, peer === 'b' ? 5000 : 100_000, signal);
    };
    const left = [...names];
    await clock.until((async () => {
      for await (const _ of askBeside({ clock, next: () => left.shift(), ask })) return;
    })());
    return { reasons, asked };
  }

  it('issue 11: tells those that were asked before the one that answered that they are overtaken, and no others', async () => {
    expect(await dropped()).toEqual({ reasons: { a: 'Overtaken', c: 'Error' }, asked: ['0 a', '2000 b', '4000 c'] });
  });

  it('issue 11: calls nobody silent whose question waits for us, and asks nobody beside it', async () => {
    const { asked } = await dropped(undefined, 'waiting');
    expect(asked).toEqual(['0 a', '2000 b']);
    expect((await dropped(undefined, 'answered')).asked).toEqual(['0 a', '2000 b']);
  });
});
