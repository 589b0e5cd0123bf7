// Tests: `src/chains/albatross/client/block-finder.test.ts`.
import { blockHash } from '../chain/hashes.ts';
import type { Policy } from '../chain/policy.ts';
import type { PeerId, PeerReport } from '../../../engine/peers/peer-net.ts';
import { PatientRequests } from '../sync/ask/patient-requests.ts';
import type { SyncNet } from '../sync/net.ts';
import type { Block } from '../wire/types.ts';
import type { Hash } from '../../../base/hash.ts';
import { askBeside } from '../../../engine/fetch/ask-beside.ts';
import type { Clock } from '../../../base/clock.ts';

export interface BlockAskerOptions {
  readonly policy: Policy;
  readonly clock: Clock;
  /** Undefined while there is no network. */
  net(): Pick<SyncNet, 'peers' | 'request'> | undefined;
  /** Reports what is held against a peer. */
  report(peer: PeerId, report: PeerReport): void;
  /** The peers that may be asked, best first. */
  rank(peers: readonly PeerId[]): readonly PeerId[];
}

/**
 * Peers asked for one answer before it counts as unavailable: as many as a client has by default. With a smaller number, an attacker's
 * peers of the best rank could be all that are asked.
 */
const MAX_ASKED = 12;
/** Milliseconds for one answer; a person is waiting. */
const ASK_TIMEOUT = 8_000;

/** Asks peers for blocks by hash. Every returned block has the requested hash; a peer that sends another block is reported. */
export class BlockAsker {
  readonly #options: BlockAskerOptions;
  /** Silent peers are asked last: reaching a block in the middle of an epoch takes hundreds of requests. */
  readonly #requests: PatientRequests;

  constructor(options: BlockAskerOptions) {
    this.#options = options;
    this.#requests = new PatientRequests({ clock: options.clock, timeout: ASK_TIMEOUT, report: (peer, report) => options.report(peer, report) });
  }

  /** Undefined when no peer has it. Rejects with the signal's reason only. */
  block(hash: Hash, signal: AbortSignal | undefined): Promise<Block | undefined> {
    return this.#ask(signal, async (net, peer, signal) => {
      const answer = await this.#requests.request(net, peer, 'block', { hash, includeBody: false }, { signal });
      if (!answer.ok) return undefined;
      const block: Block = { ...answer.value, body: undefined };
      const got = blockHash(block);
      return got === hash ? block : this.#wrong(peer, hash, got);
    });
  }

  /**
   * The block with this hash and height and those before it, back to a macro block or to genesis: at most a batch, oldest first, each with
   * its hash.
   */
  batchUpTo(hash: Hash, height: number, signal: AbortSignal | undefined): Promise<readonly HashedBlock[] | undefined> {
    const { policy } = this.#options;
    return this.#ask(signal, async (net, peer, signal) => {
      const body = { targetHash: hash, includeBody: false, locators: [], direction: 'backward' } as const;
      const answer = await this.#requests.request(net, peer, 'missing-blocks', body, { signal, maxBlocks: policy.blocksPerBatch + 1 });
      if (!answer.ok || answer.value.blocks.length === 0) return undefined;
      const found: HashedBlock[] = [];
      let [wanted, at] = [hash, height];
      for (const sent of answer.value.blocks.toReversed()) {
        const block: Block = { ...sent, body: undefined };
        const got = blockHash(block);
        if (got !== wanted) return this.#wrong(peer, wanted, got);
        // A verified block names a parent at another height. That is not this peer's fault.
        if (block.header.blockNumber !== at) return undefined;
        found.unshift({ hash: got, block });
        [wanted, at] = [block.header.parentHash, at - 1];
      }
      return found;
    });
  }

  #wrong(peer: PeerId, asked: Hash, got: Hash): undefined {
    this.#options.report(peer, { kind: 'lie', code: 'wrong-block', evidence: { asked, got } });
    return undefined;
  }

  /** Asks until one peer has an answer; a silent peer does not delay the next one. Nodes of the network first: other Petrel clients hold little of the past. */
  async #ask<T>(signal: AbortSignal | undefined, question: (net: Net, peer: PeerId, signal: AbortSignal) => Promise<T | undefined>): Promise<T | undefined> {
    const net = this.#options.net();
    if (!net) return undefined;
    const nodes = new Set(net.peers().filter(({ witness }) => witness).map(({ id }) => id));
    const { clock } = this.#options;
    const place = (peer: PeerId) => Number(this.#requests.silent.has(peer)) * 2 + Number(!nodes.has(peer));
    const asked = this.#options.rank(net.peers().map(({ id }) => id)).toSorted((a, b) => place(a) - place(b)).slice(0, MAX_ASKED);
    // If a request fails, the next peer is asked.
    const ask = (peer: PeerId, own: AbortSignal) => question(net, peer, own).catch(() => undefined);
    for await (const { answer } of askBeside({ clock, next: () => asked.shift(), ask, signal, patience: () => this.#requests.patience })) {
      signal?.throwIfAborted();
      if (answer !== undefined) return answer;
    }
    return undefined;
  }
}

type Net = Pick<SyncNet, 'peers' | 'request'>;

/** A block without body, and its hash, which was checked. */
export interface HashedBlock {
  readonly hash: Hash;
  readonly block: Block;
}
