import { CodedError } from '../../../base/coded-error.ts';

/**
 * - `not-an-object`, `wrong-type`, `out-of-range`, `not-hex`: the field has no such form
 * - `other-chain`: the file is for another kind of chain
 * - `chain-id`: it is not the hash of the name
 * - `genesis-invalid`: the header of genesis breaks a rule of genesis
 * - `genesis-hash`: it is not the hash of that header
 * - `validators-invalid`: no set of validators
 * - `validators-hash`: not the set that the header of genesis names
 * - `genesis-state`: the entries do not have the state root of the header of genesis
 * - `pinned-invalid`: the pinned header cannot be read, or is of another chain, or is genesis
 */
export type NetworkErrorCode =
  | 'not-an-object'
  | 'wrong-type'
  | 'out-of-range'
  | 'not-hex'
  | 'other-chain'
  | 'chain-id'
  | 'genesis-invalid'
  | 'genesis-hash'
  | 'validators-invalid'
  | 'validators-hash'
  | 'genesis-state'
  | 'pinned-invalid';

/** A network file that cannot be used. `data.field` names the field. */
export class HotStuff2NetworkError extends CodedError<NetworkErrorCode> {
  override readonly name = 'HotStuff2NetworkError';
  constructor(code: NetworkErrorCode, field: string, detail: string) {
    super(code, `${code} in '${field}': ${detail}`, { field });
  }
}
