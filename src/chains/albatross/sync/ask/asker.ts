import { forgetKeyRoot, hashOrUndefined } from '../../chain/hashes.ts';
import type { Policy } from '../../chain/policy.ts';
import type { BlockErrorCode } from '../../chain/rules/codes.ts';
import { justificationForm } from '../../chain/rules/justification.ts';
import { firstBrokenCheck } from '../../chain/rules/run-rules.ts';
import { slotBandsFault } from '../../chain/rules/slot-bands.ts';
import type { Answer, Head, MacroChain, RequestBody, RequestKind, ResponseBody } from '../../wire/requests.ts';
import type { Block, MacroBlock } from '../../wire/types.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { AskState } from '../../../../engine/fetch/ask-beside.ts';
import { ElectionCopies } from './election-copies.ts';
import { checkGapAnswer } from './gap-answer.ts';
import type { GapQuestion, GapVerdict } from './gap-answer.ts';
import { PatientRequests } from './patient-requests.ts';
import type { PatientOptions } from './patient-requests.ts';
import { isRightAnswer } from './right-answer.ts';
import { RequestError } from '../../../../engine/peers/peer-net.ts';
import type { PastWay } from '../past/past-doubt.ts';
import type { PeerId, RequestErrorCode } from '../../../../engine/peers/peer-net.ts';
import type { SyncNet } from '../net.ts';
import { CodedError } from '../../../../base/coded-error.ts';

/** A question that brought nothing usable. The peer has already been reported for it, if it was to blame. */
export class AskError extends CodedError<RequestErrorCode | 'not-found' | 'wrong-block' | 'not-macro' | 'not-election' | BlockErrorCode> {
  override readonly name = 'AskError';
}

type Evidence = Readonly<Record<string, string | number>>;

/** Options for one of many blocks. `prepare` makes its hash cheap first. `last`: always kept as a copy to compare. `past`: see `PeerReport`. `at`: see `AskState`. */
interface OneOfMany {
  readonly prepare: (block: MacroBlock) => Promise<void>;
  readonly last: boolean;
  readonly past: PastWay | undefined;
  readonly at: (state: AskState) => void;
}

/**
 * The question as it appears in the evidence of an undecodable answer. `asked`: the block that was asked for. `after`: the first locator. What
 * comes after another one can be read although this cannot.
 */
export interface Question {
  readonly request: RequestKind;
  readonly asked?: Hash;
  readonly after?: Hash;
}

interface AskOptions {
  /** A peer that does not know the request is not at fault. */
  readonly optional?: boolean;
  /** See `PeerReport`. */
  readonly past?: PastWay | undefined;
  readonly maxBlocks?: number;
  readonly at?: (state: AskState) => void;
}

export interface AskerOptions extends PatientOptions {
  readonly net: SyncNet;
  /** The genesis hash. That block is the only election block that has no signatures. */
  readonly genesis: Hash;
  /** Called when a peer gave what it was asked for, as far as the answer itself shows. A refusal, or an answer with nothing in it, is none. */
  readonly onAnswer?: ((peer: PeerId, question: Question) => void) | undefined;
}

/**
 * Asks peers, checks each answer as far as it can be checked by itself, and reports the peer. No answer in time is a timeout. An answer
 * that cannot be decoded or does not match the question is a lie. Everything else is not the peer's fault.
 */
export class Asker {
  readonly #options: AskerOptions;
  readonly #requests: PatientRequests;
  /** The election blocks received as answers. */
  readonly copies = new ElectionCopies();

  constructor(options: AskerOptions) {
    this.#options = options;
    this.#requests = new PatientRequests(options);
  }

  /** Milliseconds for which a peer may be silent before another peer is asked beside it. */
  get patience(): number {
    return this.#requests.patience;
  }

  /** Whether the peer was silent lately. It is to be asked last. */
  wasSilent(peer: PeerId): boolean {
    return this.#requests.silent.has(peer);
  }

  /** Ends the requests that nobody waits for. */
  stop(reason: Error): void {
    this.#requests.stop(reason);
  }

