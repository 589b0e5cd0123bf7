// Tests: `test/client/wallet.test.ts`, `src/chains/albatross/client/questions/proof-file-questions.test.ts`.
import { toHex } from '../../../../base/bytes.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import { QuestionError } from '../../../../engine/questions.ts';
import { blockHash } from '../../chain/hashes.ts';
import { ProofError } from '../../proofs/proof-error.ts';
import { provenEvents } from '../../proofs/proven-events.ts';
import type { HistoricTransaction, HistoryTreeProof } from '../../wire/history.ts';
import type { Block } from '../../wire/types.ts';
import type { ServiceName } from '../../wire/services.ts';
import type { FoundBlock } from '../block-finder.ts';
import type { AddressPeers } from './address-peers.ts';
import type { ChainGround } from './chain-ground.ts';
import { type ProofAsker, UselessAnswer } from './proof-asker.ts';

/** Transactions that a peer is asked to prove at once: servers refuse 500, and pages have fewer (Albatross proofs reference, 0.4). */
const MAX_HASHES = 100;
/** Proofs asked for to make one page: for what all lists name, and for what only one of them names. */
const MAX_ASKS = { agreed: 64, alone: 32 };
/** Peers whose lists of an address's transactions are compared. */
const LISTS_COMPARED = 2;

/** What a peer says: that this transaction is in that block. */
export interface Receipt {
  readonly hash: Hash;
  readonly height: number;
  /** All peers that were asked say so. */
  readonly agreed: boolean;
  /** The first list that has it, from 0. */
  readonly list: number;
}

type Said = Pick<Receipt, 'hash' | 'height'>;

/** At most `most` of the receipts, in their order: first those that all lists name, then as many of each list. */
export function fairPart(receipts: readonly Receipt[], most: number): readonly Receipt[] {
  const place = new Map<Receipt, number>();
  const counts = new Map<number, number>();
  for (const receipt of receipts) {
    const count = receipt.agreed ? -1 : (counts.get(receipt.list) ?? 0);
    place.set(receipt, count);
    if (!receipt.agreed) counts.set(receipt.list, count + 1);
  }
  const kept = new Set(receipts.toSorted((a, b) => place.get(a)! - place.get(b)!).slice(0, most));
  return receipts.filter((receipt) => kept.has(receipt));
}

/** A proven entry of the history. */
export interface ProvenEntry {
  readonly entry: HistoricTransaction;
  /** What proves it, as it came: of entries that were asked for together, all are in it. */
  readonly proof: HistoryTreeProof;
  /** The block whose history root proves it. */
  readonly ground: Pick<FoundBlock, 'hash' | 'block'>;
}

export interface HistoryQuestionsOptions {
  readonly asker: ProofAsker;
  readonly ground: ChainGround;
  readonly peers: AddressPeers;
  /** Finds a block of the chain by its height, and links it to the verified ones. */
  readonly find: (height: number, signal: AbortSignal | undefined) => Promise<FoundBlock | undefined>;
}

/**
 * Proofs of what the history holds. Nodes prove an entry at a macro block after it, or at their head for the running batch (Albatross proofs
 * reference, 3.3).
 */
export class HistoryQuestions {
  readonly #options: HistoryQuestionsOptions;

  constructor(options: HistoryQuestionsOptions) {
    this.#options = options;
  }

  /** The entry with this hash. Without a height, peers that prove it at one of their own choice are asked. Throws `QuestionError`. */
  async entry(hash: Hash, height: number | undefined, signal: AbortSignal | undefined): Promise<ProvenEntry> {
    const found = await this.#prove([hash], height, signal);
    return found.get(hash)!;
  }

  /**
   * The entries of these receipts that peers could prove. A receipt may be invented, and then a node proves none of those asked for with it:
   * so receipts that two peers named are asked for together, others one by one, with as many questions for each list: a list of inventions takes
   * none from the other. The hashes lead to the address, so the peers that were asked about it are asked first. Throws the signal's reason only.
   */
  async entries(receipts: readonly Receipt[], address: Uint8Array, signal: AbortSignal | undefined): Promise<ReadonlyMap<Hash, ProvenEntry>> {
    const name = toHex(address);
    const found = new Map<Hash, ProvenEntry>();
    const groups = new Map<number, Receipt[]>();
    for (const receipt of receipts) {
      const place = this.#placeOf(receipt.height);
      groups.set(place, [...(groups.get(place) ?? []), receipt]);
    }
    const asks = { left: MAX_ASKS.agreed };
    for (const group of groups.values()) {
      const agreed = group.filter(({ agreed }) => agreed);
      for (let from = 0; from < agreed.length; from += MAX_HASHES) await this.#proveAll(agreed.slice(from, from + MAX_HASHES), name, found, asks, signal);
    }
    const alone = (list: number) => receipts.filter((receipt) => !receipt.agreed && receipt.list === list);
    // One beside the other, so that no list waits for the inventions of another one.
    await Promise.all(Array.from(new Set(receipts.map(({ list }) => list)), async (list) => {
      const own = { left: MAX_ASKS.alone };
      for (const receipt of alone(list)) if (!found.has(receipt.hash)) await this.#proveAll([receipt], name, found, own, signal);
    }));
    return found;
  }

