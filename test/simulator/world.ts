import { createHash } from 'node:crypto';
import { blockHash } from '../../src/chains/albatross/chain/hashes.ts';
import { LightChain } from '../../src/chains/albatross/chain/light-chain.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { policyOf } from '../../src/chains/albatross/chain/policy-of.ts';
import { allRules } from '../../src/chains/albatross/chain/rules/stages.ts';
import type { ProofRecord } from '../../src/chains/albatross/chain/proof-record.ts';
import type { RuleTables } from '../../src/chains/albatross/chain/rules/stages.ts';
import type { Anchor } from '../../src/engine/trust.ts';
import { BulkVerifier } from '../../src/chains/albatross/sync/past/bulk-verifier.ts';
import { AlbatrossSync } from '../../src/chains/albatross/sync/albatross-sync.ts';
import { syncDefaults } from '../../src/chains/albatross/sync/settings.ts';
import type { Block, MacroBlock, Validator } from '../../src/chains/albatross/wire/types.ts';
import { Evidence } from '../../src/chains/albatross/client/evidence.ts';
import { restoreChain } from '../../src/chains/albatross/client/stored-chain.ts';
import { standingOf } from '../../src/chains/albatross/client/block-views.ts';
import type { StoredChain } from '../../src/chains/albatross/store/store.ts';
import { parseMultiaddr, socketAddress, subnetOf } from '../../src/network/addresses.ts';
import { fakeDraw } from '../support/fake-chain.ts';
import type { FakeBlock, FakeChain } from '../support/fake-chain.ts';
import { FakePeer } from '../support/fake-net.ts';
import { Chance } from './chance.ts';
import { characters, forgers, usurpers } from './characters.ts';
import type { Character, Conduct, Setting } from './characters.ts';
import { commonChain, highest } from './eras.ts';
import { Judge } from './judge.ts';
import { lieAbout, storedOf } from './lying-stores.ts';
import { SimClock } from './sim-clock.ts';
import { SimNet } from './sim-net.ts';
import type { Conditions } from './sim-net.ts';
import { simVerify, Truth } from './truth.ts';

const policy = policyOf(unitAlbatross);
/** Virtual milliseconds from the end of the trouble within which the client must reach the head. */
export const livenessBound = 900_000;

/** The result of a world. */
export interface Outcome {
  readonly seed: number;
  readonly verdict: 'ok' | 'failed';
  readonly failures: readonly string[];
  /** The peers' names, with the honest peers that always serve first. */
  readonly cast: string;
  /** Virtual milliseconds in total, and at which the head was reached after the end of the trouble. */
  readonly time: number;
  readonly recovery: number;
  readonly requests: number;
  readonly busiest: number;
  readonly adopted: number;
  readonly banned: number;
  /** The client took a forged election block on the word of witnesses, and gave it up again. */
  readonly deceived: boolean;
  /** Number of times that the client was closed and started from its store. */
  readonly restarts: number;
  /** The client waited for a validator list to be decided. */
  readonly waited: boolean;
  /** SHA-256 over all events, in order. */
  readonly trace: string;
}

interface Actor {
  readonly peer: FakePeer;
  readonly character: Character | undefined;
  readonly conduct: Conduct | undefined;
}

/**
 * Runs one seed: a chain, a cast of peers, a network and a client, from the first peer to the end. `log` gets every line of the
 * trace. `rules`: the rules of the client, which tests of the judge change.
 */
export async function runWorld(seed: number, log?: (line: string) => void, rules: RuleTables = allRules): Promise<Outcome> {
  return new World(seed, log, rules).run();
}

function isSkip(block: Block): boolean {
  return block.type === 'micro' && block.justification?.type === 'skip';
}