  async head(peer: PeerId, signal: AbortSignal): Promise<Head> {
    const head = await this.#ask(peer, 'head', {}, signal);
    this.#options.onAnswer?.(peer, { request: 'head' });
    return head;
  }

  async macroChain(peer: PeerId, locators: readonly Hash[], maxEpochs: number, signal: AbortSignal, past?: PastWay): Promise<Answer<MacroChain>> {
    const body = { locators, maxEpochs };
    const answer = await this.#ask(peer, 'macro-chain', body, signal, { past });
    if (isRightAnswer('macro-chain', body, answer)) this.#options.onAnswer?.(peer, questionOf('macro-chain', body));
    return answer;
  }

  /** A chain of blocks from one of the locators towards the target, checked. A peer with a faulty one is reported. */
  async missingBlocks(peer: PeerId, question: GapQuestion, policy: Policy, signal: AbortSignal): Promise<GapVerdict | { readonly kind: 'refused'; readonly error: string }> {
    const { target, locators } = question;
    const body = { targetHash: target, includeBody: false, locators, direction: 'forward' } as const;
    const answer = await this.#ask(peer, 'missing-blocks', body, signal, { maxBlocks: policy.blocksPerBatch });
    if (!answer.ok) return { kind: 'refused', error: answer.error };
    const verdict = checkGapAnswer(answer.value.blocks, question, policy);
    if (verdict.kind === 'fault') this.#options.report(peer, { kind: 'lie', code: verdict.code, evidence: verdict.evidence });
    if (verdict.kind === 'usable') this.#options.onAnswer?.(peer, questionOf('missing-blocks', body));
    return verdict;
  }

  /** The block with this hash, without body. A peer that lacks it is not at fault: heads move on, branches are dropped. `past`: see `PeerReport`. */
  async block(peer: PeerId, hash: Hash, signal: AbortSignal, past?: PastWay): Promise<Block> {
    const answer = await this.#ask(peer, 'block', { hash, includeBody: false }, signal, { past });
    if (!answer.ok) {
      throw new AskError('not-found', `${peer} has no block ${hash}: ${answer.error}`);
    }
    const got = hashOrUndefined(answer.value);
    if (got !== hash) throw this.#lie(peer, 'wrong-block', { asked: hash, got: got ?? 'unhashable', height: answer.value.header.blockNumber }, past);
    this.#options.onAnswer?.(peer, { request: 'block', asked: hash });
    this.#checkElection(peer, hash, answer.value, past);
    if (answer.value.type === 'macro' && answer.value.header.validators) this.#addCopy(hash, peer, answer.value);
    // The hash we asked for does not cover the body, so drop it.
    return withoutBody(answer.value);
  }

  /** As `block`, and it must be a macro block. */
  async macroBlock(peer: PeerId, hash: Hash, signal: AbortSignal, past?: PastWay): Promise<MacroBlock> {
    const block = await this.block(peer, hash, signal, past);
    if (block.type !== 'macro') throw this.#lie(peer, 'not-macro', { hash, height: block.header.blockNumber }, past);
    return block;
  }

  /**
   * Checks the parts of an election block that its hash does not cover. If they are wrong, only the peer that gave this copy is to blame,
   * not other peers that named the block.
   */
  #checkElection(peer: PeerId, hash: Hash, block: Block, past?: PastWay): void {
    if (block.type !== 'macro' || !block.header.validators || hash === this.#options.genesis) return;
    const code = slotBandsFault(block.header.validators) ?? firstBrokenCheck(justificationForm, { block });
    if (code) throw this.#lie(peer, code, { hash, height: block.header.blockNumber }, past);
  }

