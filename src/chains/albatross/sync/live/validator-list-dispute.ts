import { awaitMost } from '../../../../engine/fetch/gathering.ts';
import { askBeside } from '../../../../engine/fetch/ask-beside.ts';
import { sleep } from '../../../../base/clock.ts';
import type { Clock } from '../../../../base/clock.ts';
import type { Tasks } from '../../../../base/tasks.ts';
import type { ChainChange, LightChain } from '../../chain/light-chain.ts';
import { sameKeyAt } from '../../chain/slots.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { MacroBlock, Validator } from '../../wire/types.ts';
import type { Asker } from '../ask/asker.ts';
import { AskError } from '../ask/asker.ts';
import type { PeerId, PeerReport } from '../../../../engine/peers/peer-net.ts';
import type { SyncPeer } from '../net.ts';
import { copiesWanted, enoughCopies, witnessesOf } from '../ask/validator-lists.ts';

/** A block that seems invalid under a signing key that is not proven. */
export interface Suspect {
  readonly peer: PeerId;
  readonly hash: Hash;
  readonly height: number;
  readonly slot: number;
  readonly code: string;
}

export interface ValidatorListDisputeOptions {
  readonly chain: LightChain;
  readonly asker: Asker;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** The peers that can be asked for blocks, best first. */
  readonly peers: () => readonly SyncPeer[];
  readonly report: (peer: PeerId, report: PeerReport) => void;
  /** The list in use was replaced, or is no longer disputed. */
  readonly onDecided: (data: { readonly hash: Hash; readonly height: number }) => void;
}

/** Suspects kept in all, and of one peer. More would add no information. */
const maxSuspects = 64;
const maxSuspectsPerPeer = 4;
/** Milliseconds until peers that gave nothing are asked again; as often as a head round. */
const retryInterval = 5000;
/** Maximum number of peers asked for their copy at a time, and for a batch before it is postponed. */
const maxAsked = 8;
/** Batches examined in order from the election block on, before jumping to the newest one. Each shows the owners of up to a batch of slots. */
const maxWalk = 4;

/**
 * Finds out which validator list is true when a version 1 election block came with several lists, or blocks seem invalid under the only
 * one. Asks further peers for their copies, and for the blocks of a final batch, to learn under which keys their seeds verify
 * (`seed-proof.ts`). Then the senders of the other lists are banned; until then no peer is.
 */
export class ValidatorListDispute {
  readonly #options: ValidatorListDisputeOptions;
  readonly #unsubscribe: () => void;
  #election: Hash;
  /** The macro block after which the next batch is tried. */
  #base: { readonly block: MacroBlock; readonly hash: Hash };
  #walked = 0;
  #asked = new Set<PeerId>();
  /** Peers that gave no batch when asked: other peers are asked first. */
  #vain = new Set<PeerId>();
  #suspects: (Suspect & { readonly list: readonly Validator[] })[] = [];
  #running = false;
  #again = false;
  #retrying = false;

