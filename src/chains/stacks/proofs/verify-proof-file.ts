/**
 * Verifies a proof file without a client or a network.
 * @module
 */
import { CodedError } from '../../../base/coded-error.ts';
import type { Hash } from '../../../base/hash.ts';
import { blockId } from '../chain/hash.ts';
import type { SignedWeight } from '../chain/signer-rules.ts';
import type { SignerSet } from '../chain/signer-set.ts';
import { decodeProofFile } from './proof-file.ts';
import type { StacksProofFile } from './proof-file.ts';
import { parseStateKey } from './state-key.ts';
import type { StateKey } from './state-key.ts';
import { readStateValue } from './state-value.ts';
import type { StateValue } from './state-value.ts';
import { certify, checkState, takeHandOver } from './statement.ts';
import type { CheckOptions, Floor, StatementProblem } from './statement.ts';
import type { MarfHop } from './verify-marf-proof.ts';

/** What of a network the verifier must know. */
export interface ProofNetwork {
  readonly networkId: number;
  /** Whether addresses are those of the main network. */
  readonly mainnet: boolean;
  /** The only set that is trusted, and the height of a block that it certified: nothing below it is shown. */
  readonly checkpoint: SignerSet & { readonly height: number };
}

/**
 * - `damaged`: not such a file, or of another version; `detail` is the error's code.
 * - `other-network`: of another network. `checkpoint`: the file starts at another signer set than the trusted one.
 * - `order`, `signers`, `headers`, `state`, `hand-over`: see `StatementProblem`; with `cycle`, it is of the hand-over to that cycle.
 * - `value`: the key or the value is none that this client reads.
 */
export type ProofFileCode = 'damaged' | 'other-network' | 'checkpoint' | StatementRefusal | 'value';

type StatementRefusal = StatementProblem['code'];

/** What was checked, in order; the last one is the one that failed, if one did. */
export type ProofCheck = 'form' | 'network' | 'checkpoint' | 'hand-overs' | 'signers' | 'state' | 'value';

/**
 * What no check shows.
 * - `checkpoint`: the verifier trusts its signer set. An old set whose keys were lost can certify anything.
 * - `cycle-by-order`: a header does not name its cycle; the file's order of sets says which one is to sign.
 * - `confirmation-not-shown`: that two later tenures are on the block. Before, another block can take its place.
 * - `bitcoin-anchoring-not-verified`: that the tenures were elected on Bitcoin, and that this block is on the fork that Bitcoin holds.
 */
export type ProofAssumption = 'checkpoint' | 'cycle-by-order' | 'confirmation-not-shown' | 'bitcoin-anchoring-not-verified';
const ASSUMED: readonly ProofAssumption[] = ['checkpoint', 'cycle-by-order', 'confirmation-not-shown', 'bitcoin-anchoring-not-verified'];

export type StacksProofVerdict =
  | {
      readonly ok: true;
      readonly checked: readonly ProofCheck[];
      readonly assumed: readonly ProofAssumption[];
      readonly key: StateKey;
      readonly value: StateValue;
      readonly block: { readonly height: number; readonly id: Hash; readonly time: number; readonly stateRoot: Hash };
      /** The cycle whose set certified the block, and with what weight. */
      readonly cycle: number;
      readonly weight: SignedWeight;
      /** The blocks that handed over, and the cycle whose set each of them has. */
      readonly handOvers: readonly { readonly cycle: number; readonly height: number; readonly id: Hash; readonly signers: number; readonly weight: SignedWeight }[];
      /** The blocks that the proof passes, from the one that wrote the value on. Empty: the block itself wrote it. */
      readonly path: readonly MarfHop[];
    }
  | { readonly ok: false; readonly checked: readonly ProofCheck[]; readonly code: ProofFileCode; readonly detail: string; readonly cycle?: number };

interface Problem {
  readonly ok: false;
  readonly code: ProofFileCode;
  readonly detail: string;
}
const problem = (code: ProofFileCode, detail: string): Problem => ({ ok: false, code, detail });

/** Takes any bytes. Rejects only when aborted, or when nothing can verify signatures. */
export async function verifyStacksProof(bytes: Uint8Array, network: ProofNetwork, options: CheckOptions): Promise<StacksProofVerdict> {
  const checked: ProofCheck[] = ['form'];
  const refused = ({ code, detail }: Problem, cycle?: number): StacksProofVerdict => ({ ok: false, checked, code, detail, ...(cycle === undefined ? {} : { cycle }) });
  const file = read(() => decodeProofFile(bytes), 'damaged');
  if ('ok' in file) return refused(file);
  checked.push('network');
  if (file.networkId !== network.networkId) return refused(problem('other-network', String(file.networkId)));
  checked.push('checkpoint');
  if (!isSameSet(file.checkpoint, network.checkpoint)) return refused(problem('checkpoint', `cycle ${file.checkpoint.cycle}`));
  checked.push('hand-overs');
  const handed = await followHandOvers(file, network, options);
  if (!handed.ok) return refused(handed, handed.cycle);
  checked.push('signers');
  const { key, statement } = file;
  const { header } = statement;
  const certified = await certify(header, handed.floor, handed.set, options);
  if (!certified.ok) return refused(certified);
  checked.push('state');
  const shown = await checkState(statement, key, options);
  if (!shown.ok) return refused(shown);
  checked.push('value');
  const parsed = read(() => ({ key: parseStateKey(key), value: readStateValue(parseStateKey(key), statement.value) }), 'value');
  if ('ok' in parsed) return refused(parsed);
  return {
    ok: true, checked, assumed: ASSUMED, ...parsed, block: { height: header.chainLength, id: blockId(header), time: header.timestamp, stateRoot: header.stateRoot },
    cycle: handed.set.cycle, weight: certified.weight, handOvers: handed.steps, path: shown.hops,
  };
}

/** The result, or a problem for a coded error. */
function read<T>(run: () => T, code: ProofFileCode): T | Problem {
  try {
    return run();
  } catch (error) {
    if (error instanceof CodedError) return problem(code, error.code);
    throw error;
  }
}

function isSameSet(a: SignerSet, b: SignerSet): boolean {
  return a.cycle === b.cycle && a.members.length === b.members.length && a.members.every(({ keyHash, weight }, i) => keyHash === b.members[i]!.keyHash && weight === b.members[i]!.weight);
}

type Steps = Extract<StacksProofVerdict, { ok: true }>['handOvers'];

/** The set of the last cycle, from the checkpoint's on: each is in the state after a header that the one before certified. */
async function followHandOvers({ handOvers }: StacksProofFile, network: ProofNetwork, options: CheckOptions): Promise<{ readonly ok: true; readonly set: SignerSet; readonly floor: Floor; readonly steps: Steps } | (StatementProblem & { readonly cycle: number })> {
  let set: SignerSet = { cycle: network.checkpoint.cycle, members: network.checkpoint.members };
  let floor: Floor = { height: network.checkpoint.height, time: 0 };
  const steps: Steps[number][] = [];
  for (const statement of handOvers) {
    const taken = await takeHandOver(statement, set, floor, network, options);
    if (!taken.ok) return { ...taken, cycle: set.cycle + 1 };
    ({ set, floor } = taken);
    const { header } = statement;
    steps.push({ cycle: set.cycle, height: header.chainLength, id: blockId(header), signers: set.members.length, weight: taken.certified.weight });
  }
  return { ok: true, set, floor, steps };
}
