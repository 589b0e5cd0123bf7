import type { ConfirmAnswer } from '../widget/confirm-messages.ts';
import type { Returned } from '../widget/protocol.ts';
import { readAnswer } from './read-answer.ts';

/**
 * The answer that the host hands in after its page went to `/confirm` and came back; undefined if it does not count. The host could forge it.
 * So it may hand in any transaction that is signed, which this frame sends itself, and of the rest only the answer to the request for which this frame let the page go.
 * @param away the nonce of that request.
 */
export function readReturned(returned: Returned, away: string | undefined): ConfirmAnswer | undefined {
  const request = returned.request as Returned['request'] | undefined;
  const answer = typeof request?.nonce === 'string' ? readAnswer(returned.answer, request) : undefined;
  if (answer?.kind === 'transaction') return { ...answer, sent: false };
  return answer?.nonce === away ? answer : undefined;
}
