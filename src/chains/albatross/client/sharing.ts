// Tests: `test/client/sharing.test.ts`.
import type { PeerId } from '../../../engine/peers/peer-net.ts';
import { genesisChain, HEADER_KINDS, serveHeaders, serveZkp } from '../serve/serve.ts';
import type { ServedBlock, ServedChain, ServedProof } from '../serve/serve.ts';
import { signedOnly } from '../serve/served-chain.ts';
import { encodeResponse, encodeResponseError } from '../wire/requests.ts';
import type { RequestKind, ResponseBody } from '../wire/requests.ts';
import { services } from '../wire/services.ts';
import { noSharing } from '../../../engine/view.ts';
import type { SharingView } from '../../../engine/view.ts';
import type { Clock } from '../../../base/clock.ts';
import type { AlbatrossNode } from '../net/node-types.ts';
import type { RequestHandler } from '../net/request-server.ts';
import { UploadBudget } from '../../../engine/serve/upload-budget.ts';

export interface SharingOptions {
  readonly clock: Clock;
  /** Maximum bytes given to other Petrel clients within an hour; 0: none. */
  readonly cap: number;
  /** The verified chain, shown once `ready`. */
  readonly chain: ServedChain;
  /** The genesis block, shown until then. */
  readonly genesis: ServedBlock;
  /** The newest verified zero-knowledge proof. */
  readonly proof: () => ServedProof | undefined;
  /** Whether there is anything verified to show. */
  readonly ready: () => boolean;
}

/** Bytes left of the budget at which the service is no longer announced: a validator list, a batch and some heads still fit. */
const RESERVE = 250_000;
/** Bytes; with less left no answer is looked up. A batch of mainnet with a validator list. */
const LARGEST_ANSWER = 60_000;
/** Milliseconds until the budget is checked again. */
const LOOK_AGAIN = 300_000;

/**
 * Bytes per hour for nodes of the network. They ask a light client for its head, every 5 s at most while they look for the newest block
 * (1.2 MB an hour for sixteen nodes), and rarely for a block.
 */
const NODE_CAP = 10_000_000;
/** Bytes per hour for one node, so that no node uses up the budget of all. Some hundred answers with a batch. */
const ONE_NODE_CAP = 1_500_000;
/**
 * Nodes whose share is remembered; at the bound the node heard least recently is forgotten. More nodes than that cannot get much: the
 * budget for all nodes bounds them.
 */
const MAX_NODES = 64;

/**
 * What this client gives to others: answers about headers that it has verified, and the headers that it passes on. Petrel clients and nodes
 * of the network have separate budgets; if the user wants to save data, nothing is given. The head is an exception and is always answered:
 * a node disconnects a client that does not tell its head.
 */
export class Sharing {
  readonly #options: SharingOptions;
  readonly #budget: UploadBudget;
  readonly #forNodes: UploadBudget;
  readonly #shares = new Map<PeerId, UploadBudget>();
  readonly #unsettled: ServedChain;
  #node: Pick<AlbatrossNode, 'handle' | 'servicesChanged' | 'peers' | 'subscribers'> | undefined;
  #saveData = false;
  #told = 0;
  #cancelLook: (() => void) | undefined;

  constructor(options: SharingOptions) {
    this.#options = options;
    this.#budget = new UploadBudget(options.clock, options.cap);
    this.#forNodes = new UploadBudget(options.clock, NODE_CAP);
    this.#unsettled = genesisChain(options.chain.policy, options.genesis);
  }

  /** Bits of `wire/services.ts`, as announced to other Petrel clients. Nodes of the network always get 0. */
  get services(): number {
    return this.#serves && this.#budget.left > Math.min(RESERVE, this.#options.cap / 2) ? services.headers : 0;
  }

