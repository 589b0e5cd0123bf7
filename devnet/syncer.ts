import type { Policy } from '../src/chains/albatross/chain/policy.ts';
import { blockHash } from '../src/chains/albatross/chain/hashes.ts';
import { RequestError } from '../src/engine/peers/peer-net.ts';
import { blockOfHeaderMessage } from '../src/chains/albatross/wire/gossip.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../src/chains/albatross/wire/requests.ts';
import { providesServices, services } from '../src/chains/albatross/wire/services.ts';
import type { Hash } from '../src/base/hash.ts';
import type { BlockHeaderMessage } from '../src/chains/albatross/wire/types.ts';
import type { Clock } from '../src/base/clock.ts';
import type { DevChain } from './chain.ts';
import type { ChainView } from './dev-block.ts';
import { headerFault, type HeaderFault } from './header-fault.ts';

/** Services that a history node needs from a peer to sync with it. Albatross network reference, 2.10. */
const HISTORY_NEEDS = services.fullBlocks | services.history;
/** Milliseconds between two checks of the clients that are not live. Albatross block reference, 6.5. */
const LOOK_EVERY = 60_000;
/** Epochs that a history node requests at once; an answer with more is malicious. */
const MAX_EPOCHS = 1000;
/** Number of batches that a live client may be ahead or behind. Albatross block reference, 7. */
const BATCHES_AHEAD = 2;
const BATCHES_BEHIND = 1;

/** The node's verdict on a client. `checking`: the node waits for its answer. */
type Standing = 'checking' | 'incompatible' | 'outdated' | 'live';

/** The message that decided a client's standing. */
export type CheckKind = 'head' | 'macro-chain' | 'announcement';

/** Number of clients by standing. A client that is being checked counts as not live. */
export interface ClientCounts {
  readonly live: number;
  readonly incompatible: number;
  readonly outdated: number;
}

export interface SyncerOptions {
  readonly clock: Pick<Clock, 'after'>;
  readonly view: Pick<ChainView, 'policy' | 'head' | 'macroHead' | 'electionHead' | 'byHash'>;
  /** The honest chain, whatever the peer itself serves. */
  readonly chain: Pick<DevChain, 'byHash'>;
  /** Throws `RequestError`. */
  readonly ask: <K extends RequestKind>(remote: string, kind: K, body: RequestBody<K>) => Promise<ResponseBody<K>>;
  /** Closes the client's connections. */
  readonly expel: (remote: string, reason: string) => void;
  /** Called when the client's standing is decided. `height`: the height that the client named. */
  readonly checked: (remote: string, kind: CheckKind, live: boolean, height: number | undefined) => void;
  /** Called when the client passes on what a node rejects, which lowers its gossip score. */
  readonly refused: (remote: string, reason: HeaderFault, hash: Hash) => void;
}

interface Client {
  readonly id: string;
  standing: Standing;
}

/** Whether a client with this head is in sync: at most one batch behind and at most two batches ahead. Albatross block reference, 6.5. */
export function inSync(policy: Policy, ours: number, theirs: number): boolean {
  return policy.batchAt(theirs) >= policy.batchAt(ours) - 1 && theirs <= ours + BATCHES_AHEAD * policy.blocksPerBatch;
}

/**
 * How a history node treats the clients that joined it. It asks a client without its own services for its head, and drops the
 * client if no good answer comes. A client that is in sync counts as live; the node checks the others again every 60 s. A live
 * client that announces a too old or too new block is no longer live, and the node asks for its macro chain, as it asks a full
 * node.
 */
export class Syncer {
  readonly #options: SyncerOptions;
  readonly #clients = new Map<string, Client>();
  #cancel: (() => void) | undefined;

  constructor(options: SyncerOptions) {
    this.#options = options;
  }

