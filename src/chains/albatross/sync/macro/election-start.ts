// Tests: `src/chains/albatross/sync/albatross-sync-macro.test.ts`.
import { askBeside, maxBeside } from '../../../../engine/fetch/ask-beside.ts';
import { countNetworks, onlyCheap } from '../../../../engine/peers/witness-network.ts';
import { verdictOf } from '../../chain/rules/verdict.ts';
import type { Head } from '../../wire/requests.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { MacroBlock } from '../../wire/types.ts';
import { ElectionWitnesses } from './election-witnesses.ts';
import type { Agreement, WitnessCount } from './election-witnesses.ts';
import type { MacroContext } from '../macro-context.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import type { PicoPeer } from '../pico-peer.ts';
import { possibleHeight } from '../live/possible-height.ts';

/** Milliseconds between checks whether a peer that is still being asked becomes a witness. */
const lastChance = 1000;

/**
 * Milliseconds from the first statement until it is said that witnesses are lacking: peers that are dialled together answer within this time,
 * and a start that goes well should not begin with a warning.
 */
const tellAfter = 1500;

interface FirstCopy {
  readonly without: readonly PeerId[];
  readonly peer?: PeerId;
  readonly block?: MacroBlock;
}

/**
 * The start of an empty chain. Collects the newest election block that each peer names, waits until enough agree or the time is over, and
 * takes that block on trust. If the peers contradict each other, or only Petrel clients have come (whose word does not count), everything
 * is verified from genesis instead.
 */
export class ElectionStart {
  readonly #context: MacroContext;
  readonly #witnesses: ElectionWitnesses;
  readonly #startFromProven: (signal: AbortSignal) => Promise<void>;
  /** Petrel clients that wait for the start, and the newest election block that each names. */
  readonly #waiting = new Map<PeerId, Hash>();
  /** Peers that did not give a linking block when asked, as `peer hash`. */
  readonly #withoutLink = new Set<string>();
  /** Monotonic milliseconds of the first statement. */
  #since: number | undefined;
  #deciding = false;

  /** `startFromProven`: starts from what is proven, when no peer can be trusted. */
  constructor(context: MacroContext, startFromProven: (signal: AbortSignal) => Promise<void>) {
    this.#context = context;
    this.#startFromProven = startFromProven;
    this.#witnesses = new ElectionWitnesses(context.options.chain.policy, context.options.settings.witnesses);
  }