  get view(): SharingView {
    return { ...noSharing, uploaded: this.#budget.total, uploadCap: this.#options.cap, toNodes: { bytes: this.#forNodes.total, cap: NODE_CAP } };
  }

  attach(node: Pick<AlbatrossNode, 'handle' | 'servicesChanged' | 'peers' | 'subscribers'>): void {
    this.#node = node;
    const { proof } = this.#options;
    for (const kind of HEADER_KINDS) node.handle(kind, (body, from) => this.#answer(kind, from, () => serveHeaders(this.#shown, kind, body, signedOnly(this.#options.chain.policy))));
    // If a zero-knowledge proof replaced the election chain here, the proof is the only way from genesis that we can show. Official light
    // nodes do not answer this request.
    const serveProof: RequestHandler<'zkp'> = (body, from) => {
      const held = this.#serves ? proof() : undefined;
      return held ? this.#answer('zkp', from, () => serveZkp(held, body)) : Promise.resolve({ raw: encodeResponseError('no-receiver') });
    };
    node.handle('zkp', serveProof, 'petrel');
  }

  stop(): void {
    this.#cancelLook?.();
    this.#node = undefined;
  }

  setSaveData(saveData: boolean): void {
    this.#saveData = saveData;
    this.review();
  }

  /** What is served may have changed: announces it. */
  review(): void {
    const { clock } = this.#options;
    if (this.#serves && this.services === 0 && !this.#cancelLook) {
      this.#cancelLook = clock.after(LOOK_AGAIN, () => {
        this.#cancelLook = undefined;
        this.review();
      });
    }
    if (this.services === this.#told) return;
    this.#told = this.services;
    this.#node?.servicesChanged();
  }

  /**
   * Whether a header of this size from a peer may be passed on; gossip sends it to all subscribers. If Petrel clients must not get it, no
   * peer gets it: nodes of the network receive it from other nodes.
   */
  passesOn(from: PeerId, topic: string, bytes: number): boolean {
    const node = this.#node;
    const petrels = new Set(node?.peers().flatMap(({ id, kind }) => (kind === 'petrel' && id !== from ? [id] : [])));
    const receivers = petrels.size === 0 ? 0 : (node?.subscribers(topic) ?? []).filter((peer) => petrels.has(peer)).length;
    return receivers === 0 || (this.#serves && this.#budget.take(bytes * receivers));
  }

  get #serves(): boolean {
    return this.#options.cap > 0 && !this.#saveData && this.#options.ready();
  }

  /** The chain that peers are shown: only the genesis block until it is settled what our chain rests on. */
  get #shown(): ServedChain {
    return this.#options.ready() ? this.#options.chain : this.#unsettled;
  }

  #answer<K extends RequestKind>(kind: K, from: PeerId, serve: () => ResponseBody<K>): Promise<{ readonly raw: Uint8Array }> {
    const budgets = this.#budgetsFor(from);
    const refused = (): Promise<{ readonly raw: Uint8Array }> => Promise.resolve({ raw: budgets.length === 1 ? encodeResponseError('rate-limited') : refusalOf(kind) });
    const always = kind === 'head';
    // Refuse before doing any work for the answer.
    if (!always && (this.#saveData || budgets.some(({ cap, left }) => left <= Math.min(LARGEST_ANSWER, cap / 8)))) return refused();
    const answer = encodeResponse(kind, serve());
    const given = budgets.every(({ left }) => left >= answer.length);
    if (given) for (const budget of budgets) budget.take(answer.length);
    this.review();
    return given || always ? Promise.resolve({ raw: answer }) : refused();
  }

  /** The budgets that an answer to this peer counts against. */
  #budgetsFor(from: PeerId): readonly UploadBudget[] {
    if (this.#node?.peers().some((peer) => peer.id === from && peer.kind === 'petrel') === true) return [this.#budget];
    const share = this.#shares.get(from) ?? new UploadBudget(this.#options.clock, ONE_NODE_CAP);
    this.#shares.delete(from);
    this.#shares.set(from, share);
    for (const oldest of this.#shares.keys()) {
      if (this.#shares.size <= MAX_NODES) break;
      this.#shares.delete(oldest);
    }
    return [this.#forNodes, share];
  }
}

/**
 * The answer to a refused request. For some kinds a node closes the connection on an error of the network layer, but not if we say that we
 * lack the data. Kinds without an error of their own get `no-receiver`.
 */
function refusalOf(kind: RequestKind): Uint8Array {
  return kind === 'zkp' || kind === 'head' ? encodeResponseError('no-receiver') : encodeResponse(kind, { ok: false, error: 'Other' });
}