  /** Adds the entries of these receipts, which have one place. If they cannot be proven together, it tries each half. */
  async #proveAll(receipts: readonly Receipt[], address: string, found: Map<Hash, ProvenEntry>, asks: { left: number }, signal: AbortSignal | undefined): Promise<void> {
    const [first] = receipts;
    if (!first || asks.left <= 0) return;
    asks.left -= 1;
    try {
      const proven = await this.#prove(receipts.map(({ hash }) => hash), first.height, signal, address);
      for (const [hash, entry] of proven) found.set(hash, entry);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof QuestionError)) throw error;
      if (receipts.length === 1) return;
      const half = Math.ceil(receipts.length / 2);
      await this.#proveAll(receipts.slice(0, half), address, found, asks, signal);
      await this.#proveAll(receipts.slice(half), address, found, asks, signal);
    }
  }

  /**
   * What peers say about an address, newest first, up to `max` of each peer; none of it is proven. `agreed`: the lists of two peers were equal.
   * Throws `QuestionError`.
   */
  async receipts(address: Uint8Array, max: number, startAt: Hash | undefined, signal: AbortSignal | undefined): Promise<{ readonly receipts: readonly Receipt[]; readonly agreed: boolean }> {
    const name = toHex(address);
    const lists: (readonly Said[])[] = [];
    const heard = new Set<PeerId>();
    let failure: unknown;
    for (let n = 0; n < LISTS_COMPARED; n++) {
      try {
        lists.push((await this.#list(name, { address, max, startAt }, heard, signal)).slice(0, max));
      } catch (error) {
        signal?.throwIfAborted();
        failure = error;
      }
    }
    if (lists.length === 0) throw failure;
    const told = new Map<string, { readonly receipt: Said; readonly lists: Set<number> }>();
    for (const [list, receipt] of lists.flatMap((said, at) => said.map((one) => [at, one] as const))) {
      const key = `${receipt.hash} ${receipt.height}`;
      told.set(key, { receipt, lists: (told.get(key)?.lists ?? new Set<number>()).add(list) });
    }
    const receipts = Array.from(told.values(), ({ receipt, lists: named }) => ({ ...receipt, agreed: named.size === lists.length, list: Math.min(...named) }));
    return { receipts: receipts.toSorted((a, b) => b.height - a.height), agreed: lists.length === LISTS_COMPARED && receipts.every(({ agreed }) => agreed) };
  }

  /** The list of one peer that was not heard yet. */
  #list(name: string, body: { readonly address: Uint8Array; readonly max: number; readonly startAt: Hash | undefined }, heard: Set<PeerId>, signal: AbortSignal | undefined): Promise<readonly Said[]> {
    const { asker, peers } = this.#options;
    return asker.ask({
      kind: 'receipts',
      body: { address: body.address, max: body.max, startAt: body.startAt },
      service: 'transactionIndex',
      known: peers.of([name]),
      without: heard,
      onAsked: (peer) => peers.note([name], peer),
      check: ({ receipts }, peer) => {
        heard.add(peer);
        return receipts.map(({ transactionHash, blockNumber }) => ({ hash: transactionHash, height: blockNumber }));
      },
      signal,
    });
  }

  /** The block number to ask for: entries with equal ones are proven together. */
  #placeOf(height: number): number {
    const { policy, genesis, electionHead, macroHead, head } = this.#options.ground.chain;
    // History from before the first block is proven against the genesis block.
    if (height <= genesis.height) return genesis.height;
    if (height <= electionHead.height) return policy.isElection(height) ? height : policy.electionBlockAfter(height);
    return height <= macroHead.height ? macroHead.height : Math.max(head.height, height);
  }

  /**
   * The entries with these hashes, which have one place. Their heights are claims of other peers, so an entry at another height is no lie of
   * the peer that proves it.
   */
  #prove(hashes: readonly Hash[], height: number | undefined, signal: AbortSignal | undefined, address?: string): Promise<ReadonlyMap<Hash, ProvenEntry>> {
    const { asker, ground, peers } = this.#options;
    const { electionHead } = ground.chain;
    // Full nodes have the running epoch, history nodes all of it.
    const service: ServiceName = height !== undefined && height > electionHead.height ? 'fullBlocks' : 'transactionIndex';
    return asker.ask({
      kind: 'transactions-proof',
      body: () => ({ hashes, blockNumber: height === undefined ? undefined : this.#placeOf(height) }),
      service,
      ...(address === undefined ? {} : { known: peers.of([address]), onAsked: (peer: PeerId) => peers.note([address], peer) }),
      check: async (answer, _, own) => {
        if (!answer.ok) throw new UselessAnswer(answer.error.name);
        const { proof, block } = answer.value;
        const hash = blockHash(block);
        const verified = await this.#groundOf(hash, block, own);
        const { policy, network } = ground.chain;
        const timeAt = (at: number) => ground.chain.blockAt(at)?.block.header.timestamp;
        const asked = new Map(hashes.map((wanted) => [wanted, undefined]));
        const events = provenOf(() => provenEvents(proof, verified.header, { asked, networkId: network.networkId, policy, timeAt }), height);
        const found = new Map(events.map((event) => [event.hash, { entry: event.entry, proof, ground: { hash, block: verified } }]));
        if (found.size < hashes.length) throw new UselessAnswer('not-proven');
        return found;
      },
      signal,
    });
  }

  /** The verified block with this hash. */
  async #groundOf(hash: Hash, said: Block, signal: AbortSignal): Promise<Block> {
    const { ground, find } = this.#options;
    const { chain } = ground;
    const height = said.header.blockNumber;
    if (height > chain.electionHead.height) return (await ground.block(hash, 'history')).block;
    if (chain.electionHash(height) === hash) return said;
    const found = await find(height, signal);
    if (found?.hash !== hash || found.place !== 'chain') throw new UselessAnswer('unknown-block');
    return found.block;
  }
}

/** Asked for one transaction without a height, older nodes prove another one. */
function provenOf<T>(verify: () => T, height: number | undefined): T {
  try {
    return verify();
  } catch (error) {
    if (height === undefined && error instanceof ProofError && error.code === 'not-asked') throw new UselessAnswer(error.code);
    throw error;
  }
}
