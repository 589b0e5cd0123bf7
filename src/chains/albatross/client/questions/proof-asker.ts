// Tests: `test/client/wallet.test.ts`, `src/chains/albatross/client/questions/proof-file-questions.test.ts`.
import type { Clock } from '../../../../base/clock.ts';
import { CodedError } from '../../../../base/coded-error.ts';
import { askBeside, type AskState } from '../../../../engine/fetch/ask-beside.ts';
import { type PeerId, type PeerReport, RequestError } from '../../../../engine/peers/peer-net.ts';
import { QuestionError } from '../../../../engine/questions.ts';
import { PatientRequests } from '../../sync/ask/patient-requests.ts';
import type { SyncNet } from '../../sync/net.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../../wire/requests.ts';
import { providesServices, type ServiceName, services } from '../../wire/services.ts';

/** Milliseconds for one answer, with the proof it has to make. */
const ASK_TIMEOUT = 8000;
/**
 * Peers asked in all: as many as a client has by default. With a smaller number, an attacker's peers of the best rank could be all that are
 * asked: to deny a transaction costs no rank.
 */
const MAX_ASKED = 12;
/** Peers asked the same question at once: each learns what a person is interested in. */
const MOST_AT_ONCE = 2;

export interface ProofAskerOptions {
  readonly clock: Clock;
  /** The peers that are listened to; undefined before the network has started. */
  readonly net: () => Pick<SyncNet, 'peers' | 'request'> | undefined;
  readonly report: (peer: PeerId, report: PeerReport) => void;
  /** Best first. */
  readonly rank: (peers: readonly PeerId[]) => readonly PeerId[];
}

export interface ProofQuestion<K extends RequestKind, T> {
  readonly kind: K;
  readonly body: RequestBody<K> | ((peer: PeerId) => RequestBody<K>);
  /** What a peer must offer to be asked. */
  readonly service: ServiceName;
  /** Peers to prefer, because they know the subject of the question already. */
  readonly known?: ReadonlySet<PeerId> | undefined;
  /** Peers that are not asked. */
  readonly without?: ReadonlySet<PeerId> | undefined;
  /** Called for each peer that is asked. */
  readonly onAsked?: ((peer: PeerId) => void) | undefined;
  /**
   * Checks an answer. What it throws with a code is the peer's lie, but for `UselessAnswer`.
   */
  readonly check: (answer: ResponseBody<K>, peer: PeerId, signal: AbortSignal) => Promise<T> | T;
  readonly signal?: AbortSignal | undefined;
}

/** An answer that does not help, through no fault of the peer: it refuses, or it stands on a block that is not on our chain. */
export class UselessAnswer extends CodedError {
  override readonly name = 'UselessAnswer';
  constructor(code: string) {
    super(code, code);
  }
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Asks peers for something with a proof, best first, until an answer is right. A silent peer does not delay the next one; a peer with a
 * wrong proof is reported for a lie.
 */
export class ProofAsker {
  readonly #options: ProofAskerOptions;
  readonly #requests: PatientRequests;

  constructor(options: ProofAskerOptions) {
    this.#options = options;
    this.#requests = new PatientRequests({ clock: options.clock, timeout: ASK_TIMEOUT, report: (peer, report) => options.report(peer, report) });
  }

  /** The ids of the peers that offer the service, best first. */
  #peersWith(service: ServiceName, known: ReadonlySet<PeerId> = new Set()): readonly PeerId[] {
    const able = this.#options.net()?.peers().filter((peer) => peer.witness && providesServices(peer.services, services[service])) ?? [];
    const place = (peer: PeerId) => Number(this.#requests.silent.has(peer)) * 2 + Number(!known.has(peer));
    return this.#options.rank(able.map(({ id }) => id)).toSorted((a, b) => place(a) - place(b));
  }

  /** Throws `QuestionError` `no-peers` or `no-answer` (`unheard`: of those `asked`, the peers that gave no answer at all), or the signal's reason. */
  async ask<K extends RequestKind, T>(question: ProofQuestion<K, T>): Promise<T> {
    const { service, known, without, signal } = question;
    const { clock } = this.#options;
    const left = this.#peersWith(service, known).filter((peer) => !without?.has(peer)).slice(0, MAX_ASKED);
    if (left.length === 0) throw new QuestionError('no-peers', { service });
    const asked = left.length;
    let reason = '';
    let unheard = 0;
    const ask = async (peer: PeerId, own: AbortSignal, at: (state: AskState) => void) => {
      question.onAsked?.(peer);
      try {
        return { value: await this.#askOne(question, peer, own, at) };
      } catch (error) {
        own.throwIfAborted();
        reason = this.#judge(question.kind, peer, error);
        if (error instanceof RequestError) unheard += 1;
        return undefined;
      }
    };
    for await (const { answer } of askBeside({ clock, next: () => left.shift(), ask, signal, most: MOST_AT_ONCE, patience: () => this.#requests.patience })) {
      signal?.throwIfAborted();
      if (answer) return answer.value;
    }
    signal?.throwIfAborted();
    throw new QuestionError('no-answer', { asked, unheard, reason });
  }

  async #askOne<K extends RequestKind, T>({ kind, body, check }: ProofQuestion<K, T>, peer: PeerId, signal: AbortSignal, at: (state: AskState) => void): Promise<T> {
    const net = this.#options.net();
    if (!net) throw new UselessAnswer('disconnected');
    const answer = await this.#requests.request(net, peer, kind, typeof body === 'function' ? body(peer) : body, { signal, at });
    return check(answer, peer, signal);
  }

  /** Reports the peer as the failure deserves. Returns the failure's code. */
  #judge(request: RequestKind, peer: PeerId, error: unknown): string {
    const { report } = this.#options;
    const code = codeOf(error);
    // An error of ours.
    if (code === undefined) throw error;
    if (error instanceof UselessAnswer) return code;
    if (!(error instanceof RequestError)) report(peer, { kind: 'lie', code: 'wrong-proof', evidence: { request, reason: code } });
    else if (code === 'malformed' || code === 'too-large') report(peer, { kind: 'lie', code, evidence: { request } });
    else if (code === 'timeout') report(peer, { kind: 'timeout' });
    return code;
  }
}
