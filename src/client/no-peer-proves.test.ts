import { expect, it } from 'vitest';
import { QuestionError } from '../engine/questions.ts';
import { noPeerProves } from './no-peer-proves.ts';

it('is true only when a peer was heard that could not prove it', () => {
  expect(noPeerProves(new QuestionError('no-answer', { asked: 2, reason: 'unknown-transaction' }))).toBe(true);
  expect(noPeerProves({ code: 'no-answer' })).toBe(true);
  expect(noPeerProves(new QuestionError('no-answer', { asked: 2, unheard: 1, reason: 'unknown-transaction' }))).toBe(false);
  expect(noPeerProves(new QuestionError('no-answer', { asked: 3, unheard: 1, reason: 'timeout' }))).toBe(true);
  expect(noPeerProves(new QuestionError('no-answer', { asked: 3, unheard: 3, reason: 'rate-limited' }))).toBe(false);
  for (const reason of ['timeout', 'disconnected']) expect(noPeerProves(new QuestionError('no-answer', { asked: 2, reason }))).toBe(false);
  for (const other of [new QuestionError('no-peers', { service: 'history' }), new Error('no-answer'), 'no-answer', null, undefined, { code: 7 }]) expect(noPeerProves(other)).toBe(false);
});
