import type { Clock } from '../../base/clock.ts';
import { CodedError } from '../../base/coded-error.ts';
import { Deadline } from '../../base/deadline.ts';
import { RequestError } from '../peers/peer-net.ts';
import type { PeerReport } from '../peers/peer-net.ts';
import type { Fault } from './sync-chain.ts';
import { PeerFault } from './sync-peer.ts';
import type { AskOptions, SyncPeer } from './sync-peer.ts';
import type { SyncMonitor } from './sync-monitor.ts';
import type { SyncPeers } from './sync-peers.ts';

/**
 * Why a peer gave no answer: `silent` in time, `gone`, `faulty` (its answer broke a rule), or `failed` for any other reason. A `gone` peer's request
 * is not counted as an attempt.
 */
export class AskFailed extends CodedError<'silent' | 'gone' | 'faulty' | 'failed'> {
  override readonly name = 'AskFailed';
}

export interface PeerAskerOptions<B> {
  readonly peers: SyncPeers<B>;
  readonly clock: Clock;
  /** Milliseconds until a request counts as silent. */
  readonly timeout: number;
  readonly monitor: SyncMonitor;
  readonly report: (peer: string, report: PeerReport) => void;
  /** The peer is not asked any more. */
  readonly banned: (peer: string) => void;
}

/** Asks peers with a deadline, measures them, and passes judgement on what they do. */
export class PeerAsker<B> {
  readonly #options: PeerAskerOptions<B>;

  constructor(options: PeerAskerOptions<B>) {
    this.#options = options;
  }

  /** Rejects with `AskFailed`, or the signal's reason. */
  async ask<T>(peer: SyncPeer<B>, signal: AbortSignal, work: (options: AskOptions) => Promise<T>, sizeOf: (answer: T) => number): Promise<{ readonly answer: T; readonly milliseconds: number }> {
    const { clock, peers, monitor, timeout } = this.#options;
    signal.throwIfAborted();
    const deadline = new Deadline(clock, timeout, signal, () => new RequestError('timeout', `no answer in ${timeout} ms`));
    const end = peers.asking(peer.id);
    try {
      const answer = await deadline.race((async () => work({ signal: deadline.signal }))());
      const bytes = sizeOf(answer);
      const milliseconds = end({ bytes });
      monitor.bandwidth(peer.id, bytes, milliseconds);
      return { answer, milliseconds };
    } catch (error) {
      if (signal.aborted) {
        end('unwanted');
        throw signal.reason as Error;
      }
      const failed = this.#judge(peer.id, error);
      end(failed.code === 'silent' ? 'silent' : 'failed');
      throw failed;
    } finally {
      deadline.clear();
    }
  }

  /** A peer has sent something wrong. A lie bans until restart, the third offence until the cool-down is over. */
  blame(peer: string, fault: Fault): void {
    const { peers, monitor, report, banned } = this.#options;
    monitor.error(fault.code);
    monitor.failure(peer);
    const evidence = fault.data ?? {};
    if (fault.weight === 'lie') {
      peers.blacklist(peer, fault.code, 'restart', evidence);
      report(peer, { kind: 'lie', code: fault.code, evidence });
    } else {
      peers.offence(peer, fault.code, evidence);
      report(peer, { kind: 'useless', code: fault.code, evidence: fault.data });
    }
    if (peers.banOf(peer)) banned(peer);
  }

  /** The peer gave no proof of what it claims, and broke no rule by that. */
  unproven(peer: string, claimed: number, proven: number): void {
    this.#options.report(peer, { kind: 'useless', code: 'claim-not-proven', evidence: { claimed, proven } });
  }

  /** The peer was silent until another one, asked later, had answered. */
  overtaken(peer: string): void {
    this.#options.peers.recordOf(peer).failed(false);
    this.#options.monitor.failure(peer);
    this.#options.report(peer, { kind: 'overtaken' });
  }

  /** Bytes of a peer's answer were of use. */
  used(peer: string, bytes: number): void {
    this.#options.peers.recordOf(peer).used(bytes);
    this.#options.monitor.useful(peer, bytes);
    this.#options.report(peer, { kind: 'useful', bytes });
  }

  #judge(peer: string, error: unknown): AskFailed {
    const { monitor, report } = this.#options;
    if (error instanceof PeerFault) {
      this.blame(peer, { code: error.code, weight: error.weight, data: error.data });
      return new AskFailed('faulty', error.message, { code: error.code });
    }
    const code = error instanceof RequestError ? error.code : 'failed';
    if (code === 'malformed' || code === 'too-large') {
      this.blame(peer, { code, weight: 'offence' });
      return new AskFailed('faulty', code, { code });
    }
    monitor.error(code);
    monitor.failure(peer);
    if (code === 'disconnected') return new AskFailed('gone', code, { code });
    if (code === 'timeout') {
      report(peer, { kind: 'timeout' });
      return new AskFailed('silent', code, { code });
    }
    // `busy` and `rate-limited` are no fault of the peer.
    if (code === 'refused' || code === 'no-receiver') report(peer, { kind: 'useless', code });
    return new AskFailed('failed', String(error), { code });
  }
}
