/**
 * Verifies a proof file without a client or a network.
 * @module
 */
import { CodedError } from '../../../base/coded-error.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import { blockId } from '../chain/hash.ts';
import { verifySigners } from '../chain/signer-rules.ts';
import type { Certified, SignedWeight } from '../chain/signer-rules.ts';
import type { SignerSet } from '../chain/signer-set.ts';
import type { NakamotoHeader } from '../wire/header.ts';
import { idAndRootOf } from './block-root.ts';
import { readSignerSet, signerSetKey } from './hand-over.ts';
import { blocksOfProof } from './marf-segments.ts';
import { decodeProofFile } from './proof-file.ts';
import type { ProofStatement, StacksProofFile } from './proof-file.ts';
import { parseStateKey } from './state-key.ts';
import type { StateKey } from './state-key.ts';
import { readStateValue } from './state-value.ts';
import type { StateValue } from './state-value.ts';
import { verifyMarfProof } from './verify-marf-proof.ts';
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
 * - `hand-over`: the set of a cycle was not proven; `cycle` is that cycle and `detail` the rule.
 * - `signers`: the set did not certify the header. `order`: height or time do not ascend from header to header.
 * - `headers`: the headers are not those that the proof passes. `state`: the proof does not lead to the header's state root.
 * - `value`: the key or the value is none that this client reads.
 */
export type ProofFileCode = 'damaged' | 'other-network' | 'checkpoint' | 'hand-over' | 'order' | 'signers' | 'headers' | 'state' | 'value';

/** What was checked, in order; the last one is the one that failed, if one did. */
export type ProofCheck = 'form' | 'network' | 'checkpoint' | 'hand-overs' | 'signers' | 'state' | 'value';

/**
 * What no check shows.
 * - `checkpoint`: the verifier trusts its signer set. An old set whose keys were lost can certify anything.
 * - `cycle-by-order`: a header does not name its cycle; the file's order of sets says which one is to sign.
 * - `bitcoin-anchoring-not-verified`: that the tenures were elected on Bitcoin, and that this block is on the fork that Bitcoin holds.
 */
export type ProofAssumption = 'checkpoint' | 'cycle-by-order' | 'bitcoin-anchoring-not-verified';
const ASSUMED: readonly ProofAssumption[] = ['checkpoint', 'cycle-by-order', 'bitcoin-anchoring-not-verified'];

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

type Problem = { readonly ok: false; readonly code: ProofFileCode; readonly detail: string };
const problem = (code: ProofFileCode, detail: string): Problem => ({ ok: false, code, detail });

/** Takes any bytes. Rejects only when aborted, or when nothing can verify signatures. */
export async function verifyStacksProof(bytes: Uint8Array, network: ProofNetwork, options: { readonly verify: Verify; readonly signal?: AbortSignal | undefined }): Promise<StacksProofVerdict> {
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
  const certified = await certify(header, handed.above, handed.set, options);
  if (!certified.ok) return refused(certified);
  checked.push('state');
  const shown = checkState(statement, key);
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

/** Height and time below which the next header may not be. */
interface Floor {
  readonly height: number;
  readonly time: number;
}
type Steps = Extract<StacksProofVerdict, { ok: true }>['handOvers'];

/** The set of the last cycle, from the checkpoint's on: each is in the state after a header that the one before certified. */
async function followHandOvers(file: StacksProofFile, network: ProofNetwork, options: Parameters<typeof verifyStacksProof>[2]): Promise<{ readonly ok: true; readonly set: SignerSet; readonly above: Floor; readonly steps: Steps } | (Problem & { readonly cycle: number })> {
  let set: SignerSet = { cycle: network.checkpoint.cycle, members: network.checkpoint.members };
  let above: Floor = { height: network.checkpoint.height, time: 0 };
  const steps: Steps[number][] = [];
  for (const statement of file.handOvers) {
    const { header, value } = statement;
    const cycle = set.cycle + 1;
    const certified = await certify(header, above, set, options);
    if (!certified.ok) return { ...certified, cycle };
    const shown = checkState(statement, signerSetKey(cycle, network));
    if (!shown.ok) return { ...shown, cycle };
    const next = readSignerSet(cycle, value, network);
    if (!next.ok) return { ...problem('hand-over', next.code), cycle };
    steps.push({ cycle, height: header.chainLength, id: blockId(header), signers: next.set.members.length, weight: certified.weight });
    set = next.set;
    // What a set certifies comes after the block that named it.
    above = { height: header.chainLength + 1, time: header.timestamp };
  }
  return { ok: true, set, above, steps };
}

async function certify(header: NakamotoHeader, above: Floor, set: SignerSet, { verify, signal }: Parameters<typeof verifyStacksProof>[2]): Promise<Certified | Problem> {
  if (header.chainLength < above.height) return problem('order', 'height');
  if (header.timestamp < above.time) return problem('order', 'time');
  const verdict = await verifySigners(header, set, verify, { signal });
  return verdict.ok ? verdict : problem('signers', verdict.code);
}

/** Whether the key has the value in the state after the header. The headers passed are exactly those that the proof needs. */
function checkState({ header, passed, proof, value }: ProofStatement, key: string): { readonly ok: true; readonly hops: readonly MarfHop[] } | Problem {
  const roots = passed.map(idAndRootOf);
  const needed = blocksOfProof(proof);
  if (needed.length !== roots.length || needed.some((block, i) => block !== roots[i]!.id)) return problem('headers', `${needed.length} blocks, ${roots.length} headers`);
  const verdict = verifyMarfProof(proof, { key, value, root: header.stateRoot, rootOfBlock: (block) => roots.find(({ id }) => id === block)?.stateRoot });
  return verdict.ok ? verdict : problem('state', verdict.code);
}
