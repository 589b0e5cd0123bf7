import { blockHash, forgetKeyRoot } from '../chain/hashes.ts';
import type { Answer, Head, MacroChain, MissingBlocks, RequestBody, RequestKind, ResponseBody } from '../wire/requests.ts';
import type { Block, Hash, MacroBlock } from '../wire/types.ts';
import { ElectionCopies } from './election-copies.ts';
import { RequestError } from './net.ts';
import type { PeerId, PeerReport, RequestErrorCode, SyncNet } from './net.ts';

/** A question that brought nothing usable. What there was to say about the peer has been said. */
export class AskError extends Error {
  override readonly name = 'AskError';
  readonly code: RequestErrorCode | 'not-found' | 'wrong-block' | 'not-macro' | 'not-election';
  constructor(code: AskError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

type Evidence = Readonly<Record<string, string | number>>;

/** One block of many: `prepare` makes its hash cheap first; the `last` counts among the copies; `past`: see `PeerReport`. */
interface OneOfMany {
  readonly prepare: (block: MacroBlock) => Promise<void>;
  readonly last: boolean;
  readonly past: boolean;
}

/** What was asked, as it stands in the evidence of an answer that cannot be decoded; `asked`: the block it was about. */
export interface Question {
  readonly request: RequestKind;
  readonly asked?: Hash;
}

/**
 * Asks peers, checks what can be checked of an answer by itself, and reports the peer for it: no answer in time is a timeout, an answer
 * that cannot be decoded or is not what was asked for is a lie, everything else is no one's fault.
 */
export class Asker {
  readonly #net: SyncNet;
  readonly #timeout: number;
  readonly #report: (peer: PeerId, report: PeerReport) => void;
  /** The election blocks that came as answers. */
  readonly copies = new ElectionCopies();

  readonly #onAnswer: (peer: PeerId, question: Question) => void;

  /** `onAnswer`: a question was answered, and the answer could be decoded. */
  constructor(net: SyncNet, timeout: number, report: (peer: PeerId, report: PeerReport) => void, onAnswer: (peer: PeerId, question: Question) => void = () => {}) {
    this.#net = net;
    this.#timeout = timeout;
    this.#report = report;
    this.#onAnswer = onAnswer;
  }

  head(peer: PeerId, signal: AbortSignal): Promise<Head> {
    return this.#ask(peer, 'head', {}, signal);
  }

  macroChain(peer: PeerId, locators: readonly Hash[], maxEpochs: number, signal: AbortSignal): Promise<Answer<MacroChain>> {
    return this.#ask(peer, 'macro-chain', { locators, maxEpochs }, signal);
  }

  missingBlocks(peer: PeerId, targetHash: Hash, locators: readonly Hash[], signal: AbortSignal): Promise<Answer<MissingBlocks>> {
    return this.#ask(peer, 'missing-blocks', { targetHash, includeBody: false, locators, direction: 'forward' }, signal);
  }

  /** The block with this hash, without body. Not to have it is no fault: heads move on, branches are dropped. */
  async block(peer: PeerId, hash: Hash, signal: AbortSignal): Promise<Block> {
    const answer = await this.#ask(peer, 'block', { hash, includeBody: false }, signal);
    if (!answer.ok) {
      throw new AskError('not-found', `${peer} has no block ${hash}: ${answer.error}`);
    }
    const got = hashOrUndefined(answer.value);
    if (got !== hash) throw this.#lie(peer, 'wrong-block', { asked: hash, got: got ?? 'unhashable', height: answer.value.header.blockNumber });
    this.#onAnswer(peer, { request: 'block', asked: hash });
    if (answer.value.type === 'macro' && answer.value.header.validators) this.#addCopy(hash, peer, answer.value);
    // Whatever body came along is not covered by what we asked for.
    return answer.value.body === undefined ? answer.value : ({ ...answer.value, body: undefined } as Block);
  }

  /** As `block`, and it must be a macro block. */
  async macroBlock(peer: PeerId, hash: Hash, signal: AbortSignal): Promise<MacroBlock> {
    const block = await this.block(peer, hash, signal);
    if (block.type !== 'macro') throw this.#lie(peer, 'not-macro', { hash, height: block.header.blockNumber });
    return block;
  }

  #addCopy(hash: Hash, peer: PeerId, block: MacroBlock): void {
    const { subnet = peer, witness = false } = this.#net.peers().find(({ id }) => id === peer) ?? {};
    this.copies.add(hash, { peer, subnet, witness, block });
  }

  /** As `block`, and it must be an election block. */
  async electionBlock(peer: PeerId, hash: Hash, signal: AbortSignal): Promise<MacroBlock> {
    const block = await this.macroBlock(peer, hash, signal);
    if (!block.header.validators) throw this.#lie(peer, 'not-election', { hash, height: block.header.blockNumber });
    return block;
  }

  /**
   * As `electionBlock`, one of many: `prepare` makes its hash cheap first. Among the copies only one counts that is the `last`, or that there
   * are others of: the many would push out those that are compared.
   */
  async oneOfMany(peer: PeerId, hash: Hash, { prepare, last, past }: OneOfMany, signal: AbortSignal): Promise<MacroBlock> {
    const answer = await this.#ask(peer, 'block', { hash, includeBody: false }, signal, { past });
    if (!answer.ok) throw new AskError('not-found', `${peer} has no block ${hash}: ${answer.error}`);
    const { value } = answer;
    if (value.type === 'macro') {
      await prepare(value);
      // Nobody is blamed on another's computation.
      if (hashOrUndefined(value) !== hash && value.header.validators) forgetKeyRoot(value.header.validators);
    }
    const got = hashOrUndefined(value);
    const lie = (code: AskError['code'], evidence: Evidence) => this.#lie(peer, code, evidence, past);
    if (got !== hash) throw lie('wrong-block', { asked: hash, got: got ?? 'unhashable', height: value.header.blockNumber });
    this.#onAnswer(peer, { request: 'block', asked: hash });
    if (value.type !== 'macro') throw lie('not-macro', { hash, height: value.header.blockNumber });
    if (!value.header.validators) throw lie('not-election', { hash, height: value.header.blockNumber });
    if (last || this.copies.of(hash).length > 0) this.#addCopy(hash, peer, value);
    return value.body === undefined ? value : { ...value, body: undefined };
  }

  /**
   * A zero-knowledge proof newer than `height`, with its election block. Undefined: the peer knows no such requests, which is no fault.
   * `past`: asked in the background, see `PeerReport`. Throws `AskError`.
   */
  async zkProof(peer: PeerId, height: number, past: boolean, signal: AbortSignal): Promise<ResponseBody<'zkp'> | undefined> {
    try {
      return await this.#ask(peer, 'zkp', { blockNumber: height, requestElectionBlock: true }, signal, { optional: true, past });
    } catch (error) {
      if (error instanceof AskError && error.code === 'no-receiver') return undefined;
      throw error;
    }
  }

  /** As `electionBlock`, but undefined when the peer does not give it. Throws only the signal's reason. */
  async copyOf(peer: PeerId, hash: Hash, signal: AbortSignal): Promise<MacroBlock | undefined> {
    try {
      return await this.electionBlock(peer, hash, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      return undefined;
    }
  }

  #lie(peer: PeerId, code: AskError['code'], evidence: Evidence, past = false): AskError {
    this.#report(peer, { kind: 'lie', code, evidence, past });
    return new AskError(code, `${peer}: ${code} ${JSON.stringify(evidence)}`);
  }

  async #ask<K extends RequestKind>(peer: PeerId, kind: K, body: RequestBody<K>, signal: AbortSignal, { optional = false, past = false } = {}): Promise<ResponseBody<K>> {
    try {
      const answer = await this.#net.request(peer, kind, body, { signal, timeout: this.#timeout });
      // Whether a block is the one that was asked for is seen later.
      if (kind !== 'block') this.#onAnswer(peer, questionOf(kind, body));
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RequestError)) throw new AskError('disconnected', String(error));
      const { code } = error;
      if (code === 'malformed' || code === 'too-large') throw this.#lie(peer, code, { ...questionOf(kind, body) }, past);
      if (code === 'timeout') this.#report(peer, { kind: 'timeout' });
      else if (code === 'no-receiver' && !optional) this.#report(peer, { kind: 'useless', code });
      throw new AskError(code, error.message);
    }
  }
}

function questionOf(request: RequestKind, body: RequestBody<RequestKind>): Question {
  if ('hash' in body) return { request, asked: body.hash };
  return 'targetHash' in body ? { request, asked: body.targetHash } : { request };
}

/** Undefined: decoded, but not a thing that has a hash. */
export function hashOrUndefined(block: Block): Hash | undefined {
  try {
    return blockHash(block);
  } catch {
    return undefined;
  }
}