class World {
  readonly #seed: number;
  readonly #chance: Chance;
  readonly #clock = new SimClock(commonChain(0).chain.at(policy.genesisNumber).block.header.timestamp + 100_000_000);
  readonly #truth = new Truth();
  readonly #net: SimNet;
  readonly #makeChain: () => LightChain;
  #chain!: LightChain;
  /** The client's proof records, which it keeps over a restart. */
  readonly #proofs = new Map<ProofRecord['origin'], ProofRecord>();
  #sync!: AlbatrossSync;
  #evidence!: Evidence;
  /** The chain in the client's store. */
  #stored: StoredChain | undefined;
  #elections: readonly MacroBlock[] = [];
  #restarts = 0;
  /** The client's last start was from an altered store. */
  #lied = false;
  #waited = false;
  readonly #judge: Judge;
  readonly #actors: Actor[] = [];
  readonly #failures: string[] = [];
  readonly #hash = createHash('sha256');
  readonly #log: ((line: string) => void) | undefined;
  #honestChain: FakeChain;
  #forged: FakeChain | undefined;
  #adopted = 0;
  #deceived = false;
  #salt = 1;

  constructor(seed: number, log: ((line: string) => void) | undefined, rules: RuleTables) {
    this.#seed = seed;
    this.#log = log;
    this.#chance = new Chance(seed, 0);
    const chance = this.#chance;
    const conditions: Conditions = {
      latency: chance.pick([5, 50, 150, 400]),
      jitter: chance.pick([0, 20, 200, 1500]),
      loss: chance.pick([0, 0, 0.02, 0.1, 0.25]),
      duplicates: chance.pick([0, 0.1, 0.5]),
    };
    const { chain, blocks } = commonChain(chance.pick([0, 0, 1, 1, 1, 2, 3, 4]));
    this.#honestChain = chain.copy(chance.happens(0.1) ? chance.between(200, 204) : chance.between(205, highest));
    for (const block of blocks) if (block.height <= this.#honestChain.head.height) this.#truth.add(block);
    this.#net = new SimNet(this.#clock, new Chance(seed, 1), conditions, {
      note: (line) => this.#note(line),
      onAnswer: (peer, kind, answer) => this.#judge.answered(peer, kind, answer),
      onAnnounced: (peer, { block }) => this.#judge.blockFrom(peer, block),
      onReport: (peer, report) => {
        this.#note(`report ${peer} ${report.kind} ${'code' in report ? report.code : ''}`);
        this.#judge.reported(peer, report);
      },
    });
    this.#makeChain = () => new LightChain({ network: unitAlbatross, verify: simVerify, rules, draw: fakeDraw, clock: this.#clock });
    this.#judge = new Judge({
      truth: this.#truth,
      honest: (id) => this.#actors.some(({ peer, character }) => peer.id === id && (character?.honest ?? true)),
      shown: () => {
        const { trust, pendingTrust } = standingOf(this.#chain, this.#evidence.record.level);
        return { final: trust, latest: pendingTrust };
      },
      anchor: () => this.#sync.anchor,
      witness: (id) => this.#actors.some(({ peer }) => peer.id === id && peer.witness),
      machine: (id) => this.#actors.find(({ peer }) => peer.id === id)?.conduct?.machine ?? id,
      onlyNamed: (id) => this.#actors.some(({ peer, character }) => peer.id === id && character?.name === 'name-squatter'),
    });
  }

  /** Starts a client from the store, if it has content. */
  async #open(): Promise<void> {
    const seed = this.#seed;
    this.#chain = this.#makeChain();
    const anchor = await this.#restore();
    this.#evidence = new Evidence(this.#chain, anchor);
    this.#judge.watch(this.#chain);
    this.#sync = new AlbatrossSync({
      net: this.#net,
      chain: this.#chain,
      bulk: new BulkVerifier({ network: unitAlbatross, verify: simVerify, clock: this.#clock }),
      proofs: {
        records: [...this.#proofs.values()],
        save: (record) => {
          this.#proofs.set(record.origin, record);
          this.#judge.proved(record);
          this.#note(`proof ${record.origin} ${record.head.block.header.blockNumber}:${record.head.hash.slice(0, 8)}`);
        },
        forget: (origin) => {
          this.#proofs.delete(origin);
          this.#note(`proof ${origin} forgotten`);
        },
      },
      bans: this.#net.bans,
      clock: this.#clock,
      random: new Chance(seed, 1000 + this.#restarts),
      settings: syncDefaults,
      log: (_, level, code, data) => {
        if (level === 'error') this.#failures.push(`error in the sync: ${code} ${JSON.stringify(data)}`);
      },
    });
    if (anchor) this.#sync.restoreAnchor(anchor);
    this.#watch();
    this.#sync.start();
  }

  /**
   * Restores the chain as the hub does, with the blocks after the newest macro block. The anchor is left to the proof in the
   * background.
   */
  async #restore(): Promise<Anchor | undefined> {
    const restored = await restoreChain(this.#chain, this.#stored ? { kind: 'chain', chain: this.#stored } : { kind: 'empty' });
    const bad = restored.kind === 'restored' ? await this.#chain.verifyTail() : undefined;
    if (restored.kind === 'restored' && !bad) return restored.anchor;
    if (restored.kind === 'nothing') return undefined;
    // The client may refuse a stored chain that forgers had made it believe.
    const deceived = this.#stored?.election && !this.#truth.has(blockHash(this.#stored.election));
    if (!this.#lied && !deceived) this.#failures.push(`the stored chain was refused: ${restored.kind === 'refused' ? restored.code : bad?.code}`);
    this.#stored = undefined;
    this.#chain = this.#makeChain();
    return undefined;
  }

  /** Closes the client in the middle of its work, and starts it from the store after a while. */
  async #restart(): Promise<void> {
    this.#restarts += 1;
    this.#note('restart');
    const there = this.#actors.filter(({ peer }) => this.#net.connected(peer.id));
    await this.#stopSync();
    for (const { peer } of there) this.#net.leave(peer.id);
    if (this.#chance.happens(0.3)) for (let block = this.#chance.between(1, 60); block > 0; block -= 1) this.#produce();
    await this.#clock.advance(this.#chance.pick([100, 5000]));
    this.#lie();
    await this.#open();
    for (const { peer } of there) this.#clock.after(this.#chance.below(5000), () => this.#net.join(peer));
  }

  /** Sometimes alters the stored chain. */
  #lie(): void {
    this.#lied = false;
    if (!this.#stored || !this.#chance.happens(0.25)) return;
    const honest = this.#actors.flatMap(({ peer, character }) => (character === undefined ? [peer.id] : []));
    const { name, stored } = lieAbout(this.#stored, { chance: this.#chance, forged: () => this.#forgedChain(), honest });
    this.#note(`the store lies: ${name}`);
    this.#lied = true;
    this.#stored = stored;
    this.#elections = [stored.previousElection, stored.election].filter((block) => block !== undefined);
    // The proof records may be lost too.
    if (this.#chance.happens(0.5)) this.#proofs.clear();
  }

  /** Stores the client's chain, as the client does when the chain has changed and its evidence matches. */
  #store(): void {
    const { head, macroHead, electionHead, genesis } = this.#chain;
    if (head.hash === genesis.hash || !this.#evidence.fits) return;
    const tail = [];
    for (let height = macroHead.height + 1; height <= head.height; height += 1) tail.push(this.#chain.blockAt(height)!.block);
    const election = electionHead.hash === genesis.hash ? undefined : electionHead.block;
    if (election) this.#elections = [...this.#elections.filter(({ header }) => header.blockNumber < election.header.blockNumber), election].slice(-2);
    const previousElection = this.#elections.find((block) => blockHash(block) === election?.header.parentElectionHash);
    const { anchor } = this.#evidence;
    const { checked } = this.#chain;
    this.#stored = { anchor, checked, election, previousElection, checkpoint: macroHead.kind === 'checkpoint' ? macroHead.block : undefined, tail };
  }

  async run(): Promise<Outcome> {
    this.#beginStored();
    this.#castPeers();
    await this.#open();
    await this.#trouble();
    const calm = this.#clock.monotonic();
    const recovery = await this.#calm();
    this.#judge.check();
    this.#net.close();
    await this.#end();
    const failures = [...this.#judge.violations, ...this.#failures];
    for (const failure of failures) this.#note(failure);
    return {
      seed: this.#seed,
      verdict: failures.length > 0 ? 'failed' : 'ok',
      failures,
      cast: this.#actors.map(({ peer }) => peer.id).join(' '),
      time: this.#clock.monotonic(),
      recovery: recovery - calm,
      requests: this.#net.requests,
      busiest: this.#net.busiest,
      adopted: this.#adopted,
      banned: this.#net.bans.length,
      deceived: this.#deceived,
      restarts: this.#restarts,
      waited: this.#waited,
      trace: this.#hash.digest('hex'),
    };
  }

  #watch(): void {
    const [chain, sync, evidence] = [this.#chain, this.#sync, this.#evidence];
    // Runs after all other events of this moment.
    const settled = () =>
      this.#clock.after(0, () => {
        if (sync !== this.#sync) return;
        this.#judge.check();
        this.#store();
      });
    chain.events.on('change', ({ kind, adopted, reverted }) => {
      this.#adopted += adopted.length;
      this.#note(`chain ${kind} +${adopted.map(({ height, hash }) => `${height}:${hash.slice(0, 8)}`).join(',')} -${reverted.length}`);
      settled();
    });
    const { events } = sync;
    events.on('anchor', (anchor) => {
      evidence.set(anchor);
      this.#note(`anchor ${anchor.kind} ${anchor.height} ${anchor.witnesses.map(({ peer }) => peer).join(',')}`);
      if (anchor.kind === 'witnesses' && !this.#truth.has(anchor.hash)) this.#deceived = true;
      settled();
    });
    events.on('phase', ({ phase, reason }) => {
      this.#waited ||= reason?.code === 'validator-list-undecided';
      this.#note(`phase ${phase} ${reason?.code ?? ''}`);
    });
    events.on('notice', ({ code }) => this.#note(`notice ${code}`));
    events.on('rejected', ({ height, code, peer }) => this.#note(`rejected ${height} ${code} ${peer}`));
    events.on('peer', ({ id, state, reason }) => {
      this.#note(`peer ${id} ${state} ${reason?.code ?? ''}`);
      if (state === 'aside') this.#judge.keptAside(id);
    });
  }

  /** Three in ten clients start with a stored chain, which was verified from genesis. */
  #beginStored(): void {
    if (!this.#chance.happens(0.3) || this.#honestChain.head.height < 210) return;
    const stored = this.#honestChain.copy(Math.max(203, this.#honestChain.head.height - this.#chance.below(250)));
    const before = stored.electionHead.height - policy.blocksPerEpoch;
    this.#elections = [before, stored.electionHead.height].filter((height) => height > policy.genesisNumber).map((height) => stored.at(height).block as MacroBlock);
    this.#stored = storedOf(stored);
    this.#judge.restoring(stored);
  }

  #castPeers(): void {
    const chance = this.#chance;
    const honest = chance.pick([1, 1, 2, 3, 3, 4, 5]);
    for (let index = 0; index < honest; index += 1) this.#enter(`honest${index}`, undefined);
    const others = chance.pick([0, 1, 2, 3, 4, 5]);
    for (let index = 0; index < others; index += 1) {
      const character = chance.pick(characters);
      this.#enter(`${character.name}${index}`, character);
    }
    // A conspiracy: enough peers to be believed.
    if (chance.happens(0.2)) {
      const kind = chance.pick(forgers);
      for (let index = 0; index < chance.between(2, 4); index += 1) this.#enter(`${kind.name}${10 + index}`, kind);
    }
    if (chance.happens(0.1)) for (let index = 0; index < chance.between(1, 3); index += 1) this.#enter(`usurper${20 + index}`, usurpers);
    for (const { peer } of this.#actors) this.#clock.after(chance.below(chance.pick([1, 2000, 20_000])), () => this.#net.join(peer));
  }

  #enter(id: string, character: Character | undefined): Actor {
    const setting: Setting = { chance: new Chance(this.#seed, 10 + this.#actors.length), chain: () => this.#honestChain, forged: () => this.#forgedChain() };
    const conduct = character?.make(setting);
    // Some peers share a subnet.
    const shared = this.#chance.happens(0.1) && character && !character.honest;
    const parsed = conduct?.address === undefined ? undefined : parseMultiaddr(conduct.address);
    const subnet = parsed ? subnetOf(socketAddress(parsed), id) : shared ? 'shared' : id;
    // A liar may also be a Petrel client.
    const witness = !(character && !character.honest && this.#chance.happens(0.2));
    const peer = new FakePeer(id, conduct?.chain ?? this.#honestChain, { subnet, witness, ...conduct?.options });
    const actor = { peer, character, conduct };
    this.#actors.push(actor);
    return actor;
  }

  /** A chain that leaves the true one at some height and continues with the forgers' own validators. */
  #forgedChain(): FakeChain {
    if (this.#forged) return this.#forged;
    const { era } = this.#honestChain;
    const own = (list: readonly Validator[]) =>
      list.map((validator) => {
        const votingKey = validator.votingKey.slice();
        votingKey[0] = votingKey[0]! ^ 0xff;
        return { ...validator, votingKey, signingKey: new Uint8Array(32).fill(9) };
      });
    const { height } = this.#honestChain.head;
    const from = this.#chance.between(policy.genesisNumber, height);
    // It may be so far ahead that neither chain's newest election blocks appear in the other.
    this.#forged = this.#honestChain.fork(from, 77, { ...era, elect: (epoch) => own(era.elect(epoch)) }).growTo(height + this.#chance.pick([0, 0, 5, 140, 400]));
    return this.#forged;
  }

  async #trouble(): Promise<void> {
    const chance = this.#chance;
    const steps = chance.between(15, 50);
    const forks = chance.pick([0, 0.05, 0.2]);
    const unrest = chance.pick([0, 0.05, 0.15]);
    const restarts = chance.pick([0, 0, 0.03, 0.1]);
    for (let step = 0; step < steps; step += 1) {
      if (chance.happens(forks)) this.#branch();
      else this.#produce();
      if (chance.happens(unrest)) this.#upset();
      if (chance.happens(restarts)) await this.#restart();
      await this.#clock.advance(chance.pick([200, 1000, 1000, 1000, 4000]));
    }
  }

  /** Makes the next block; all peers announce it. */
  #produce(): void {
    this.#honestChain.growTo(this.#honestChain.head.height + 1);
    this.#truth.add(this.#honestChain.head);
    this.#forged?.growTo(this.#forged.head.height + 1);
    this.#spread(this.#honestChain.head);
  }

  #spread(block: FakeBlock): void {
    for (const { peer, conduct } of this.#actors) if (conduct?.serves) peer.chain = conduct.serves();
    for (const { peer, conduct } of this.#actors) for (const announced of conduct?.announces?.(block) ?? [block]) this.#net.announce(peer, announced, conduct?.padding?.());
  }

  /**
   * Makes a skip block, or a second block by the same proposer. The chain may continue with either block. All of them are validly
   * signed.
   */
  #branch(): void {
    const chain = this.#honestChain;
    const { height } = chain.head;
    const depth = this.#chance.between(1, 3);
    if (height - depth <= policy.lastMacroBlock(height) || policy.isMacro(height + 1)) return this.#produce();
    const base = chain.fork(height - depth, (this.#salt += 1));
    const skip = this.#chance.happens(0.5);
    base.append(skip ? base.makeSkip() : base.make());
    while (base.head.height < height + (skip ? 0 : 1)) {
      if (policy.isMacro(base.head.height + 1)) break;
      base.append(base.make());
    }
    this.#truth.addChain(base, height - depth + 1);
    const before: FakeBlock[] = [];
    for (let at = height - depth + 1; at <= base.head.height; at += 1) before.push(base.at(at));
    // At the first height where only one side has a skip block, that side wins; otherwise the longer side wins.
    const skips = (side: FakeChain, at: number) => at <= side.head.height && isSkip(side.at(at).block);
    const differs = before.find(({ height: at }) => at <= height && skips(base, at) !== skips(chain, at));
    if (differs ? isSkip(differs.block) : base.head.height > height) this.#follow(base);
    for (const block of before) this.#spread(block);
  }

  #follow(chain: FakeChain): void {
    const old = this.#honestChain;
    this.#honestChain = chain;
    for (const { peer } of this.#actors) if (peer.chain === old) peer.chain = chain;
  }

  #upset(): void {
    const chance = this.#chance;
    const { peer } = chance.pick(this.#actors);
    switch (chance.below(6)) {
      case 0:
        this.#net.leave(peer.id);
        this.#clock.after(chance.between(100, 20_000), () => this.#net.join(peer));
        return;
      case 1: {
        // A partition: some peers neither receive nor send for a while.
        const cut = this.#actors.filter(() => chance.happens(0.5)).map(({ peer: { id } }) => id);
        for (const id of cut) this.#net.cut.add(id);
        this.#clock.after(chance.between(1000, 40_000), () => cut.forEach((id) => this.#net.cut.delete(id)));
        return;
      }
      case 2: {
        // A banned attacker may return under another name, and new peers come.
        if (this.#actors.length >= 14) return;
        const character = chance.pick(characters);
        this.#net.join(this.#enter(`${character.name}${this.#actors.length + 20}`, character).peer);
        return;
      }
      case 3:
        return this.#silenceTheHonest();
      case 4: {
        // The device's clock is set wrong, and later right again.
        this.#clock.skew = chance.pick([-7_200_000, -60_000, -3000, 3000, 60_000, 7_200_000]);
        this.#note(`clock ${this.#clock.skew}`);
        this.#clock.after(chance.between(1000, 60_000), () => (this.#clock.skew = 0));
        return;
      }
      default: {
        const steps = chance.between(2, 40);
        // A burst of blocks, as after the client's device slept.
        for (let step = 0; step < steps; step += 1) this.#produce();
      }
    }
  }

  /** Silences all honest peers, for longer than the client waits for more witnesses. */
  #silenceTheHonest(): void {
    const cut = this.#actors.flatMap(({ peer: { id }, character }) => (character === undefined || character.honest ? [id] : []));
    this.#note('the honest fall silent');
    for (const id of cut) this.#net.cut.add(id);
    this.#clock.after(this.#chance.between(4000, 60_000), () => cut.forEach((id) => this.#net.cut.delete(id)));
  }

  /** Repairs all lines and connects all honest peers. Returns the time at which the head was reached. */
  async #calm(): Promise<number> {
    this.#net.cut.clear();
    this.#clock.skew = 0;
    for (const { peer, character } of this.#actors) if (!character) this.#net.join(peer);
    const end = this.#clock.monotonic() + livenessBound;
    const reached = () => this.#chain.head.hash === this.#honestChain.head.hash;
    for (let block = 0; block < 3; block += 1) {
      this.#produce();
      await this.#clock.advance(1000);
    }
    // The chain continues meanwhile, as a real one does. Otherwise a forged election block at a future height would never be
    // contradicted.
    let done = await this.#clock.until(reached, 60_000);
    while (!done && this.#clock.monotonic() < end) {
      for (let block = 0; block < 4; block += 1) this.#produce();
      done = await this.#clock.until(reached, 20_000);
    }
    if (!done) this.#failures.push(`head not reached in ${livenessBound} ms: at ${this.#chain.head.height} of ${this.#honestChain.head.height}, phase ${this.#sync.phase}, peers ${this.#sync.peers.map(({ id, state }) => `${id}:${state}`).join(' ')}`);
    return this.#clock.monotonic();
  }

  async #end(): Promise<void> {
    await this.#stopSync();
    await this.#clock.advance(60_000);
    if (this.#clock.pending > 0) this.#failures.push(`${this.#clock.pending} timers left after the stop`);
  }

  async #stopSync(): Promise<void> {
    let stopped = false;
    void this.#sync.stop().then(() => (stopped = true));
    if (!(await this.#clock.until(() => stopped, 60_000))) this.#failures.push('the sync does not stop');
  }

  #note(line: string): void {
    const stamped = `${this.#clock.monotonic().toFixed(3)} ${line}`;
    this.#hash.update(`${stamped}\n`);
    this.#log?.(stamped);
  }
}
