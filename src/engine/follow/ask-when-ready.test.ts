import { describe, expect, it } from 'vitest';
import { QuestionError } from '../questions.ts';
import { askWhenReady, type Readiness } from './ask-when-ready.ts';

const noPeers = new QuestionError('no-peers', { service: 'gateway' });
const noBlock = new QuestionError('no-answer', { asked: 0, reason: 'no-block' });

function setup(readiness: Readiness = 'on-its-way', hasPeers = false) {
  const state = { readiness, hasPeers };
  const listeners = new Set<() => void>();
  const ending = new AbortController();
  let asked = 0;
  return {
    state, listeners, ending,
    asked: () => asked,
    ask: (answers: readonly (QuestionError | string)[]) => askWhenReady(async () => {
      const answer = answers[Math.min(asked, answers.length - 1)]!;
      asked += 1;
      if (answer instanceof QuestionError) throw answer;
      return answer;
    }, {
      readiness: () => state.readiness,
      hasPeers: () => state.hasPeers,
      onStatus: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      signal: ending.signal,
    }),
    async change(to: Partial<typeof state>) {
      Object.assign(state, to);
      for (const listener of listeners) listener();
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
  };
}

describe('a question before the client is ready', () => {
  it('is asked again when a peer is there, and when the client is ready, and not in between', async () => {
    const world = setup();
    const answer = world.ask([noPeers, noBlock, 'it']);
    await world.change({});
    expect(world.asked()).toBe(1);
    await world.change({ hasPeers: true });
    expect(world.asked()).toBe(2);
    await world.change({});
    expect(world.asked()).toBe(2);
    await world.change({ readiness: 'ready' });
    expect(await answer).toBe('it');
    expect(world.listeners.size).toBe(0);
  });

  it('with peers of which none serves it waits until the client is ready', async () => {
    const world = setup('on-its-way', true);
    const answer = world.ask([noPeers, noPeers]);
    await world.change({});
    expect(world.asked()).toBe(1);
    await Promise.all([expect(answer).rejects.toBe(noPeers), world.change({ readiness: 'ready' })]);
    expect(world.asked()).toBe(2);
  });

  it('ends with no-peers when no address answers', async () => {
    for (const [error, data] of [[noPeers, { service: 'gateway' }], [noBlock, {}]] as const) {
      const world = setup();
      const answer = world.ask([error]);
      await Promise.all([expect(answer).rejects.toMatchObject({ code: 'no-peers', data }), world.change({ readiness: 'unreachable' })]);
      await expect(setup('unreachable').ask([error])).rejects.toMatchObject({ code: 'no-peers' });
    }
  });

  it('rejects at once where waiting is of no use', async () => {
    for (const readiness of ['ready', 'stopped'] as const) await expect(setup(readiness).ask([noBlock])).rejects.toBe(noBlock);
    const absent = new QuestionError('no-answer', { asked: 1, reason: 'absence-not-provable' });
    await expect(setup().ask([absent])).rejects.toBe(absent);
    await expect(setup().ask([new QuestionError('bad-argument')])).rejects.toMatchObject({ code: 'bad-argument' });
    const world = setup();
    await Promise.all([expect(world.ask([noBlock])).rejects.toBe(noBlock), world.change({ readiness: 'stopped' })]);
  });

  it('ends with its deadline', async () => {
    const world = setup();
    const answer = world.ask([noBlock]);
    await world.change({});
    world.ending.abort(new Error('too late'));
    await expect(answer).rejects.toThrow('too late');
    expect(world.listeners.size).toBe(0);
  });
});
