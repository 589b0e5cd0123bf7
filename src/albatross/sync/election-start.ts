import { verdictOf } from '../chain/rules/verdict.ts';
import type { Head } from '../wire/requests.ts';
import type { Hash, MacroBlock } from '../wire/types.ts';
import { ElectionWitnesses } from './election-witnesses.ts';
import type { Agreement } from './election-witnesses.ts';
import type { MacroContext } from './macro-context.ts';
import type { PeerId } from './net.ts';
import type { PicoPeer } from './pico-peer.ts';

/** Milliseconds between looks whether a peer that is still being asked becomes a witness. */
const lastChance = 1000;

/**
 * The start of a chain that has nothing yet: collects from peers what their newest election block is, waits until enough agree or the
 * time is over, and takes that block on trust; or, when they contradict each other or there are only Petrel clients, whose word counts for
 * nothing, decides that everything be verified from genesis.
 */
export class ElectionStart {
  readonly #context: MacroContext;
  readonly #witnesses: ElectionWitnesses;
  readonly #startFromProven: (signal: AbortSignal) => Promise<void>;
  /** Petrel clients that wait for the start, and what each says is its newest election block. */
  readonly #waiting = new Map<PeerId, Hash>();
  /** Monotonic milliseconds of the first statement. */
  #since: number | undefined;
  #deciding = false;

  /** `startFromProven`: takes up what is proven, when nobody is to be trusted. */
  constructor(context: MacroContext, startFromProven: (signal: AbortSignal) => Promise<void>) {
    this.#context = context;
    this.#startFromProven = startFromProven;
    this.#witnesses = new ElectionWitnesses(context.options.chain.policy, context.options.settings.witnesses);
  }

  /** A peer's word no longer counts. */
  remove(peer: PeerId): void {
    this.#witnesses.remove(peer);
    this.#waiting.delete(peer);
  }

  clear(): void {
    this.#witnesses.clear();
    this.#waiting.clear();
    this.#since = undefined;
  }

  /** What a peer says is its newest election block. `anchored`: the others have agreed meanwhile. Throws `AskError`. */
  async add(entry: PicoPeer, head: Head, signal: AbortSignal): Promise<'added' | 'anchored' | 'lied'> {
    const { asker, chain, clock, report } = this.#context.options;
    const height = chain.policy.lastElectionBlock(head.blockNumber);
    const block = head.electionHash === chain.genesis.hash ? (chain.genesis.block as MacroBlock) : await asker.electionBlock(entry.id, head.electionHash, signal);
    if (!chain.policy.isElection(block.header.blockNumber)) {
      report(entry.id, { kind: 'lie', code: 'not-election', evidence: { hash: head.electionHash, height: block.header.blockNumber } });
      return 'lied';
    }
    // One answer gives the head and its election block; the two cannot have moved apart.
    if (block.header.blockNumber !== height) {
      report(entry.id, { kind: 'lie', code: 'wrong-height', evidence: { hash: head.electionHash, height: block.header.blockNumber, expected: height, head: head.blockNumber } });
      return 'lied';
    }
    // The others may have agreed meanwhile.
    if (this.#context.anchored) return 'anchored';
    this.#witnesses.add({ peer: entry.id, subnet: entry.peer.subnet, saidAt: clock.now(), hash: head.electionHash, block });
    entry.move('witness');
    this.decide();
    return 'added';
  }

  /** A Petrel client vouches for nothing; but when nobody else comes, it may show what there is to verify. */
  wait(entry: PicoPeer, head: Head): void {
    this.#waiting.set(entry.id, head.electionHash);
    entry.move('witness');
    this.decide();
  }

  /** Whenever there is something new to decide about. */
  decide(): void {
    if (this.#deciding || (this.#witnesses.size === 0 && this.#waiting.size === 0) || this.#context.anchored) return;
    this.#deciding = true;
    this.#since ??= this.#context.options.clock.monotonic();
    this.#context.options.tasks.run(async (signal) => {
      try {
        await this.#weigh(signal);
      } finally {
        this.#deciding = false;
      }
    });
  }

