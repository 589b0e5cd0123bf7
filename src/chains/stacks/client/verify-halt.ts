/**
 * Puts what was stored of a halt, or of a jump, to the rules again: whoever can write the database could else halt a client for good.
 * @module
 */
import { equalBytes, toHex } from '../../../base/bytes.ts';
import { CodedError } from '../../../base/coded-error.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import type { Tip } from '../../../engine/sync/sync-chain.ts';
import type { StacksNetwork } from '../chain/network.ts';
import { itemOfHeader, type StacksItem } from '../chain/stacks-block.ts';
import { readSignerSet, signerSetKey } from '../proofs/hand-over.ts';
import { decodeStatement } from '../proofs/proof-file.ts';
import { checkState } from '../proofs/statement.ts';
import type { Jumps } from '../store/jumps.ts';
import { decodeHeader, encodeHeader } from '../wire/header.ts';
import type { StacksChain } from './stacks-chain.ts';
import { isMainnet } from './stacks-views.ts';

export interface VerifyHaltOptions {
  readonly network: StacksNetwork;
  /** As it was stored, verified. */
  readonly chain: StacksChain;
  readonly verify: Verify;
  readonly signal: AbortSignal;
}

/**
 * The rule that a stored halt breaks; undefined: it holds. Its two headers must exclude each other, and each must be one that the chain holds, or signed by a set that is known. That
 * the branch of the second was confirmed is not stored. Rejects with the signal's reason only.
 */
export async function faultOfHalt(halt: Halt, options: VerifyHaltOptions): Promise<string | undefined> {
  try {
    return await (halt.reason === 'no-participation' ? faultOfNobody(halt, options) : faultOfContradiction(halt, options));
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    throw error;
  }
}

/** The jumps as they count: a block that the newest began at, which a header below may contradict, is one that was signed, or the checkpoint's. */
export async function checkedJumps({ count, newest }: Jumps, { network, chain, signal }: VerifyHaltOptions): Promise<Jumps> {
  if (!newest) return { count, newest };
  const { height, id, header } = newest.from;
  try {
    const from = header ? itemOfHeader(decodeHeader(header), undefined) : network.checkpoint.block;
    if (from.height === height && from.id === id && (await stands(from, chain, signal))) return { count, newest };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
  }
  return { count, newest: undefined };
}

async function faultOfContradiction({ height, evidence: [first, second] }: Halt, { network, chain, signal }: VerifyHaltOptions): Promise<string | undefined> {
  const { block } = network.checkpoint;
  // The checkpoint's block has no header here.
  const ours = first.length === 32 && toHex(first) === block.id ? block : itemOfHeader(decodeHeader(first), undefined);
  const theirs = itemOfHeader(decodeHeader(second), undefined);
  const excludes = theirs.height === ours.height ? theirs.id !== ours.id : theirs.height === ours.height + 1 && theirs.parent !== ours.id;
  if (ours.height !== height || !excludes) return 'parent';
  return (await stands(ours, chain, signal)) && (await stands(theirs, chain, signal)) ? undefined : 'not-signed';
}

async function stands(block: StacksItem | Tip, chain: StacksChain, signal: AbortSignal): Promise<boolean> {
  if (chain.holds(block.id) || !('block' in block)) return true;
  return (await chain.certifier.certifyByAny(block, signal)) !== undefined;
}

async function faultOfNobody({ height, evidence: [header, bytes] }: Halt, { network, chain, verify, signal }: VerifyHaltOptions): Promise<string | undefined> {
  const statement = decodeStatement(bytes);
  const placed = chain.confirmed.get(itemOfHeader(statement.header, undefined).id);
  if (!placed || placed.item.height !== height || !equalBytes(encodeHeader(statement.header), header)) return 'not-confirmed';
  const where = { mainnet: isMainnet(network) };
  const next = placed.cycle + 1;
  const shown = await checkState(statement, signerSetKey(next, where), { verify, signal });
  if (!shown.ok) return shown.code;
  const read = readSignerSet(next, statement.value, where);
  return !read.ok && read.code === 'empty-set' ? undefined : 'hand-over';
}