  /** Set while it waits for witnesses in further networks, after a moment. */
  get lacking(): WitnessCount | undefined {
    const { clock, settings } = this.#context.options;
    const waited = this.#since === undefined ? 0 : clock.monotonic() - this.#since;
    if (this.#context.anchored || waited < tellAfter || waited >= settings.witnessWait) return undefined;
    const gathered = this.#witnesses.gathered;
    const more = gathered.peers < gathered.wanted && this.#context.entries.some(({ state }) => state === 'asking');
    return gathered.peers === 0 || gathered.networks >= gathered.wanted || more ? undefined : gathered;
  }

  /** A peer's word no longer counts. */
  remove(peer: PeerId): void {
    this.#witnesses.remove(peer);
    this.#waiting.delete(peer);
  }

  clear(): void {
    this.#witnesses.clear();
    this.#waiting.clear();
    this.#withoutLink.clear();
    this.#since = undefined;
  }

  /** Takes a peer's statement of its newest election block. `anchored`: the other peers have agreed meanwhile. Throws `AskError`. */
  async add(entry: PicoPeer, head: Head, signal: AbortSignal): Promise<'added' | 'anchored' | 'lied'> {
    const { asker, chain, clock, report } = this.#context.options;
    const height = chain.policy.lastElectionBlock(head.blockNumber);
    const block = head.electionHash === chain.genesis.hash ? (chain.genesis.block as MacroBlock) : await asker.electionBlock(entry.id, head.electionHash, signal);
    if (!chain.policy.isElection(block.header.blockNumber)) {
      report(entry.id, { kind: 'lie', code: 'not-election', evidence: { hash: head.electionHash, height: block.header.blockNumber } });
      return 'lied';
    }
    // Head and election block come from one answer, so they cannot have diverged.
    if (block.header.blockNumber !== height) {
      report(entry.id, { kind: 'lie', code: 'wrong-height', evidence: { hash: head.electionHash, height: block.header.blockNumber, expected: height, head: head.blockNumber } });
      return 'lied';
    }
    // The other peers may have agreed meanwhile.
    if (this.#context.anchored) return 'anchored';
    this.#witnesses.add({ peer: entry.id, subnet: entry.peer.subnet, saidAt: clock.now(), hash: head.electionHash, block });
    entry.move('witness');
    this.decide();
    return 'added';
  }

  /** A Petrel client's word does not count. But if no other peer comes, the client may show what there is to verify. */
  wait(entry: PicoPeer, head: Head): void {
    this.#waiting.set(entry.id, head.electionHash);
    entry.move('witness');
    this.decide();
  }

  /** Decides again; called whenever there is something new. */
  decide(): void {
    if (this.#deciding || (this.#witnesses.size === 0 && this.#waiting.size === 0) || this.#context.anchored) return;
    this.#deciding = true;
    if (this.#since === undefined) this.#tellLater();
    this.#since ??= this.#context.options.clock.monotonic();
    this.#context.options.tasks.run(async (signal) => {
      try {
        await this.#weigh(signal);
      } finally {
        this.#deciding = false;
      }
    });
  }

  /** The phase is looked at again when a peer changes, so one is named. */
  #tellLater(): void {
    this.#context.after(tellAfter, () => {
      const waiting = this.#context.entries.find(({ state }) => state === 'witness');
      if (waiting) this.#context.options.onPeer(waiting);
    });
  }

  async #weigh(signal: AbortSignal): Promise<void> {
    const { chain, clock, settings } = this.#context.options;
    while (!this.#context.anchored && (this.#witnesses.size > 0 || this.#waiting.size > 0)) {
      const left = (this.#since ?? clock.monotonic()) + settings.witnessWait - clock.monotonic();
      if (this.#witnesses.size === 0) return this.#goWithout(left, signal);
      const decision = this.#witnesses.decide(left <= 0, possibleHeight(chain, clock.now()));
      // A peer that gives linking blocks this slowly may just as well be on another chain: treat it as a disagreement.
      const late = left <= -settings.witnessWait;
      const slow = decision.kind === 'need-link' && late;
      if (decision.kind === 'disagree' || slow) return this.#verifyFromGenesis('witnesses-disagree', signal);
      // A chain in its first epoch needs no trust. But a single peer that pretends this would make us verify all epochs from genesis, so
      // wait for peers still being asked.
      const early = decision.kind === 'agreed' && decision.hash === chain.genesis.hash && left > 0 && this.#context.entries.some(({ state }) => state === 'asking');
      if (decision.kind === 'wait' || early) {
        if (left > 0) this.#context.after(left, () => this.decide());
        return;
      }
      if (decision.kind === 'agreed') {
        await this.#takeOnTrust(decision);
        continue;
      }
      const { hash, from } = decision;
      if (decision.kind === 'need-link') {
        const unheard = from.filter((id) => !this.#withoutLink.has(`${id} ${hash}`));
        const { without, block } = await this.#firstCopy(hash, unheard, signal);
        for (const id of without) this.#withoutLink.add(`${id} ${hash}`);
        if (block || without.length === unheard.length) this.#witnesses.addLink(hash, block);
      } else {
        // Late: ask no more peers, because peers that withhold it may keep coming.
        const { without, peer, block }: FirstCopy = late ? { without: from } : await this.#firstCopy(hash, from, signal);
        for (const id of without) this.#witnesses.addCopy(hash, id, undefined);
        if (peer !== undefined) this.#witnesses.addCopy(hash, peer, block);
      }
    }
  }

  /**
   * The first copy of an election block that one of the first `maxBeside` peers gives, and the peers that did not give it. A peer that
   * stayed silent until then is not among these. Only few are asked: other peers' statements may decide meanwhile, but no decision is made
   * before this ends.
   */
  async #firstCopy(hash: Hash, from: readonly PeerId[], signal: AbortSignal): Promise<FirstCopy> {
    const { asker, clock } = this.#context.options;
    const unasked = from.slice(0, maxBeside);
    const without: PeerId[] = [];
    for await (const { peer, answer } of askBeside({ clock, next: () => unasked.shift(), ask: (id, own) => asker.copyOf(id, hash, own), signal })) {
      if (answer) return { without, peer, block: answer };
      without.push(peer);
    }
    return { without };
  }

  /**
   * No peer is present whose word counts. After the wait everything is verified from genesis. While a node is still being asked, this waits
   * longer, but only as long as one peer may take, because new peers may keep coming.
   */
  async #goWithout(left: number, signal: AbortSignal): Promise<void> {
    const { chain, settings } = this.#context.options;
    const patient = left + settings.askAttempts * settings.requestTimeout > 0;
    const asked = patient && this.#context.entries.some(({ state, peer }) => state === 'asking' && peer.witness);
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
      const networks = witnesses.map(({ subnet }) => subnet);
      const data = { wanted: settings.witnesses, height };
      if (onlyCheap(networks)) onNotice('warning', 'witnesses-only-names', { witnesses: networks.length, ...data });
      else if (fewWitnesses) onNotice('warning', 'few-witnesses', { witnesses: countNetworks(networks, settings.witnesses), ...data });
      this.#end();
      return;
    }
    // The block breaks a rule that needs no trust. Its supporters are reported, or asked again if time may change the result.
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

  /** No peer is trusted: verifies everything from genesis. */
  async #verifyFromGenesis(code: 'no-witnesses' | 'witnesses-disagree', signal: AbortSignal): Promise<void> {
    this.#context.options.onNotice(code === 'no-witnesses' ? 'info' : 'warning', code, {});
    await this.#startFromProven(signal);
    this.#end();
  }
}
