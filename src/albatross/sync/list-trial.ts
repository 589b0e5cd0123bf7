import { sleep } from '../../engine/clock.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Tasks } from '../../engine/tasks.ts';
import type { ChainChange, LightChain } from '../chain/light-chain.ts';
import { sameKeyAt } from '../chain/slots.ts';
import type { Hash, MacroBlock, Validator } from '../wire/types.ts';
import type { Asker } from './asker.ts';
import { AskError } from './asker.ts';
import { checkMissingBlocks } from './missing-blocks.ts';
import type { PeerId, PeerReport, SyncPeer } from './net.ts';
import { copiesWanted, enoughCopies } from './validator-lists.ts';

/** A block that looked badly made under a signing key that is not proven. */
export interface Suspect {
  readonly peer: PeerId;
  readonly hash: Hash;
  readonly height: number;
  readonly slot: number;
  readonly code: string;
}

export interface ListTrialOptions {
  readonly chain: LightChain;
  readonly asker: Asker;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Whoever can be asked for blocks, best first. */
  readonly peers: () => readonly SyncPeer[];
  readonly report: (peer: PeerId, report: PeerReport) => void;
  /** The list in use is another one now, or is no longer disputed. */
  readonly onDecided: (data: { readonly hash: Hash; readonly height: number }) => void;
}

/** Suspects kept in all, and of one peer; more would say nothing new. */
const maxSuspects = 64;
const maxSuspectsPerPeer = 4;
/** Until peers that gave nothing are asked again. Milliseconds; as often as a head round. */
const retryInterval = 5000;
/** Peers asked for their copy at a time, and for a batch before it is put off. */
const maxAsked = 8;
/** Batches walked through from the election block on before the newest one is taken. Each shows the owners of up to a batch of slots. */
const maxWalk = 4;

/**
 * Finds out which validator list is the true one when a version 1 election block came with several, or blocks look badly made under the
 * only one: asks further peers for their copies, and the blocks of a batch that is final for the keys under which their seeds verify
 * (`seed-proof.ts`). Then the senders of the other lists are banned; until then nobody is.
 */
export class ListTrial {
  readonly #options: ListTrialOptions;
  readonly #unsubscribe: () => void;
  #election: Hash;
  /** The macro block after which the next batch is tried. */
  #base: { readonly block: MacroBlock; readonly hash: Hash };
  #walked = 0;
  #asked = new Set<PeerId>();
  #suspects: (Suspect & { readonly list: readonly Validator[] })[] = [];
  #running = false;
  #again = false;
  #retrying = false;

