import type { PeerId } from '../albatross/sync/net.ts';
import { genesisChain, HEADER_KINDS, serveHeaders, serveZkp, withoutBody } from '../albatross/sync/serve.ts';
import type { ServedBlock, ServedChain, ServedProof } from '../albatross/sync/serve.ts';
import { encodeResponse, encodeResponseError } from '../albatross/wire/requests.ts';
import type { RequestKind, ResponseBody } from '../albatross/wire/requests.ts';
import { services } from '../albatross/wire/services.ts';
import { noSharing } from '../bridge/contract.ts';
import type { SharingView } from '../bridge/contract.ts';
import type { Clock } from '../engine/clock.ts';
import type { AlbatrossNode } from '../network/albatross/node-types.ts';
import type { RequestHandler } from '../network/albatross/request-server.ts';
import { UploadBudget } from './upload-budget.ts';

export interface SharingOptions {
  readonly clock: Clock;
  /** Bytes that may be given to other Petrel clients within an hour; 0: nothing is. */
  readonly cap: number;
  /** What is verified, once that is settled. */
  readonly chain: ServedChain;
  /** What is shown until then. */
  readonly genesis: ServedBlock;
  /** The newest zero-knowledge proof that was verified. */
  readonly proof: () => ServedProof | undefined;
  /** Whether there is anything verified to show. */
  readonly ready: () => boolean;
}

/** What is left when nothing more is offered, in bytes: a validator list, a batch and some heads still get through. */
const RESERVE = 250_000;
/** Bytes; with less left nothing is looked up. A batch of mainnet with a list of validators. */
const LARGEST_ANSWER = 60_000;
/** Milliseconds until it is looked whether there is something left again. */
const LOOK_AGAIN = 300_000;

/**
 * Bytes an hour for nodes of the network. They ask a light client for its head, every 5 s at most while they look for the newest block
 * (1.2 MB an hour for sixteen of them), and rarely for a block.
 */
const NODE_CAP = 10_000_000;
/** Bytes an hour for one of them: no node may use up what is for all. Some hundred answers with a batch. */
const ONE_NODE_CAP = 1_500_000;
/** Nodes whose share is remembered; at the bound the one longest unheard of is forgotten. More cannot ask for much before all of it is given. */
const MAX_NODES = 64;

/**
 * What this client gives: answers about headers that it has verified, and the headers that it passes on. Petrel clients and nodes of the
 * network each have a budget of their own, and for those who want to save data there is none. The head is told to everyone at any time:
 * a node disconnects a client that does not tell it.
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

  /** Bits of `wire/services.ts`, as other Petrel clients are told. To nodes of the network it is always 0. */
  get services(): number {
    return this.#serves && this.#budget.left > Math.min(RESERVE, this.#options.cap / 2) ? services.headers : 0;
  }

  get view(): SharingView {
    return { ...noSharing, uploaded: this.#budget.total, uploadCap: this.#options.cap, toNodes: { bytes: this.#forNodes.total, cap: NODE_CAP } };
  }

  attach(node: Pick<AlbatrossNode, 'handle' | 'servicesChanged' | 'peers' | 'subscribers'>): void {
    this.#node = node;
    const { proof } = this.#options;
    for (const kind of HEADER_KINDS) node.handle(kind, (body, from) => this.#answer(kind, from, () => serveHeaders(this.#shown, kind, body, withoutBody)));
    // Where a proof took us past the election chain, it is the only way that we can show. Official light nodes do not answer it.
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

  /** What is served may be something else now. */
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
   * Whether a header of so many bytes that came from a peer may be passed on; gossip sends it to all that want it. Nodes of the network have others to
   * hear it from, so where Petrel clients must not get it nobody does.
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

  /** What peers are shown: while it is not settled what our chain rests on, that is the genesis block. */
  get #shown(): ServedChain {
    return this.#options.ready() ? this.#options.chain : this.#unsettled;
  }

  #answer<K extends RequestKind>(kind: K, from: PeerId, serve: () => ResponseBody<K>): Promise<{ readonly raw: Uint8Array }> {
    const budgets = this.#budgetsFor(from);
    const refused = (): Promise<{ readonly raw: Uint8Array }> => Promise.resolve({ raw: budgets.length === 1 ? encodeResponseError('rate-limited') : refusalOf(kind) });
    const always = kind === 'head';
    // Before anything is done for it.
    if (!always && (this.#saveData || budgets.some(({ cap, left }) => left <= Math.min(LARGEST_ANSWER, cap / 8)))) return refused();
    const answer = encodeResponse(kind, serve());
    const given = budgets.every(({ left }) => left >= answer.length);
    if (given) for (const budget of budgets) budget.take(answer.length);
    this.review();
    return given || always ? Promise.resolve({ raw: answer }) : refused();
  }

  /** What an answer to this peer is counted in. */
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

/** A node closes the connection for an error of the network layer to some questions; that we have it not is no error. Kinds without an error of their own are not refused. */
function refusalOf(kind: RequestKind): Uint8Array {
  return kind === 'zkp' || kind === 'head' ? encodeResponseError('no-receiver') : encodeResponse(kind, { ok: false, error: 'Other' });
}
