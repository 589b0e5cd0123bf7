import type { Clock } from '../../engine/clock.ts';
import { Emitter } from '../../engine/emitter.ts';
import type { Random } from '../../engine/random.ts';
import type { Tasks } from '../../engine/tasks.ts';
import type { ChainBlock, ChainChange, LightChain } from '../chain/light-chain.ts';
import { verdictOf } from '../chain/rules/verdict.ts';
import { block as blockCodec } from '../wire/blocks.ts';
import { equalBytes } from '../wire/bytes.ts';
import { encode } from '../wire/postcard/codec.ts';
import type { Block, Hash, MacroBlock } from '../wire/types.ts';
import { hashOrUndefined } from './asker.ts';
import type { Asker } from './asker.ts';
import { BlockBuffer } from './block-buffer.ts';
import type { Buffered } from './block-buffer.ts';
import type { HashedBlock } from './missing-blocks.ts';
import { MissingRequests } from './missing-requests.ts';
import type { Gap, SearchOutcome } from './missing-requests.ts';
import { searchMissing } from './missing-search.ts';
import type { MissingSearchOptions } from './missing-search.ts';
import type { GossipVerdict, PeerId, PeerReport } from './net.ts';
import type { SyncSettings } from './settings.ts';
import type { Suspect } from './list-trial.ts';
import { gatherCopies } from './validator-lists.ts';
import type { Copy } from './validator-lists.ts';

/** How a block came: announced and at once pushed; announced and buffered first; as an answer to a missing-blocks request; asked for by a head round. */
export type Arrival = 'announced' | 'buffered' | 'missing' | 'requested';

/** What the block queue tells. Albatross block reference, section 7. */
export interface QueueEvents {
  /** It became part of the main chain. `remaining`: blocks still buffered. */
  accepted: { readonly hash: Hash; readonly height: number; readonly peer: PeerId; readonly how: Arrival; readonly remaining: number };
  /** It waits for its parent. */
  buffered: { readonly hash: Hash; readonly height: number; readonly peer: PeerId; readonly remaining: number };
  /** Missing blocks came and were pushed, ascending. */
  missing: { readonly hashes: readonly Hash[]; readonly peer: PeerId; readonly target: Hash };
  /** It breaks the rule `code`. */
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
  /** What its copy of a block counts for. */
  readonly sourceOf: (peer: PeerId) => Omit<Copy, 'block'>;
  readonly report: (peer: PeerId, report: PeerReport) => void;
  /** A peer does not fit the live sync: it is too far behind or ahead of us, or builds on another final block than ours. */
  readonly onMisfit: (peer: PeerId, why: 'behind' | 'ahead' | 'other-chain') => void;
  /** A block cannot be told good from bad before a signing key is proven; with `code` it looks bad. */
  readonly onUndecided: (suspect: Omit<Suspect, 'code'> & { readonly code: Suspect['code'] | undefined }) => void;
  /** A block of a version above ours. */
  readonly onTooNew: (peer: PeerId, block: Block) => void;
}

/** Peers asked for their copy of an election block, at most. */
const maxCrossChecks = 8;

interface Pending {
  /** Further copies of the same block, tried in turn while the one in verification turns out bad. */
  readonly copies: Buffered[];
}

/**
 * Block live sync: takes the blocks that peers announce, pushes those whose parent is known (Head), keeps the others (Buffered) and asks
 * for what lies between (Missing), and sends away peers that are somewhere else altogether (Peer Desync).
 * Albatross block reference, section 7.
 */
export class BlockQueue {
  readonly events = new Emitter<QueueEvents>();
  readonly #options: BlockQueueOptions;
  readonly #buffer: BlockBuffer;
  readonly #pending = new Map<Hash, Pending>();
  readonly #pendingOf = new Map<PeerId, number>();
  readonly #missing: MissingRequests;
  readonly #searching: MissingSearchOptions;
  readonly #unsubscribe: () => void;