  constructor(options: ListTrialOptions) {
    const { chain, asker } = options;
    this.#options = options;
    this.#election = chain.electionHead.hash;
    this.#base = chain.electionHead;
    this.#unsubscribe = chain.events.on('change', (change) => this.#onChange(change));
    asker.copies.onAdded((hash) => {
      if (hash !== this.#election) return;
      // At once: the work may be waiting for somebody's answer.
      options.tasks.run(() => this.#feed());
      this.step();
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** Blocks cannot be told good from bad, as long as it holds. */
  get inDoubt(): boolean {
    return this.#options.chain.keys.disputed || this.#suspects.length > 0;
  }

  suspect(suspect: Suspect): void {
    const { chain } = this.#options;
    const ofPeer = this.#suspects.filter(({ peer }) => peer === suspect.peer).length;
    if (suspect.height <= this.#base.block.header.blockNumber || ofPeer >= maxSuspectsPerPeer || this.#suspects.length >= maxSuspects) return;
    if (this.#suspects.some(({ peer, hash }) => peer === suspect.peer && hash === suspect.hash)) return;
    this.#suspects.push({ ...suspect, list: chain.validators });
    this.step();
  }

  /** Goes on with whatever there is to do now: there are new peers, copies, macro blocks or suspects. */
  step(): void {
    const { chain, tasks } = this.#options;
    if (chain.keys.covered) return;
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    tasks.run(async (signal) => {
      try {
        await this.#work(signal);
      } finally {
        this.#running = false;
      }
      if (this.inDoubt) this.#retryLater();
    });
  }

  #onChange(change: ChainChange): void {
    const { electionHead } = this.#options.chain;
    if (this.#election !== electionHead.hash) {
      this.#election = electionHead.hash;
      this.#base = electionHead;
      this.#walked = 0;
      this.#asked = new Set();
      this.#suspects = [];
      // Before any block that rests on it.
      void this.#feed();
    }
    if (change.kind !== 'extended' && change.kind !== 'stored') this.step();
  }

  async #work(signal: AbortSignal): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const before = this.inDoubt;
      const list = this.#options.chain.validators;
      await this.#feed();
      this.#judge();
      await this.#gather(signal);
      if (await this.#try(signal)) this.#again = true;
      await this.#feed();
      this.#judge();
      const { chain, onDecided } = this.#options;
      if ((before && !this.inDoubt) || list !== chain.validators) onDecided({ hash: this.#election, height: chain.electionHead.height });
    }
  }

  /** Lays all copies before the chain; whoever gave one that is refuted has lied. */
  async #feed(): Promise<void> {
    const { chain, asker, report } = this.#options;
    const { hash, height } = chain.electionHead;
    const verdicts = asker.copies.of(hash).map(async ({ peer, witness, block }) => {
      if ((await chain.addCopy(hash, block)) !== 'refuted') return;
      // A Petrel client had it from others and could not know better.
      report(peer, witness ? { kind: 'lie', code: 'validators-differ', evidence: { hash, height, final: chain.macroHead.height } } : { kind: 'useless', code: 'validators-differ' });
      if (!witness) asker.copies.dropCopy(hash, peer);
    });
    await Promise.all(verdicts);
  }

  /** What became of the suspects: once the key is proven, a block that failed under it was a lie. */
  #judge(): void {
    const { chain, report } = this.#options;
    const proven = (slot: number) => chain.keys.standing(slot) === 'proven';
    for (const { peer, hash, height, slot, code, list } of this.#suspects) {
      if (proven(slot) && sameKeyAt(list, chain.validators, slot)) report(peer, { kind: 'lie', code, evidence: { height, hash } });
    }
    // In a batch that was tried, what is not proven will not be.
    this.#suspects = this.#suspects.filter(({ slot, height }) => !proven(slot) && height > this.#base.block.header.blockNumber);
  }

  async #gather(signal: AbortSignal): Promise<void> {
    const { chain, asker, peers } = this.#options;
    const { hash } = chain.electionHead;
    const copies = asker.copies.of(hash);
    if (chain.keys.covered || (!this.inDoubt && enoughCopies(copies))) return;
    const next = peers().filter(({ id, subnet }) => !this.#asked.has(id) && (this.inDoubt || copies.every((copy) => copy.subnet !== subnet)) && copies.every((copy) => copy.peer !== id));
    const asked = next.slice(0, this.inDoubt ? maxAsked : Math.max(0, copiesWanted - copies.length));
    if (asked.length === 0) return;
    for (const { id } of asked) this.#asked.add(id);
    await Promise.all(asked.map(({ id }) => asker.copyOf(id, hash, signal)));
    this.#again = true;
  }

  /** Tries the lists on the next batch that is final. False: there is none, or nobody gave it. */
  async #try(signal: AbortSignal): Promise<boolean> {
    const { chain, asker, peers, report } = this.#options;
    const base = this.#base;
    const { macroHead } = chain;
    if (!this.inDoubt || macroHead.height <= base.block.header.blockNumber) return false;
    const question = { target: macroHead.hash, targetHeight: macroHead.height, locators: [base.hash] };
    for (const { id } of peers().slice(0, maxAsked)) {
      try {
        const answer = await asker.missingBlocks(id, question.target, question.locators, signal);
        const verdict = answer.ok ? checkMissingBlocks(answer.value.blocks, question, chain.policy) : undefined;
        if (verdict?.kind === 'fault') report(id, { kind: 'lie', code: verdict.code, evidence: verdict.evidence });
        if (verdict?.kind !== 'usable' || (await chain.proveKeys(base, verdict.blocks, { signal })) !== 'tried') continue;
        if (this.#base !== base) return true;
        const last = verdict.blocks.at(-1)!;
        this.#walked += 1;
        this.#base = this.#walked < maxWalk ? { block: last.block as MacroBlock, hash: last.hash } : chain.macroHead;
        return true;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AskError)) throw error;
      }
    }
    return false;
  }

  #retryLater(): void {
    const { clock, tasks } = this.#options;
    if (this.#retrying) return;
    this.#retrying = true;
    tasks.run(async (signal) => {
      await sleep(clock, retryInterval, signal);
      this.#retrying = false;
      if (!this.inDoubt) return;
      // Whoever gave nothing may do so now.
      this.#asked = new Set();
      this.step();
    });
  }
}
