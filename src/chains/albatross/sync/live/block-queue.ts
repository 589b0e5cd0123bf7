// Tests: `src/chains/albatross/sync/albatross-sync-live.test.ts`.
import { BoundedCache } from '../../../../base/bounded-cache.ts';
import type { Clock } from '../../../../base/clock.ts';
import { Emitter } from '../../../../base/emitter.ts';
import type { Random } from '../../../../base/random.ts';
import type { Tasks } from '../../../../base/tasks.ts';
import type { ChainBlock, ChainChange, LightChain } from '../../chain/light-chain.ts';
import { hashOrUndefined } from '../../chain/hashes.ts';
import { verdictOf } from '../../chain/rules/verdict.ts';
import { bareBytes } from '../../wire/bare-bytes.ts';
import { equalBytes } from '../../../../base/bytes.ts';
import type { Block, MacroBlock } from '../../wire/types.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { Asker } from '../ask/asker.ts';
import { BlockBuffer } from './block-buffer.ts';
import type { Buffered } from './block-buffer.ts';
import type { HashedBlock } from '../ask/gap-answer.ts';
import { GapQueue } from './gap-queue.ts';
import type { Gap, SearchOutcome } from './gap-queue.ts';
import { searchGap } from './gap-search.ts';
import type { GapSearchOptions } from './gap-search.ts';
import type { GossipVerdict, PeerId, PeerReport } from '../../../../engine/peers/peer-net.ts';
import type { SyncSettings } from '../settings.ts';
import type { Suspect } from './validator-list-dispute.ts';
import { gatherCopies } from '../ask/validator-lists.ts';
import type { Copy } from '../ask/validator-lists.ts';

/** How a block arrived: announced and pushed at once; announced and buffered first; as an answer to a missing-blocks request; requested by a head round. */
export type Arrival = 'announced' | 'buffered' | 'missing' | 'requested';

/** Events of the block queue. Albatross block reference, section 7. */
export interface QueueEvents {
  /** The block became part of the main chain. `remaining`: number of blocks still buffered. */
  accepted: { readonly hash: Hash; readonly height: number; readonly peer: PeerId; readonly how: Arrival; readonly remaining: number };
  /** The block waits for its parent. */
  buffered: { readonly hash: Hash; readonly height: number; readonly peer: PeerId; readonly remaining: number };
  /** Missing blocks arrived and were pushed, in ascending order. */
  missing: { readonly hashes: readonly Hash[]; readonly peer: PeerId; readonly target: Hash };
  /** The block breaks the rule `code`. */
  rejected: { readonly hash: Hash; readonly height: number; readonly peer: PeerId; readonly code: string };
}

export interface BlockQueueOptions {
  readonly chain: LightChain;
  readonly asker: Asker;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: SyncSettings;
  readonly tasks: Tasks;
  /** The peers in live sync, best first. */
  readonly live: () => readonly PeerId[];
  /** The source of a peer's copy of a block: its subnet, and whether it is a witness. */
  readonly sourceOf: (peer: PeerId) => Omit<Copy, 'block'>;
  readonly report: (peer: PeerId, report: PeerReport) => void;
  /** The peer does not fit the live sync: it is too far behind or ahead of us, or builds on a final block other than ours. */
  readonly onMisfit: (peer: PeerId, why: 'behind' | 'ahead' | 'other-chain') => void;
  /** The block cannot be judged before a signing key is proven; with `code` it seems invalid. */
  readonly onUndecided: (suspect: Omit<Suspect, 'code'> & { readonly code: Suspect['code'] | undefined }) => void;
  /** A block with a version above ours. */
  readonly onTooNew: (peer: PeerId, block: Block) => void;
}

/** Maximum number of peers asked for their copy of an election block. */
const maxCrossChecks = 8;
/** Peers remembered for a skip block they showed beside the one we keep. There are never that many live peers; at the bound the oldest is dropped. */
const maxVariantSenders = 64;

