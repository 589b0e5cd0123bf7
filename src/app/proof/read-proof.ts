import type { Client, TrustLevel } from '../../client/types.ts';
import type { CheckedProof } from '../../verify/checked-proof.ts';
import { type ProofKind, proofKindOf, proofKinds } from '../../verify/proof-kinds.ts';
import type { ProofFileErrorCode, VerifiedProof } from '../../verify/verify.ts';
import { chainOfNetwork, loadNetwork } from '../../page/load-network.ts';
import { parseJsonObject } from '../../page/parse-json.ts';
import { parseQuery } from '../../page/query.ts';
import { problemOf } from '../../page/problem-of.ts';
import type { CodeTexts } from '../../page/code-texts.ts';
import { loadCodeTexts } from '../chains/load-code-texts.ts';

/** Bytes. No proof file of Albatross is larger (`docs/limits.md`). */
const MAX_FILE = 8_388_608;
/** How a snapshot of the chain begins. It has the same ending. */
const SNAPSHOT = 'petrelsn';

/** What is checked, in this order. */
export const proofSteps = ['format', 'network', 'start', 'blocks', 'path'] as const;
export type ProofStep = (typeof proofSteps)[number];

/** Why a file proves nothing: those of the verifier, and those of this page. */
export type RefusalCode = ProofFileErrorCode | 'snapshot' | 'unreadable' | 'unexpected';

const stepOf: Readonly<Record<RefusalCode, ProofStep>> = {
  unreadable: 'format',
  unexpected: 'format',
  snapshot: 'format',
  'too-large': 'format',
  'not-a-proof-file': 'format',
  'newer-format': 'format',
  damaged: 'format',
  'unknown-network': 'network',
  'other-network': 'network',
  'wrong-anchor': 'start',
  'wrong-zk-proof': 'start',
  'level-too-low': 'start',
  'refused-block': 'blocks',
  'unlinked-block': 'blocks',
  'wrong-proof': 'path',
};

export type ReadProof =
  /** A file of another chain than Albatross, verified or refused. `codes`: the texts of that chain's codes. */
  | { readonly kind: 'checked'; readonly proof: CheckedProof; readonly codes: CodeTexts }
  | { readonly kind: 'verified'; readonly bytes: number; readonly proof: VerifiedProof }
  /** `step`: what failed. Everything before it is right. */
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly data: Readonly<Record<string, string | number>>; readonly step: ProofStep };

/** Bytes of a network file at most, as `load-network.ts` takes it. */
const MAX_NETWORK = 1_000_000;

/**
 * Reads and verifies a file in this page; loads the verifier. A file larger than any kind is not even read. `given`: the network file that the person gave
 * for it, in place of the one of the page; for files of other chains than Albatross. Rejects with the signal's reason only.
 */
export async function readProof(file: Pick<File, 'size' | 'arrayBuffer'>, signal: AbortSignal, kinds: readonly ProofKind[] = proofKinds, given?: Pick<File, 'size' | 'text'>): Promise<ReadProof> {
  const most = Math.max(MAX_FILE, ...kinds.map(({ maxBytes }) => maxBytes));
  if (file.size > most) return refused('too-large', { bytes: file.size, limit: most });
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const kind = proofKindOf(bytes, kinds);
    const limit = kind?.maxBytes ?? MAX_FILE;
    if (bytes.length > limit) return refused('too-large', { bytes: bytes.length, limit });
    if (kind) {
      const [check, codes, network] = await Promise.all([kind.load(), loadCodeTexts(kind.chain), given ? networkIn(given) : networkOf(kind)]);
      return { kind: 'checked', proof: await check(bytes, { network, signal }), codes };
    }
    if (new TextDecoder('latin1').decode(bytes.subarray(0, SNAPSHOT.length)) === SNAPSHOT) return refused('snapshot', {});
    const { verifyProofFile } = await import('../../verify/verify.ts');
    return { kind: 'verified', bytes: bytes.length, proof: await verifyProofFile(bytes, { minLevel: 'claimed', signal }) };
  } catch (error) {
    signal.throwIfAborted();
    const { code, data } = problemOf(error);
    // The file was moved or deleted, or the browser may not read it.
    if (error instanceof DOMException) return refused('unreadable', {});
    return Object.hasOwn(stepOf, code) ? refused(code as RefusalCode, data) : refused('unexpected', { message: String(error).slice(0, 200) });
  }
}

/** The parameters that this page was opened with, if they are of the file's chain. */
async function networkOf({ chain }: ProofKind): Promise<unknown> {
  const network = await loadNetwork(parseQuery(location.search).network).catch(() => undefined);
  return network !== undefined && chainOfNetwork(network) === chain ? network : undefined;
}

/** What is no JSON is no network: the check says so. */
async function networkIn(file: Pick<File, 'size' | 'text'>): Promise<unknown> {
  if (file.size > MAX_NETWORK) return {};
  try {
    return parseJsonObject(await file.text());
  } catch {
    return {};
  }
}

function refused(code: RefusalCode, data: Readonly<Record<string, string | number>>): ReadProof {
  return { kind: 'refused', code, data, step: stepOf[code] };
}

/** Whether a file that names the block it rests on can be asked about at this browser's own chain. */
export function needsOwnChain({ restsOn }: VerifiedProof): boolean {
  return restsOn.kind === 'named' && !restsOn.pinned;
}

/**
 * How far this browser's own chain has verified the block that a file rests on. Undefined: it does not have the block, is of another network, or
 * cannot say. Rejects with the signal's reason only.
 */
export async function ownLevel(client: Pick<Client, 'getStatus' | 'getBlock'>, { network, restsOn }: VerifiedProof, options: { readonly signal: AbortSignal; readonly timeout: number }): Promise<TrustLevel | undefined> {
  try {
    const status = await client.getStatus(options);
    if (status.network.genesisHash !== network.genesisHash) return undefined;
    const block = await client.getBlock(restsOn.hash, options);
    return block?.place === 'chain' && block.finality === 'final' && block.trust !== 'claimed' ? block.trust : undefined;
  } catch {
    options.signal.throwIfAborted();
    return undefined;
  }
}