  async #weigh(signal: AbortSignal): Promise<void> {
    const { asker, chain, clock, settings } = this.#context.options;
    while (!this.#context.anchored && (this.#witnesses.size > 0 || this.#waiting.size > 0)) {
      const left = (this.#since ?? clock.monotonic()) + settings.witnessWait - clock.monotonic();
      if (this.#witnesses.size === 0) return this.#goWithout(left, signal);
      const decision = this.#witnesses.decide(left <= 0);
      if (decision.kind === 'disagree') return this.#verifyFromGenesis('witnesses-disagree', signal);
      // A chain in its first epoch needs no trust, but a lone peer that pretends it is would make us verify all epochs from genesis.
      const early = decision.kind === 'agreed' && decision.hash === chain.genesis.hash && left > 0 && this.#context.entries.some(({ state }) => state === 'asking');
      if (decision.kind === 'wait' || early) {
        if (left > 0) this.#context.after(left, () => this.decide());
        return;
      }
      if (decision.kind === 'agreed') {
        await this.#takeOnTrust(decision);
        continue;
      }
      const peer = decision.from[0]!;
      this.#witnesses.addCopy(decision.hash, peer, await asker.copyOf(peer, decision.hash, signal));
    }
  }

  /** Nobody is there whose word counts. After the wait everything is verified from genesis, unless somebody is still being asked. */
  async #goWithout(left: number, signal: AbortSignal): Promise<void> {
    const { chain } = this.#context.options;
    const asked = this.#context.entries.some(({ state, peer }) => state === 'asking' && peer.witness);
    if (left > 0 || asked) return this.#context.after(Math.max(left, lastChance), () => this.decide());
    if (Array.from(this.#waiting.values()).some((hash) => hash !== chain.genesis.hash)) return this.#verifyFromGenesis('no-witnesses', signal);
    this.#context.fromGenesis = true;
    this.#end();
  }

  async #takeOnTrust(agreement: Agreement): Promise<void> {
    const { chain, settings, report, onNotice, onTooNew } = this.#context.options;
    const { hash, block, witnesses, fewWitnesses } = agreement;
    const height = block.header.blockNumber;
    if (hash === chain.genesis.hash) {
      this.#context.fromGenesis = true;
      this.#end();
      return;
    }
    const result = await chain.pushElectionOnTrust(block);
    if (result.result === 'extended') {
      this.#context.setAnchor({ kind: 'witnesses', height, hash, witnesses, fewWitnesses });
      if (fewWitnesses) onNotice('warning', 'few-witnesses', { witnesses: witnesses.length, wanted: settings.witnesses, height });
      this.#end();
      return;
    }
    // It breaks a rule that needs no trust. Whoever stands for it is out, or asked again when time may have changed the matter.
    for (const { peer } of witnesses) {
      this.#witnesses.remove(peer);
      if (result.result === 'invalid') {
        const verdict = verdictOf(result.code);
        if (verdict === 'ban') report(peer, { kind: 'lie', code: result.code, evidence: { height, hash } });
        if (verdict === 'client-too-old') onTooNew(peer, height);
      }
      const entry = this.#context.peers.get(peer);
      if (entry?.move('asking') && entry.move('outdated', { code: 'unusable-election-block', data: { height } })) this.#context.recheck(entry, settings.recheckInterval);
    }
  }

  #end(): void {
    this.clear();
    this.#context.askAll('witness');
  }

  /** Nobody is trusted: everything is verified from genesis. */
  async #verifyFromGenesis(code: string, signal: AbortSignal): Promise<void> {
    this.#context.options.onNotice(code === 'no-witnesses' ? 'info' : 'warning', code, {});
    await this.#startFromProven(signal);
    this.#end();
  }
}
