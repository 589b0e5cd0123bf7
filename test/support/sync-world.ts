import { LightChain } from '../../src/chains/albatross/chain/light-chain.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import type { NetworkParameters } from '../../src/chains/albatross/chain/network.ts';
import { AlbatrossSync } from '../../src/chains/albatross/sync/albatross-sync.ts';
import { syncDefaults } from '../../src/chains/albatross/sync/settings.ts';
import { BatchSize } from '../../src/chains/albatross/sync/past/batch-size.ts';
import { BulkVerifier } from '../../src/chains/albatross/sync/past/bulk-verifier.ts';
import type { ProofKeeper, ProofRecord } from '../../src/chains/albatross/chain/proof-record.ts';
import type { SyncSettings } from '../../src/chains/albatross/sync/settings.ts';
import type { Verify } from '../../src/crypto/jobs.ts';
import type { Anchor } from '../../src/engine/trust.ts';
import { FakeChain, fakeVerify } from './fake-chain.ts';
import { FakeNet, FakePeer, seededRandom } from './fake-net.ts';
import type { FakePeerOptions } from './fake-net.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface WorldOptions {
  readonly settings?: Partial<SyncSettings>;
  readonly network?: Partial<NetworkParameters>;
  readonly seed?: number;
  /** Whether a background proof verifies what was taken on trust. */
  readonly prove?: boolean;
  /** Proof records of an earlier session. */
  readonly proofs?: readonly ProofRecord[];
  /** The proof records and a promise that resolves when they are final, in place of `proofs`. */
  readonly keeper?: Pick<ProofKeeper, 'records' | 'settled'>;
  /** Replaces `fakeVerify`. */
  readonly verify?: Verify;
  /** The network of an earlier session: its bans are still in force. */
  readonly before?: FakeNet | undefined;
  /** The client's stored chain. */
  readonly stored?: { readonly chain: FakeChain; readonly anchor?: Anchor };
}

/** One client, its fake network, and everything that it reported. */
export class SyncWorld {
  readonly clock = new VirtualClock(new FakeChain().head.block.header.timestamp + 100_000_000);
  readonly net: FakeNet;
  readonly chain: LightChain;
  readonly sync: AlbatrossSync;
  readonly notices: string[] = [];
  readonly log: string[] = [];
  /** The proof records that are kept over a restart. */
  readonly proofs: Map<ProofRecord['origin'], ProofRecord>;
  saves = 0;
  readonly phases: string[] = [];
  readonly consensus: string[] = [];
  readonly abandoned: unknown[] = [];
  readonly errors: unknown[] = [];
  readonly events: string[] = [];
  readonly #options: WorldOptions;

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    const { settings, seed = 1, prove = false, verify = fakeVerify } = options;
    const { clock } = this;
    const network = { ...unitAlbatross, ...options.network };
    this.net = new FakeNet(clock, seed, options.before);
    this.chain = new LightChain({ network, verify, clock });
    this.proofs = new Map(options.proofs?.map((record) => [record.origin, record]));
    this.sync = new AlbatrossSync({
      net: this.net,
      chain: this.chain,
      // Small batches, so that short chains have many.
      bulk: new BulkVerifier({ network, verify, clock, size: new BatchSize(4) }),
      proofs: {
        records: options.keeper?.records ?? options.proofs ?? [],
        settled: options.keeper?.settled,
        save: (record) => {
          this.proofs.set(record.origin, record);
          this.saves += 1;
        },
        forget: (origin) => void this.proofs.delete(origin),
      },
      bans: this.net.bans,
      clock,
      random: seededRandom(seed + 1),
      settings: { ...syncDefaults, prove, ...settings },
      log: (_, level, code, data) => {
        if (level === 'error') this.errors.push({ code, data });
        this.log.push(code);
      },
    });
    const { events } = this.sync;
    events.on('notice', ({ code }) => this.notices.push(code));
    events.on('phase', ({ phase, reason }) => this.phases.push(reason ? `${phase}:${reason.code}` : phase));
    events.on('consensus', (state) => this.consensus.push(state));
    events.on('storage-abandoned', (data) => this.abandoned.push(data));
    events.on('accepted', ({ how, height }) => this.events.push(`${how} ${height}`));
    events.on('buffered', ({ height }) => this.events.push(`buffer ${height}`));
    events.on('missing', ({ hashes }) => this.events.push(`missing x${hashes.length}`));
    events.on('rejected', ({ height, code }) => this.events.push(`rejected ${height} ${code}`));
  }

  /** Loads the stored chain and starts. */
  async start(): Promise<this> {
    const { stored } = this.#options;
    if (stored) {
      const { chain } = stored;
      const tail = [];
      for (let height = chain.macroHead.height + 1; height <= chain.head.height; height += 1) tail.push(chain.at(height).block);
      const { electionHead, macroHead } = chain;
      const outcome = await this.clock.until(
        this.chain.restore({
          election: electionHead.height === 200 ? undefined : (electionHead.block as never),
          checkpoint: macroHead === electionHead ? undefined : (macroHead.block as never),
          tail,
        }),
      );
      if (outcome !== 'restored') throw new Error(`not restored: ${outcome.code}`);
      if (stored.anchor) this.sync.restoreAnchor(stored.anchor);
    }
    this.sync.start();
    return this;
  }

  /** `count` honest peers p0, p1, … on one chain. */
  peers(count: number, chain: FakeChain, options: FakePeerOptions = {}, name = 'p'): FakePeer[] {
    return Array.from({ length: count }, (_, index) => new FakePeer(`${name}${index}`, chain, options));
  }

  states(): Record<string, string> {
    return Object.fromEntries(this.sync.peers.map(({ id, state }) => [id, state]));
  }

  async established(): Promise<void> {
    await this.clock.untilTrue(() => this.sync.consensus === 'established');
  }

  /** Grows the chain block by block. The peers take turns in announcing. */
  async live(chain: FakeChain, to: number, from: readonly FakePeer[]): Promise<void> {
    while (chain.head.height < to) {
      chain.growTo(chain.head.height + 1);
      await this.clock.until(this.net.announce(from[chain.head.height % from.length]!, chain.head));
      await this.clock.advance(1000);
    }
  }

  /** Stops the sync. Throws on an internal error, or when a task is left running. */
  async end(): Promise<void> {
    await this.clock.until(this.sync.stop());
    await this.clock.advance(0);
    if (this.errors.length > 0) throw new Error(`errors in the sync: ${JSON.stringify(this.errors)}`);
    if (this.sync.phase !== 'stopped') throw new Error(`phase ${this.sync.phase} after stop`);
    if (this.clock.pending > 0) throw new Error(`${this.clock.pending} timers left after stop`);
  }
}
