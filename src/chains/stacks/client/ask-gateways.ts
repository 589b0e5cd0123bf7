// Tests: `src/chains/stacks/client/stacks-questions.test.ts`.
import { CodedError } from '../../../base/coded-error.ts';
import { QuestionError } from '../../../engine/questions.ts';
import { PeerFault, type AskOptions } from '../../../engine/sync/sync-peer.ts';
import type { GatewayPeer } from './gateway-peer.ts';

/** Gateways that are asked for one answer, one after the other. */
const MAX_ASKED = 3;

/** Why a gateway gave no answer that could be used: a code. */
export class NoAnswer extends CodedError {
  override readonly name = 'NoAnswer';
  constructor(reason: string) {
    super(reason, reason);
  }
}

/**
 * The first answer. A gateway that fails is passed over; one whose answer is false is banned. Rejects with `QuestionError` `no-peers` or `no-answer` (of the last
 * one `data.reason`, and of a false answer `data.rule`), or with the signal's reason.
 */
export async function askGateways<T>(peers: readonly GatewayPeer[], { signal }: AskOptions, ask: (peer: GatewayPeer) => Promise<T>): Promise<T> {
  if (peers.length === 0) throw new QuestionError('no-peers', { service: 'gateway' });
  let reason = 'failed';
  let rule: string | number | undefined;
  const asked = peers.slice(0, MAX_ASKED);
  for (const peer of asked) {
    signal.throwIfAborted();
    try {
      return await ask(peer);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof QuestionError || !(error instanceof CodedError)) throw error;
      reason = error.code;
      rule = error instanceof PeerFault ? error.data['rule'] : undefined;
      if (error instanceof PeerFault) peer.fault({ code: error.code, weight: error.weight, data: error.data });
    }
  }
  throw new QuestionError('no-answer', { asked: asked.length, reason, ...(rule === undefined ? {} : { rule }) });
}
