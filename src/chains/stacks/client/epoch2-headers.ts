/**
 * Headers of epoch 2.x from gateways, for the question `getEpoch2Headers`. They are linked by hash from the id that the network file names as `genesisHash`.
 * @module
 */
import type { Clock } from '../../../base/clock.ts';
import { CodedError } from '../../../base/coded-error.ts';
import { QuestionError } from '../../../engine/questions.ts';
import type { AskOptions } from '../../../engine/sync/sync-peer.ts';
import type { StacksEpoch2Headers } from '../chain/details.ts';
import { Epoch2Backfill, type LinkedHeader } from '../chain/epoch2-backfill.ts';
import { epoch2BlockId } from '../chain/hash.ts';
import type { GatewayPeer } from './gateway-peer.ts';

/** Headers in one question at most: those of one reply (Stacks reference, 11). */
export const MAX_EPOCH2_HEADERS = 2_100;
/** Height of the first block of a chain: nothing is asked below it. */
const FIRST = 1;

export interface Epoch2Options {
  /** The id of the parent of the first Nakamoto block. */
  readonly genesisHash: string;
  readonly clock: Pick<Clock, 'monotonic'>;
}

type Asked = Pick<GatewayPeer, 'gateway'>;

/**
 * All headers are of one gateway at a time. The next id of a page is a gateway's claim, so that another gateway begins at the top: nobody is blamed for an id that
 * somebody else made up.
 */
export class Epoch2HeaderReader {
  readonly #options: Epoch2Options;
  readonly #backfill: Epoch2Backfill;
  #source: string | undefined;

  constructor(options: Epoch2Options) {
    this.#options = options;
    this.#backfill = new Epoch2Backfill(options.genesisHash);
  }

  /**
   * The newest `count` headers, or all of them if there are fewer. Gateways are asked in turn; one that fails is not asked again for 300 s. Rejects with
   * `QuestionError` `no-peers` or `no-answer`, whose reason is `not-epoch2` where no gateway has a block of epoch 2.x with the id of the network file, `banned`,
   * the fault of the last page, or what the request failed with; or with the signal's reason.
   */
  async newest(count: number, peers: readonly Asked[], { signal }: AskOptions): Promise<StacksEpoch2Headers> {
    if (this.#has(count)) return this.#view(count);
    if (peers.length === 0) throw new QuestionError('no-peers', { service: 'gateway' });
    const isSource = ({ gateway }: Asked) => gateway.url === this.#source;
    let reason = 'banned';
    let asked = 0;
    for (const peer of [...peers.filter(isSource), ...peers.filter((it) => !isSource(it))]) {
      if (!this.#backfill.mayAsk(peer.gateway.url, this.#options.clock.monotonic())) continue;
      asked += 1;
      const failed = await this.#readFrom(peer, count, signal);
      if (failed === undefined) return this.#view(count);
      reason = failed;
    }
    throw new QuestionError('no-answer', { asked, reason });
  }

  /** Reads pages of one gateway until enough is there; the code of what was wrong otherwise. */
  async #readFrom({ gateway }: Asked, count: number, signal: AbortSignal): Promise<string | undefined> {
    const backfill = this.#backfill;
    const { clock } = this.#options;
    while (!this.#has(count)) {
      signal.throwIfAborted();
      // Another question may have found its fault meanwhile.
      if (!backfill.mayAsk(gateway.url, clock.monotonic())) return 'banned';
      if (this.#source !== gateway.url) {
        backfill.restart();
        this.#source = gateway.url;
      }
      const { nextId } = backfill;
      const isTop = backfill.headers.length === 0;
      try {
        const page = await gateway.epoch2Headers(count - backfill.headers.length, nextId, { signal });
        // Another question took a page meanwhile: this one is of no use.
        if (this.#source !== gateway.url || backfill.nextId !== nextId) continue;
        // It may be behind, or its file of another network: no fault at the top. Below, it does not have what it named.
        if (!page || page.length === 0) {
          if (!isTop) backfill.fail(gateway.url, clock.monotonic());
          return isTop ? 'not-epoch2' : 'link';
        }
        const { fault } = backfill.take(gateway.url, page, clock.monotonic());
        if (fault !== undefined) return fault;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof CodedError)) throw error;
        backfill.fail(gateway.url, clock.monotonic());
        return error.code;
      }
    }
    return undefined;
  }

  #has(count: number): boolean {
    const { headers } = this.#backfill;
    return headers.length >= count || headers.at(-1)?.header.work === FIRST;
  }

  #view(count: number): StacksEpoch2Headers {
    const { headers } = this.#backfill;
    const taken = headers.slice(0, count);
    return { level: 'pinned', gateway: this.#source!, isComplete: taken.at(-1)?.header.work === FIRST, headers: taken.map(viewOf) };
  }
}

function viewOf({ header, hash, consensusHash }: LinkedHeader, index: number): StacksEpoch2Headers['headers'][number] {
  const { work, parent, burn, stateRoot, transactionRoot } = header;
  // Only the first id is bound by the network file: hashes of headers do not cover consensus hashes.
  return { height: work, hash, parent, id: epoch2BlockId(header, consensusHash), consensusHash, idIsClaimed: index > 0, burnSpent: burn, stateRoot, transactionRoot };
}