  #addCopy(hash: Hash, peer: PeerId, block: MacroBlock): void {
    const { subnet = peer, witness = false } = this.#options.net.peers().find(({ id }) => id === peer) ?? {};
    this.copies.add(hash, { peer, subnet, witness, block: withoutBody(block) });
  }

  /** As `block`, and it must be an election block. */
  async electionBlock(peer: PeerId, hash: Hash, signal: AbortSignal, past?: PastWay): Promise<MacroBlock> {
    const block = await this.macroBlock(peer, hash, signal, past);
    if (!block.header.validators) throw this.#lie(peer, 'not-election', { hash, height: block.header.blockNumber }, past);
    return block;
  }

  /**
   * As `electionBlock`, for one of many: `prepare` makes its hash cheap first. Keeps as a copy only the last block, or one we already hold
   * copies of; a bulk download would evict the copies we compare.
   */
  async oneOfMany(peer: PeerId, hash: Hash, { prepare, last, past, at }: OneOfMany, signal: AbortSignal): Promise<MacroBlock> {
    const answer = await this.#ask(peer, 'block', { hash, includeBody: false }, signal, { past, at });
    if (!answer.ok) throw new AskError('not-found', `${peer} has no block ${hash}: ${answer.error}`);
    const { value } = answer;
    if (value.type === 'macro') {
      await prepare(value);
      // A worker computed this root. Recompute it here before blaming the peer.
      if (hashOrUndefined(value) !== hash && value.header.validators) forgetKeyRoot(value.header);
    }
    const got = hashOrUndefined(value);
    const lie = (code: AskError['code'], evidence: Evidence) => this.#lie(peer, code, evidence, past);
    if (got !== hash) throw lie('wrong-block', { asked: hash, got: got ?? 'unhashable', height: value.header.blockNumber });
    this.#options.onAnswer?.(peer, { request: 'block', asked: hash });
    if (value.type !== 'macro') throw lie('not-macro', { hash, height: value.header.blockNumber });
    if (!value.header.validators) throw lie('not-election', { hash, height: value.header.blockNumber });
    this.#checkElection(peer, hash, value, past);
    if (last || this.copies.of(hash).length > 0) this.#addCopy(hash, peer, value);
    return withoutBody(value);
  }

  /**
   * A zero-knowledge proof newer than `height`, with its election block. Undefined: the peer does not know this request, which is not its
   * fault. Throws `AskError`.
   */
  async zkProof(peer: PeerId, height: number, signal: AbortSignal): Promise<ResponseBody<'zkp'> | undefined> {
    try {
      return await this.#ask(peer, 'zkp', { blockNumber: height, requestElectionBlock: true }, signal, { optional: true, past: 'zk-proof' });
    } catch (error) {
      if (error instanceof AskError && error.code === 'no-receiver') return undefined;
      throw error;
    }
  }

  /** As `electionBlock`, but undefined if the peer does not give it. Throws only the signal's reason. */
  async copyOf(peer: PeerId, hash: Hash, signal: AbortSignal, past?: PastWay): Promise<MacroBlock | undefined> {
    try {
      return await this.electionBlock(peer, hash, signal, past);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      return undefined;
    }
  }

  #lie(peer: PeerId, code: AskError['code'], evidence: Evidence, past?: PastWay): AskError {
    this.#options.report(peer, { kind: 'lie', code, evidence, past });
    return new AskError(code, `${peer}: ${code} ${JSON.stringify(evidence)}`);
  }

  async #ask<K extends RequestKind>(peer: PeerId, kind: K, body: RequestBody<K>, signal: AbortSignal, options: AskOptions = {}): Promise<ResponseBody<K>> {
    const { optional = false, past } = options;
    const { net, report } = this.#options;
    try {
      return await this.#requests.request(net, peer, kind, body, { signal, ...options });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RequestError)) throw new AskError('disconnected', String(error));
      const { code } = error;
      if (code === 'malformed' || code === 'too-large') throw this.#lie(peer, code, { ...questionOf(kind, body) }, past);
      if (code === 'timeout') report(peer, { kind: 'timeout' });
      else if (code === 'no-receiver' && !optional) report(peer, { kind: 'useless', code });
      throw new AskError(code, error.message);
    }
  }
}

function withoutBody<B extends Block>(block: B): B {
  return block.body === undefined ? block : { ...block, body: undefined };
}

function questionOf(request: RequestKind, body: RequestBody<RequestKind>): Question {
  const asked = 'hash' in body ? body.hash : 'targetHash' in body ? body.targetHash : undefined;
  const after = 'locators' in body ? body.locators[0] : undefined;
  return { request, ...(asked !== undefined && { asked }), ...(after !== undefined && { after }) };
}
