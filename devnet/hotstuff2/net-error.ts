import { CodedError } from '../../src/base/coded-error.ts';

/**
 * - `unknown-replica`, `unknown-fault`, `bad-groups`: the command names what there is not
 * - `no-progress`: no block became final for minutes of the network's time: no group has a quorum
 * - `bls-hand-over`: the scheme BLS has no hand-over
 * - `full`: too many operations wait, or one is larger than 3 MiB
 * - `closed`: the network is closed
 */
export type HotStuff2NetErrorCode = 'unknown-replica' | 'unknown-fault' | 'bad-groups' | 'no-progress' | 'bls-hand-over' | 'full' | 'closed';

export class HotStuff2NetError extends CodedError<HotStuff2NetErrorCode> {
  override readonly name = 'HotStuff2NetError';
}