  constructor(options: ValidatorListDisputeOptions) {
    const { chain, asker } = options;
    this.#options = options;
    this.#election = chain.electionHead.hash;
    this.#base = chain.electionHead;
    this.#unsubscribe = chain.events.on('change', (change) => this.#onChange(change));
    asker.copies.onAdded((hash) => {
      if (hash !== this.#election) return;
      // At once, because `#work` may be waiting for a peer's answer.
      options.tasks.run(() => this.#feed());
      this.step();
    });
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** Whether valid and invalid blocks cannot be told apart at the moment. */
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

  /** Continues with the work that can be done now: there are new peers, copies, macro blocks or suspects. */
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
      // Before any block under the new list is checked.
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

  /** Gives all copies to the chain. A peer whose copy is refuted has lied. */
  async #feed(): Promise<void> {
    const { chain, asker, report } = this.#options;
    const { hash, height } = chain.electionHead;
    const verdicts = asker.copies.of(hash).map(async ({ peer, witness, block }) => {
      if ((await chain.addCopy(hash, block)) !== 'refuted') return;
      // A Petrel client got its copy from others and could not check it.
      report(peer, witness ? { kind: 'lie', code: 'validators-differ', evidence: { hash, height, final: chain.macroHead.height } } : { kind: 'useless', code: 'validators-differ' });
      if (!witness) asker.copies.dropCopy(hash, peer);
    });
    await Promise.all(verdicts);
  }

  /** Decides about suspects: once the key is proven, a block that failed under it was a lie. */
  #judge(): void {
    const { chain, report } = this.#options;
    const proven = (slot: number) => chain.keys.standing(slot) === 'proven';
    for (const { peer, hash, height, slot, code, list } of this.#suspects) {
      if (proven(slot) && sameKeyAt(list, chain.validators, slot)) report(peer, { kind: 'lie', code, evidence: { height, hash } });
    }
    // If the suspect's batch was already tried without proving the key, it will not be proven.
    this.#suspects = this.#suspects.filter(({ slot, height }) => !proven(slot) && height > this.#base.block.header.blockNumber);
  }

  async #gather(signal: AbortSignal): Promise<void> {
    const { chain, asker, clock, peers } = this.#options;
    const { hash } = chain.electionHead;
    const copies = asker.copies.of(hash);
    if (chain.keys.covered || (!this.inDoubt && enoughCopies(copies))) return;
    const next = peers().filter(({ id, subnet }) => !this.#asked.has(id) && (this.inDoubt || copies.every((copy) => copy.subnet !== subnet)) && copies.every((copy) => copy.peer !== id));
    const asked = next.slice(0, this.inDoubt ? maxAsked : Math.max(0, copiesWanted - witnessesOf(copies)));
    if (asked.length === 0) return;
    for (const { id } of asked) this.#asked.add(id);
    // Silent peers are not waited for. A copy that comes later starts the next step (`onAdded`).
    await awaitMost(clock, () => asker.patience, asked.map(({ id }) => asker.copyOf(id, hash, signal)), (copy) => copy !== undefined);
    this.#again = true;
  }

  /** Tries the lists on the next final batch. Returns false if there is none, or no peer gave it. */
  async #try(signal: AbortSignal): Promise<boolean> {
    const { chain, asker, clock, peers } = this.#options;
    const base = this.#base;
    const { macroHead } = chain;
    if (!this.inDoubt || macroHead.height <= base.block.header.blockNumber) return false;
    const question = { target: macroHead.hash, locators: [base.hash] };
    const present = peers().map(({ id }) => id);
    this.#vain = new Set(present.filter((id) => this.#vain.has(id)));
    const asked = present.toSorted((a, b) => Number(this.#vain.has(a)) - Number(this.#vain.has(b))).slice(0, maxAsked);
    // If only peers that failed before are left, all are equal again.
    if (asked.some((id) => this.#vain.has(id))) this.#vain.clear();
    const ask = async (peer: PeerId, own: AbortSignal) => {
      try {
        return await asker.missingBlocks(peer, question, chain.policy, own);
      } catch (error) {
        own.throwIfAborted();
        if (!(error instanceof AskError)) throw error;
        return undefined;
      }
    };
    for await (const { peer, answer: verdict } of askBeside({ clock, next: () => asked.shift(), ask, signal })) {
      if (verdict?.kind !== 'usable' || (await chain.proveKeys(base, verdict.blocks, { signal })) !== 'tried') {
        this.#vain.add(peer);
        continue;
      }
      if (this.#base !== base) return true;
      const last = verdict.blocks.at(-1)!;
      this.#walked += 1;
      this.#base = this.#walked < maxWalk ? { block: last.block as MacroBlock, hash: last.hash } : chain.macroHead;
      return true;
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
      // Peers that gave nothing may do so now.
      this.#asked = new Set();
      this.step();
    });
  }
}