interface Pending {
  /** Further copies of the same block, tried in turn if the one being verified is bad. */
  readonly copies: Buffered[];
}

/**
 * Block live sync. Takes the blocks that peers announce, pushes those whose parent is known (Head), keeps the others (Buffered) and asks
 * for the blocks between (Missing). Sends away peers whose chain is elsewhere (Peer Desync). Albatross block reference, section 7.
 */
export class BlockQueue {
  readonly events = new Emitter<QueueEvents>();
  readonly #options: BlockQueueOptions;
  readonly #buffer: BlockBuffer;
  readonly #pending = new Map<Hash, Pending>();
  readonly #pendingOf = new Map<PeerId, number>();
  readonly #missing: GapQueue;
  /** The last skip block with a known proof that each peer showed. */
  readonly #variants = new BoundedCache<{ readonly height: number; readonly hash: Hash }>(maxVariantSenders);
  readonly #searching: GapSearchOptions;
  readonly #unsubscribe: () => void;

  constructor(options: BlockQueueOptions) {
    const { settings, chain } = options;
    this.#options = options;
    this.#buffer = new BlockBuffer({ capacity: settings.bufferBatches * chain.policy.blocksPerBatch, perPeerAndHeight: settings.announcedPerPeerAndHeight });
    const announcers = (target: Hash) => this.#buffer.peersAbove(target);
    this.#searching = { ...options, announcers, withheld: (peer) => this.#missing.withheld(peer), onStranger: (peer) => options.onMisfit(peer, 'other-chain') };
    this.#missing = new GapQueue({
      ...options,
      announcers,
      search: (gap, signal) => this.#resolve(gap, signal),
      onOver: (target) => {
        if (!chain.has(target)) this.#buffer.dropDescendants(target);
      },
    });
    this.#unsubscribe = chain.events.on('change', (change) => this.#onChange(change));
  }

  stop(): void {
    this.#unsubscribe();
    this.#buffer.clear();
  }

  /** Forgets the blocks of a peer that has lied. Returns whether any of them was waiting. */
  dropPeer(peer: PeerId): boolean {
    return this.#buffer.dropPeer(peer);
  }

  /** Handles a block from gossip. The verdict tells gossip to pass it on, to drop it, or to drop it and lower the sender's score. */
  async announced(from: PeerId, block: Block): Promise<GossipVerdict> {
    if (this.#options.live().length === 0) return 'ignore';
    if (block.body !== undefined) return 'reject';
    return this.#arrive(from, block, 'announced');
  }

  /** A block that a head round asked `from` for. */
  async requested(from: PeerId, block: Block): Promise<void> {
    await this.#arrive(from, block, 'requested');
  }

  async #arrive(from: PeerId, block: Block, how: 'announced' | 'requested'): Promise<GossipVerdict> {
    const { chain, settings, onMisfit } = this.#options;
    const { policy } = chain;
    const { blockNumber, parentHash } = block.header;
    const hash = hashOrUndefined(block);
    if (hash === undefined || (block.type === 'macro') !== policy.isMacro(blockNumber)) {
      this.#options.report(from, { kind: 'lie', code: 'wrong-block-type', evidence: { height: blockNumber, type: block.type } });
      return 'reject';
    }
    const held = chain.block(hash);
    if (held) return this.#copyOfHeld(from, block, held);
    const head = chain.head.height;
    if (blockNumber < head - settings.toleratePastBatches * policy.blocksPerBatch) {
      onMisfit(from, 'behind');
      return 'ignore';
    }
    if (chain.has(parentHash) || this.#overtakes(block)) return this.#pushHead({ hash, block, peer: from }, how);
    if (blockNumber > head + settings.windowAheadBatches * policy.blocksPerBatch) {
      onMisfit(from, 'ahead');
      return 'ignore';
    }
    if (blockNumber <= chain.macroHead.height) return 'ignore';
    this.#bufferBlock({ hash, block, peer: from }, how);
    return 'ignore';
  }

  /**
   * Handles a copy of a block that we hold already. The hash does not cover the justification, so a copy with another one is checked: a bad
   * one is its sender's lie.
   */
  async #copyOfHeld(from: PeerId, block: Block, held: ChainBlock): Promise<GossipVerdict> {
    const { chain, settings, tasks, report } = this.#options;
    const verdict = held.mainChain ? 'accept' : 'ignore';
    this.#remember(held.hash, block, from);
    if (equalBytes(bareBytes(block), bareBytes(held.block))) return verdict;
    const checks = this.#pendingOf.get(from) ?? 0;
    if (checks >= settings.pendingPushesPerPeer) return 'ignore';
    this.#pendingOf.set(from, checks + 1);
    try {
      const code = await chain.verifyCopy(block, { signal: tasks.signal });
      if (code === 'good') return verdict;
      // A copy that cannot be judged is not passed on.
      if (code === 'untold' || verdictOf(code) !== 'ban') return 'ignore';
      report(from, { kind: 'lie', code, evidence: { height: held.height, hash: held.hash } });
      return 'reject';
    } finally {
      this.#releasePush(from);
    }
  }

  #checkCopyLater(peer: PeerId, block: Block, hash: Hash): void {
    const held = this.#options.chain.block(hash);
    if (held) this.#options.tasks.run(async () => void (await this.#copyOfHeld(peer, block, held)));
  }

  #releasePush(peer: PeerId): void {
    const left = (this.#pendingOf.get(peer) ?? 1) - 1;
    if (left > 0) this.#pendingOf.set(peer, left);
    else this.#pendingOf.delete(peer);
  }

  #bufferBlock(entry: Buffered, how: Arrival): void {
    const { hash, block, peer } = entry;
    if (!this.#buffer.add(entry)) return;
    this.events.emit('buffered', { hash, height: block.header.blockNumber, peer, remaining: this.#buffer.size });
    const missing = this.#buffer.firstMissingParent(block);
    if (this.#pending.has(missing.hash)) return;
    const { macroHead } = this.#options.chain;
    if (missing.height <= macroHead.height) {
      // The branch leaves the chain at or below a final block, or claims so. Other peers' blocks on the same parent stay.
      this.#buffer.dropBranch(hash);
      this.#options.onMisfit(peer, 'other-chain');
      return;
    }
    if (!this.#missing.add({ target: missing.hash, peer, ofRound: how === 'requested' })) this.#buffer.dropBranch(hash);
  }

  async #pushHead(entry: Buffered, how: Arrival): Promise<GossipVerdict> {
    const { settings } = this.#options;
    const pending = this.#pending.get(entry.hash);
    if (pending) {
      const known = pending.copies.some(({ peer }) => peer === entry.peer);
      if (!known && pending.copies.length < settings.announcedPerPeerAndHeight) pending.copies.push(entry);
      return 'ignore';
    }
    if (this.#pending.size >= settings.pendingPushes || (this.#pendingOf.get(entry.peer) ?? 0) >= settings.pendingPushesPerPeer) return 'ignore';
    return this.#pushCopies([entry], how);
  }

  /** Pushes the copies in turn until one is good. Returns the verdict of the first copy. */
  async #pushCopies(copies: readonly Buffered[], how: Arrival): Promise<GossipVerdict> {
    const first = copies[0]!;
    const pending: Pending = { copies: [...copies] };
    this.#pending.set(first.hash, pending);
    this.#pendingOf.set(first.peer, (this.#pendingOf.get(first.peer) ?? 0) + 1);
    let verdict: GossipVerdict | undefined;
    try {
      for (let index = 0; index < pending.copies.length; index += 1) {
        const outcome = await this.#push(pending.copies[index]!, how);
        verdict ??= outcome === 'undecided' ? 'ignore' : outcome;
        if (outcome !== 'reject' && outcome !== 'undecided') {
          // The other copies are of a block that we hold now: a bad one is still a lie.
          for (const { peer, block } of pending.copies.slice(index + 1)) this.#checkCopyLater(peer, block, first.hash);
          break;
        }
        // Either this copy's signature or the block itself is bad. In the second case the other copies fail too when their turn comes.
        if (index === pending.copies.length - 1) this.#buffer.dropDescendants(first.hash);
      }
    } finally {
      this.#pending.delete(first.hash);
      this.#releasePush(first.peer);
    }
    return verdict ?? 'ignore';
  }

  async #push({ hash, block, peer }: Buffered, how: Arrival): Promise<GossipVerdict | 'undecided'> {
    const { chain, tasks } = this.#options;
    await this.#gatherCopies(hash, block, peer);
    const height = block.header.blockNumber;
    const result = this.#overtakes(block) && !chain.has(block.header.parentHash) ? await chain.pushMacro(block, { signal: tasks.signal }) : await chain.push(block, { signal: tasks.signal, wanted: how === 'missing' || how === 'requested' || this.#buffer.childrenOf(hash).length > 0 });
    switch (result.result) {
      case 'extended':
      case 'rebranched':
        this.#remember(hash, block, peer);
        // No credit for the peer yet: the list that it gave may be false.
        if (!hasUncoveredList(block)) this.#options.report(peer, { kind: 'useful', bytes: bareBytes(block).length });
        this.events.emit('accepted', { hash, height, peer, how, remaining: this.#buffer.size });
        return 'accept';
      case 'known':
        return 'accept';
      case 'variant':
        this.#noteVariant(peer, height, hash);
        if (result.held) this.#release(hash);
        return 'ignore';
      case 'undecided':
        this.#options.onUndecided({ peer, hash, height, slot: result.slot, code: result.code });
        return 'undecided';
      case 'invalid': {
        const verdict = verdictOf(result.code);
        if (verdict === 'client-too-old') this.#options.onTooNew(peer, block);
        if (verdict === 'ban') this.#options.report(peer, { kind: 'lie', code: result.code, evidence: { height, hash } });
        this.events.emit('rejected', { hash, height, peer, code: result.code });
        return verdict === 'ban' ? 'reject' : 'ignore';
      }
      default:
        return 'ignore';
    }
  }

  /** The first other skip block that a peer shows beside the one we keep may be the true one. If it shows more of them, some are made up. */
  #noteVariant(peer: PeerId, height: number, hash: Hash): void {
    const first = this.#variants.get(peer);
    if (first?.height === height) {
      if (first.hash !== hash) this.#options.report(peer, { kind: 'useless', code: 'skip-block-variants' });
      return;
    }
    this.#variants.set(peer, { height, hash });
  }

  /** While blocks of the current batch are undecided, the macro block that ends it is taken without them: its voting keys suffice. */
  #overtakes(block: Block): boolean {
    const { chain } = this.#options;
    return block.type === 'macro' && chain.undecided !== undefined && block.header.blockNumber === chain.policy.macroBlockAfter(chain.macroHead.height);
  }

  /** A version 1 election block can arrive with other signing keys under the same hash: other live peers are asked for their copies first. */
  async #gatherCopies(hash: Hash, block: Block, peer: PeerId): Promise<void> {
    const { asker, clock, live, sourceOf, tasks, chain } = this.#options;
    if (!hasUncoveredList(block) || chain.has(hash)) return;
    // Ask for copies only if the block's signatures are good. The result of the check is cached.
    if (block.header.parentElectionHash === chain.electionHead.hash && (await chain.verifyMacroJustification(block, chain.validators, { signal: tasks.signal })) !== undefined) return;
    const silentLast = live().toSorted((a, b) => Number(asker.wasSilent(a)) - Number(asker.wasSilent(b)));
    const others = silentLast.slice(0, maxCrossChecks).map(sourceOf);
    await gatherCopies({ ...sourceOf(peer), block }, others, clock, (other) => asker.copyOf(other, hash, tasks.signal));
  }

  /** Remembers which peer gave which list, for when the true one is known. Only for the current election head, so that no peer can fill the memory. */
  #remember(hash: Hash, block: Block, peer: PeerId): void {
    const { asker, sourceOf, chain } = this.#options;
    if (hasUncoveredList(block) && hash === chain.electionHead.hash) asker.copies.add(hash, { ...sourceOf(peer), block });
  }

  #onChange(change: ChainChange): void {
    if (change.kind === 'reset') this.#buffer.clear();
    this.#buffer.dropTo(this.#options.chain.macroHead.height);
    for (const { hash } of [...change.adopted, ...(change.stored ? [change.stored] : [])]) this.#release(hash);
  }

  /** Pushes the blocks that have waited for this one. */
  #release(hash: Hash): void {
    for (const child of this.#buffer.childrenOf(hash)) {
      const copies = this.#buffer.take(child);
      if (!this.#pending.has(child)) this.#options.tasks.run(async () => void (await this.#pushCopies(copies, 'buffered')));
    }
  }

  /** Asks for the blocks up to the target, in several answers: each ends at the target or at a macro block. */
  async #resolve({ target, peer: first, ofRound = false }: Gap, signal: AbortSignal): Promise<SearchOutcome> {
    const { chain, settings } = this.#options;
    // The window ahead spans two batches, and every answer completes one. The extra rounds are for answers that must be requested again.
    const rounds = settings.windowAheadBatches + 6;
    let extra: Hash | undefined;
    const spent = new Set<PeerId>();
    const without = new Set<PeerId>();
    let served = false;
    for (let round = 0; round < rounds; round += 1) {
      if (chain.has(target)) break;
      // Stop if no buffered block builds on the target any more, or those left branch off below a final block.
      if ((this.#buffer.claimedHeight(target) ?? 0) <= chain.macroHead.height) break;
      const answer = await searchGap(this.#searching, { target, first, ofRound, extra, spent, without }, signal);
      if (!answer) break;
      served ||= answer.peer === first;
      const pushed = await this.#pushAll(answer.blocks, answer.peer);
      if (pushed.length > 0) this.events.emit('missing', { hashes: pushed, peer: answer.peer, target });
      const last = answer.blocks.at(-1)!;
      // This answer does not fit: the next peer may give the same blocks with good signatures, or other blocks.
      if (pushed.length < answer.blocks.length) spent.add(answer.peer);
      if (pushed.length < answer.blocks.length && chain.undecided !== undefined) {
        // Asking other peers helps only if the signature may be bad, not if the key is in doubt.
        if (this.#overtakes(last.block)) await this.#push({ ...last, peer: answer.peer }, 'missing');
        if (chain.keys.disputed) break;
      }
      if (pushed.length === answer.blocks.length) extra = chain.block(last.hash)?.mainChain === false ? last.hash : undefined;
    }
    if (without.has(first)) return 'withheld';
    return served ? 'served' : 'not-asked';
  }

  /** Pushes the blocks in order, up to the first that fails. Returns the hashes that are now in the chain. */
  async #pushAll(blocks: readonly HashedBlock[], peer: PeerId): Promise<Hash[]> {
    const pushed: Hash[] = [];
    for (const { hash, block } of blocks) {
      const verdict = await this.#push({ hash, block, peer }, 'missing');
      if (verdict === 'reject' || verdict === 'undecided' || !this.#options.chain.has(hash)) break;
      pushed.push(hash);
    }
    return pushed;
  }
}

/** An election block of version 1: its hash does not cover the signing keys. */
function hasUncoveredList(block: Block): block is MacroBlock {
  return block.type === 'macro' && block.header.validators !== undefined && block.header.version < 2;
}
