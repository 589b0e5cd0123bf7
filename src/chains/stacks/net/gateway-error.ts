// Tests: `src/chains/stacks/net/gateway-session.test.ts`.
import { CodedError } from '../../../base/coded-error.ts';

/** `other-network`: the gateway is of another network, or has other cycles; `data.field`, `data.theirs`, `data.ours`. */
export class GatewayError extends CodedError<'other-network'> {
  override readonly name = 'GatewayError';
}
