import { expect, it } from 'vitest';
import type { ConfirmAnswer } from '../widget/confirm-messages.ts';
import { AnswerOnce } from './answer-once.ts';

it('W12: a page that is closed has refused, unless it has answered or is kept', () => {
  const nonce = '0'.repeat(32);
  const said: ConfirmAnswer[] = [];
  const closed = new AnswerOnce((answer) => said.push(answer));
  closed.closed(nonce, true);
  expect(said).toEqual([]);
  closed.closed(nonce, false);
  closed.answer({ nonce, kind: 'accounts', addresses: [] });
  expect(said).toEqual([{ nonce, kind: 'refused', reason: 'rejected' }]);

  const answered = new AnswerOnce((answer) => said.push(answer));
  answered.answer({ nonce, kind: 'accounts', addresses: [] });
  answered.closed(nonce, false);
  expect(said.map(({ kind }) => kind)).toEqual(['refused', 'accounts']);
});