  constructor(options: BlockQueueOptions) {
    const { settings, chain } = options;
    this.#options = options;
    this.#buffer = new BlockBuffer({ capacity: settings.bufferBatches * chain.policy.blocksPerBatch, perPeerAndHeight: settings.announcedPerPeerAndHeight });
    const announcers = (target: Hash) => this.#buffer.peersAbove(target);
    this.#searching = { ...options, announcers, withheld: (peer) => this.#missing.withheld(peer), onStranger: (peer) => options.onMisfit(peer, 'other-chain') };
    this.#missing = new MissingRequests({
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

  /** Forgets what a peer sent: it has lied. Returns whether anything of it was waiting. */
  dropPeer(peer: PeerId): boolean {
    return this.#buffer.dropPeer(peer);
  }

  /** A block from gossip. The verdict is for gossip: pass it on, drop it, or drop it and hold it against the sender. */
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

  /** A block that is held already. Its hash does not cover its justification, so a copy with another one is checked: a bad one is its sender's lie. */
  async #copyOfHeld(from: PeerId, block: Block, held: ChainBlock): Promise<GossipVerdict> {
    const { chain, settings, tasks, report } = this.#options;
    const verdict = held.mainChain ? 'accept' : 'ignore';
    this.#remember(held.hash, block, from);
    if (equalBytes(encode(blockCodec, block), encode(blockCodec, held.block))) return verdict;
    const checks = this.#pendingOf.get(from) ?? 0;
    if (checks >= settings.pendingPushesPerPeer) return 'ignore';
    this.#pendingOf.set(from, checks + 1);
    try {
      const code = await chain.verifyCopy(block, { signal: tasks.signal });
      if (code === undefined || verdictOf(code) !== 'ban') return verdict;
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
      // The branch leaves the chain at or below a final block.
      this.#buffer.dropDescendants(missing.hash);
      this.#options.onMisfit(peer, 'other-chain');
      return;
    }
    if (!this.#missing.add({ target: missing.hash, height: missing.height, peer, ofRound: how === 'requested' })) this.#buffer.dropDescendants(missing.hash);
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

  /** Pushes the first copy that is good. The verdict is that of the first one. */
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
          // The others are copies of a block we hold now: a bad one is a lie all the same.
          for (const { peer, block } of pending.copies.slice(index + 1)) this.#checkCopyLater(peer, block, first.hash);
          break;
        }
        // The signature was bad, or the block is: in the second case the other copies are just as bad and their turn comes too.
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
    const result = this.#overtakes(block) && !chain.has(block.header.parentHash) ? await chain.pushMacro(block, { signal: tasks.signal }) : await chain.push(block, { signal: tasks.signal });
    switch (result.result) {
      case 'extended':
      case 'rebranched':
        this.#remember(hash, block, peer);
        // No merit of the peer while the list it gave may be another one than the true one.
        if (!hasUncoveredList(block)) this.#options.report(peer, { kind: 'useful', bytes: encode(blockCodec, block).length });
        this.events.emit('accepted', { hash, height, peer, how, remaining: this.#buffer.size });
        return 'accept';
      case 'known':
        return 'accept';
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

  /** While blocks of the running batch are undecided, the macro block that ends it is taken without them: it stands by its voting keys. */
  #overtakes(block: Block): boolean {
    const { chain } = this.#options;
    return block.type === 'macro' && chain.undecided !== undefined && block.header.blockNumber === chain.policy.macroBlockAfter(chain.macroHead.height);
  }

  /** A version 1 election block could come with other signing keys under the same hash: other live peers are asked for theirs first. */
  async #gatherCopies(hash: Hash, block: Block, peer: PeerId): Promise<void> {
    const { asker, live, sourceOf, tasks, chain } = this.#options;
    if (!hasUncoveredList(block) || chain.has(hash)) return;
    const others = live().slice(0, maxCrossChecks).map(sourceOf);
    await gatherCopies({ ...sourceOf(peer), block }, others, (other) => asker.copyOf(other, hash, tasks.signal));
  }

  /** Whose list it was: for the time when it turns out which one is true. Only of blocks that are held, so that nobody fills the memory. */
  #remember(hash: Hash, block: Block, peer: PeerId): void {
    const { asker, sourceOf, chain } = this.#options;
    if (hasUncoveredList(block) && hash === chain.electionHead.hash) asker.copies.add(hash, { ...sourceOf(peer), block });
  }

  #onChange(change: ChainChange): void {
    const { chain, tasks } = this.#options;
    if (change.kind === 'reset') this.#buffer.clear();
    this.#buffer.dropTo(chain.macroHead.height);
    for (const { hash } of [...change.adopted, ...(change.stored ? [change.stored] : [])]) {
      for (const child of this.#buffer.childrenOf(hash)) {
        const copies = this.#buffer.take(child);
        if (!this.#pending.has(child)) tasks.run(async () => void (await this.#pushCopies(copies, 'buffered')));
      }
    }
  }

  /** Asks for the blocks up to the target, answer by answer: each ends at the target or at a macro block. */
  async #resolve({ target, height: targetHeight, peer: first, ofRound = false }: Gap, signal: AbortSignal): Promise<SearchOutcome> {
    const { chain, settings } = this.#options;
    // Two batches lie in the window ahead; every answer brings one to its end. The rest is for answers that had to be asked for again.
    const rounds = settings.windowAheadBatches + 6;
    let extra: Hash | undefined;
    const spent = new Set<PeerId>();
    const without = new Set<PeerId>();
    let served = false;
    for (let round = 0; round < rounds; round += 1) {
      if (chain.has(target) || targetHeight <= chain.macroHead.height) break;
      const answer = await searchMissing(this.#searching, { target, targetHeight, first, ofRound, extra, spent, without }, signal);
      if (!answer) break;
      served ||= answer.peer === first;
      const pushed = await this.#pushAll(answer.blocks, answer.peer);
      if (pushed.length > 0) this.events.emit('missing', { hashes: pushed, peer: answer.peer, target });
      const last = answer.blocks.at(-1)!;
      // What it gave does not fit: the next peer may give the same blocks with better signatures, or other ones.
      if (pushed.length < answer.blocks.length) spent.add(answer.peer);
      if (pushed.length < answer.blocks.length && chain.undecided !== undefined) {
        // Asking others helps only where a signature may be bad, and not the key.
        if (this.#overtakes(last.block)) await this.#push({ ...last, peer: answer.peer }, 'missing');
        if (chain.keys.disputed) break;
      }
      if (pushed.length === answer.blocks.length) extra = chain.block(last.hash)?.mainChain === false ? last.hash : undefined;
    }
    if (without.has(first)) return 'withheld';
    return served ? 'served' : 'not-asked';
  }

  /** In order, up to the first that fails. Returns what is in the chain now. */
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
