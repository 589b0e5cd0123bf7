import { expect, it } from 'vitest';
import { ManualClock } from '../../../../../test/support/manual-clock.ts';
import { QuestionError } from '../../../../engine/questions.ts';
import type { TrustLevel } from '../../../../engine/trust.ts';
import { untilLevel } from './until-level.ts';

function setup() {
  const clock = new ManualClock();
  const state = { level: 'witnessed' as TrustLevel, asked: 0, answerLevel: undefined as TrustLevel | undefined };
  const ended = new AbortController();
  const ask = () => {
    state.asked += 1;
    const level = state.answerLevel ?? state.level;
    if (level !== 'proven') throw new QuestionError('level-too-low', { level, wanted: 'proven' });
    return 'answer';
  };
  const options = { clock, level: () => state.level, ended: ended.signal };
  /** Lets the time pass in steps of a second. */
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  };
  return { state, ask, options, ended, pass };
}

const wanted = { minLevel: 'proven', waitForLevel: true } as const;

it('rejects at once without waitForLevel', async () => {
  const { ask, options, state } = setup();
  await expect(untilLevel(ask, { minLevel: 'proven' }, options, undefined)).rejects.toMatchObject({ code: 'level-too-low' });
  expect(state.asked).toBe(1);
});

it('waits until the newest block reaches the level, and asks nobody before', async () => {
  const { ask, options, state, pass } = setup();
  const answer = untilLevel(ask, wanted, options, undefined);
  await pass(20);
  expect(state.asked).toBe(1);
  state.level = 'proven';
  await pass(1);
  expect(await answer).toBe('answer');
  expect(state.asked).toBe(2);
});

it('asks again less and less often when the answer is worth less than the newest block', async () => {
  const { ask, options, state, pass } = setup();
  Object.assign(state, { level: 'proven', answerLevel: 'claimed' });
  const answer = untilLevel(ask, wanted, options, undefined);
  await pass(62);
  // After 1, 3, 7, 15, 31 and 61 seconds.
  expect(state.asked).toBe(7);
  state.answerLevel = 'proven';
  await pass(31);
  expect(await answer).toBe('answer');
});

it('ends at the deadline of the call and with the client, and passes on every other error', async () => {
  const { ask, options, ended, pass } = setup();
  const call = new AbortController();
  const answer = untilLevel(ask, wanted, options, call.signal);
  await pass(3);
  call.abort(new Error('deadline'));
  await expect(answer).rejects.toThrow('deadline');

  const other = untilLevel(ask, wanted, options, undefined);
  await pass(3);
  ended.abort(new Error('closed'));
  await Promise.all([expect(other).rejects.toThrow('closed'), pass(1)]);

  await expect(untilLevel(() => Promise.reject(new QuestionError('no-peers')), wanted, options, undefined)).rejects.toMatchObject({ code: 'no-peers' });
});