  get counts(): ClientCounts {
    const of = (...wanted: Standing[]): number => Array.from(this.#clients.values()).filter(({ standing }) => wanted.includes(standing)).length;
    return { live: of('live'), incompatible: of('incompatible', 'checking'), outdated: of('outdated') };
  }

  start(): void {
    this.#cancel = this.#options.clock.after(LOOK_EVERY, () => {
      this.start();
      void this.look();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#clients.clear();
  }

  /** Never rejects. */
  async joined(remote: string, offered: number): Promise<void> {
    const client: Client = { id: remote, standing: 'checking' };
    this.#clients.set(remote, client);
    await (providesServices(offered, HISTORY_NEEDS) ? this.#checkMacroChain(client) : this.#checkHead(client));
  }

  left(remote: string): void {
    this.#clients.delete(remote);
  }

  /** Handles a block that the client made or passes on. */
  announced(remote: string, message: BlockHeaderMessage): 'ignore' | 'reject' {
    const { view, chain, refused } = this.#options;
    const hash = blockHash(blockOfHeaderMessage(message));
    const fault = headerFault(chain, message, hash);
    if (fault) {
      refused(remote, fault, hash);
      return 'reject';
    }
    if (!view.byHash(hash)) this.#placed(remote, message);
    return 'ignore';
  }

  #placed(remote: string, { header: { blockNumber, parentHash } }: BlockHeaderMessage): void {
    const { view, checked } = this.#options;
    const client = this.#clients.get(remote);
    if (client?.standing !== 'live') return;
    if (blockNumber < view.head.height - BATCHES_BEHIND * view.policy.blocksPerBatch) {
      client.standing = 'outdated';
      checked(remote, 'announcement', false, blockNumber);
    } else if (!view.byHash(parentHash) && blockNumber > view.head.height + BATCHES_AHEAD * view.policy.blocksPerBatch) {
      checked(remote, 'announcement', false, blockNumber);
      void this.#checkMacroChain(client);
    }
  }

  /**
   * Checks all clients again; resolves when all have answered. A real node asks the live ones more often: every 5 s while no block
   * arrives.
   */
  async look(): Promise<void> {
    await Promise.all(Array.from(this.#clients.values(), (client) => {
      if (client.standing === 'live') return this.#askLive(client);
      if (client.standing === 'outdated') return this.#checkMacroChain(client);
      return client.standing === 'incompatible' ? this.#checkHead(client) : undefined;
    }));
  }

  async #checkHead(client: Client): Promise<void> {
    const { view } = this.#options;
    client.standing = 'checking';
    const head = await this.#answer(client, 'head', {});
    if (!head) return;
    const live = inSync(view.policy, view.head.height, head.blockNumber);
    this.#decide(client, 'head', live ? 'live' : 'incompatible', head.blockNumber);
  }

  /** The first request of a macro sync. Blocks that the client is ahead by are never fetched. */
  async #checkMacroChain(client: Client): Promise<void> {
    const { policy, macroHead, electionHead } = this.#options.view;
    client.standing = 'checking';
    const locators = macroHead.hash === electionHead.hash ? [electionHead.hash] : [macroHead.hash, electionHead.hash];
    const answer = await this.#answer(client, 'macro-chain', { locators, maxEpochs: MAX_EPOCHS });
    if (!answer) return;
    if (!answer.ok) return this.#decide(client, 'macro-chain', 'outdated', undefined);
    const { epochs, checkpoint } = answer.value;
    if (epochs.length > MAX_EPOCHS) return this.#expel(client, 'macro-chain:too-many-epochs');
    // A checkpoint after new epochs is out of date once those epochs are fetched, so it is ignored.
    const height = epochs.length === 0 ? checkpoint?.blockNumber : undefined;
    const fits = height === undefined || (policy.isMacro(height) && !policy.isElection(height) && policy.epochAt(height) === policy.epochAt(electionHead.height) + 1);
    if (!fits) return this.#expel(client, 'macro-chain:bad-checkpoint');
    this.#decide(client, 'macro-chain', epochs.length === 0 && height === undefined ? 'live' : 'outdated', height);
  }

  /** A head round. Errors do not count against the client; a wrong block in the answer does. */
  async #askLive(client: Client): Promise<void> {
    const { view, ask } = this.#options;
    try {
      const { blockHash: hash } = await ask(client.id, 'head', {});
      if (view.byHash(hash)) return;
      const answer = await ask(client.id, 'block', { hash, includeBody: true });
      if (answer.ok && blockHash(answer.value) !== hash && this.#clients.get(client.id) === client) this.#expel(client, 'block:other-block');
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
    }
  }

  /** Undefined: the node dropped the client, or the client left. */
  async #answer<K extends RequestKind>(client: Client, kind: K, body: RequestBody<K>): Promise<ResponseBody<K> | undefined> {
    try {
      const answer = await this.#options.ask(client.id, kind, body);
      return this.#clients.get(client.id) === client ? answer : undefined;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (this.#clients.get(client.id) !== client) return undefined;
      // The client may have a second connection, and stay. Then the next look asks it again.
      if (error.code === 'disconnected') client.standing = 'incompatible';
      else this.#expel(client, `${kind}:${error.code}`);
      return undefined;
    }
  }

  #decide(client: Client, kind: CheckKind, standing: Standing, height: number | undefined): void {
    client.standing = standing;
    this.#options.checked(client.id, kind, standing === 'live', height);
  }

  #expel(client: Client, reason: string): void {
    this.#clients.delete(client.id);
    this.#options.expel(client.id, reason);
  }
}
