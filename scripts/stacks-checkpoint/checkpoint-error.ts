import { CodedError } from '../../src/base/coded-error.ts';

/**
 * - `differ`: two gateways say different things, `data.what`, so that at least one of them is wrong; no checkpoint is taken.
 * - `no-answer`: a gateway does not have something that is needed. `not-signed`: the block is not signed by the set, `data.rule`. `too-young`: the network has no
 *   block of Nakamoto with two later tenures. `other-network`: a network id that is neither of the main nor of a test network. `failed`: a request
 *   to a gateway failed, `data.failed` with its code.
 */
export type CheckpointErrorCode = 'differ' | 'no-answer' | 'not-signed' | 'too-young' | 'other-network' | 'failed';

/** Why no checkpoint was taken. */
export class CheckpointError extends CodedError<CheckpointErrorCode> {
  override readonly name = 'CheckpointError';
  constructor(code: CheckpointErrorCode, data: Readonly<Record<string, string | number>>) {
    super(code, [code, ...Object.entries(data).map(([name, value]) => `${name} ${value}`)].join(', '), data);
  }
}
