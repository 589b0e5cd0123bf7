import '../src/base/with-resolvers.ts';
import type { NetworkParameters } from '../src/chains/albatross/chain/network.ts';
import { friendlyAddress } from '../src/chains/albatross/transactions/address-text.ts';
import { transactionHash } from '../src/chains/albatross/transactions/transaction-hash.ts';
import type { Transaction } from '../src/chains/albatross/wire/types.ts';
import { toHex } from '../src/base/bytes.ts';
import type { Hash } from '../src/base/hash.ts';
import { Emitter } from '../src/base/emitter.ts';
import { Lie, LIE } from './alternates.ts';
import { armFault } from './arm-fault.ts';
import { DataError, readIdentity } from './chain-file.ts';
import type { DevBlock } from './dev-block.ts';
import type { DevChain } from './chain.ts';
import { DevnetError } from './devnet-error.ts';
import type { DevnetEvent, EventOf, PeerInfo, RelayInfo } from './events.ts';
import { makeBranch, type BranchPlan } from './branch.ts';
import { writeNetworkFile } from './network-file.ts';
import { openChain } from './open-chain.ts';
import type { FundedAccount } from './ledger/genesis-accounts.ts';
import { Mempool } from './ledger/mempool.ts';
import { signedTransfer } from './ledger/signed-transfer.ts';
import { checkOptions, type DevnetOptions } from './options.ts';
import { PeerGroup } from './peer-group.ts';
import { PeerView, type FaultRequest, type Replacement } from './peer-view.ts';
import type { DevPeer } from './peer.ts';
import { checkPorts } from './ports.ts';
import { ProductionTimer } from './production-timer.ts';
import { DevRelay } from './relay.ts';
import { freshSeed, seededRandom } from './seeded-random.ts';
import { Trouble } from './trouble.ts';
import { deriveValidator } from './validators.ts';
import { waitForEvent } from './wait-for-event.ts';
import type { ZkpMode } from './zkp-mode.ts';

/** Number of events kept, for tests that look back. */
const MAX_EVENTS = 50_000;

/** Options of the library: those of the command line, and some that only a test in the same process can give. */
/** Factor on the time limits. It keeps tests independent of the machine's load; a test of the time limits themselves sets its own. */
const TEST_PATIENCE = 30;

/** As on the command line, except that `patience` defaults to 30. */
export interface CreateDevnetOptions extends Partial<DevnetOptions> {
  /** Unix milliseconds; defaults to the host's clock. */
  readonly now?: (() => number) | undefined;
  /**
   * Length in milliseconds of the window that rate limits count in; defaults to the network's 10 s. On a busy machine a client may
   * need longer to send that many requests.
   */
  readonly rateWindow?: number | undefined;
  /** Called with every event, beginning with `started`. */
  readonly onEvent?: ((event: DevnetEvent) => void) | undefined;
}

export interface Transfer {
  /** Index in `accounts`; default 0. */
  readonly from?: number;
  /** 20 bytes. */
  readonly to: Uint8Array;
  /** Luna. */
  readonly value: number;
  /** Luna; default 0. */
  readonly fee?: number;
}

export interface DevnetInfo {
  readonly network: string;
  readonly genesisHash: string;
  readonly head: { readonly height: number; readonly hash: string };
  readonly macroHead: { readonly height: number; readonly hash: string };
  readonly electionHead: { readonly height: number; readonly hash: string };
  readonly version: number;
  readonly peers: readonly PeerInfo[];
  readonly relay?: RelayInfo;
}

export interface Devnet {
  /** `seeds` are the running peers' addresses. */
  readonly network: Omit<NetworkParameters, 'seeds'> & { readonly seeds: readonly string[] };
  /** The honest chain. */
  readonly chain: DevChain;
  readonly peers: readonly DevPeer[];
  readonly seed: string;
  readonly events: Emitter<{ event: DevnetEvent }>;
  /** The latest events, oldest first. */
  readonly log: readonly DevnetEvent[];
  /** All events of one name so far. */
  eventsOf<Name extends DevnetEvent['event']>(name: Name): readonly EventOf<Name>[];
  /**
   * Resolves with the first matching event, in `log` from index `from` on or in the future. Rejects after `timeout` milliseconds
   * (default 200 s).
   */
  waitFor<Name extends DevnetEvent['event']>(name: Name, fits?: (event: EventOf<Name>) => boolean, options?: { readonly from?: number; readonly timeout?: number }): Promise<EventOf<Name>>;
  /** Makes `n` blocks now and announces them (unless they are withheld). Throws `DevnetError`. */
  produce(n?: number, options?: { readonly skip?: boolean }): Promise<readonly DevBlock[]>;
  /**
   * Makes a branch of `n` blocks on top of the block `back` below the head, and announces its blocks in order. Fork choice makes it
   * the main chain as soon as it is longer. Throws `DevnetError` `impossible`.
   */
  fork(back: number, n: number): Promise<readonly DevBlock[]>;
  /**
   * Replaces the last `back` blocks by a winning branch, which is one block longer or consists of one skip block. Throws
   * `DevnetError` `impossible`.
   */
  rebranch(back: number, options?: { readonly skip?: boolean }): Promise<readonly DevBlock[]>;
  /** Makes all peers check their clients now, as they do every 60 s. Resolves when all have answered. */
  look(): Promise<void>;
  stopPeer(peer: number): Promise<void>;
  startPeer(peer: number): Promise<void>;
  /** Undefined without the option `relay`. */
  readonly relay: RelayInfo | undefined;
  /** Throws `DevnetError` when there is no relay. */
  stopRelay(): Promise<void>;
  startRelay(): Promise<void>;
  /** `none` removes all faults. Throws `DevnetError`. */
  fault(peer: number | 'all', request: FaultRequest): Promise<readonly Replacement[]>;
  /** The first `n` peers serve the forged chain from now on, and no other peer does. */
  lie(n: number): Promise<readonly Replacement[]>;
  withhold(on: boolean | number): void;
  /** Accounts with money whose keys are known: unit-albatross' public test account, or those of a network of the devnet's own. */
  readonly accounts: readonly FundedAccount[];
  /** Puts a transaction into the mempool, as if a client had sent it. Throws `DevnetError` `refused`. */
  send(transaction: Transaction): Hash;
  /** A basic transaction from one of `accounts` that is valid from the head on, signed. Throws `DevnetError`. */
  transfer(transfer: Transfer): Transaction;
  /** Sets which zero-knowledge proofs the peers have from now on. */
  zkp(mode: ZkpMode): void;
  version(version: number): void;
  info(): DevnetInfo;
  /** Stops everything and completes the chain file. */
  close(): Promise<void>;
}

/** Throws `OptionsError`, `DataError`, `PortError`. */
export async function createDevnet(given: CreateDevnetOptions = {}): Promise<Devnet> {
  const { now = Date.now, onEvent, rateWindow, ...rest } = given;
  const options = checkOptions({ patience: TEST_PATIENCE, ...rest });
  const identity = options.data === undefined ? undefined : readIdentity(options.data);
  if (identity && options.seed !== undefined && identity.seed !== options.seed) {
    throw new DataError('other-seed', `${options.data} was made with --seed '${identity.seed}'; leave --seed out to continue it`);
  }
  const seed = options.seed ?? identity?.seed ?? freshSeed();
  // Checks the ports before it makes a history, which takes long.
  await checkPorts(options.port, options.peers);
  if (options.relay !== undefined) await checkPorts(options.relay, 1);
  const { network, chain, prover, file, funded } = openChain(options, seed, identity, now);

  const events = new Emitter<{ event: DevnetEvent }>();
  const log: DevnetEvent[] = [];
  if (onEvent) events.on('event', onEvent);
  const emit = (event: DevnetEvent): void => {
    log.push(event);
    if (log.length > MAX_EVENTS) log.splice(0, MAX_EVENTS / 10);
    events.emit('event', event);
  };

  const mempool = new Mempool(chain);
  let closed = false;
  let withheld: boolean | number = false;
  let zkpMode = options.zkp;
  const trouble = new Trouble(options, seed);
  const attacker = deriveValidator(seed, 'attacker');
  // Created when the first peer lies.
  let lie: Lie | undefined;
  const { blocksPerEpoch, genesisNumber } = chain.policy;
  const lieFrom = options.lieFrom === undefined ? Math.max(chain.electionHead.height, genesisNumber + blocksPerEpoch) : genesisNumber + options.lieFrom * blocksPerEpoch;
  const group = new PeerGroup({
    network,
    seed,
    peers: options.peers,
    port: options.port,
    patience: options.patience,
    rateWindow,
    viewOf: (index) => new PeerView({ chain, random: seededRandom(seed, `view/${index}`), attacker, lie: () => (lie ??= new Lie(chain, seed, lieFrom)), now, zkp: { prover, mode: () => zkpMode } }),
    mempool,
    emit,
  });
  const { peers } = group;
  for (const peer of peers.slice(0, options.lie)) peer.view.useAlternate(LIE);
  const relay = options.relay === undefined ? undefined : new DevRelay({ genesisHash: network.genesisHash, seed, port: options.relay, emit });
  const theRelay = (): DevRelay => {
    if (!relay) throw new DevnetError('unknown-peer', 'there is no relay (--relay)');
    return relay;
  };
  try {
    await relay?.start();
    await group.start();
  } catch (error) {
    await relay?.stop();
    file?.close();
    throw error;
  }
  const facts = ({ height, hash, kind }: DevBlock): { height: number; hash: string; type: DevBlock['kind'] } => ({ height, hash, type: kind });
  const told: Devnet['network'] = { ...network, seeds: peers.map(({ address }) => address) };

  // Runs one task at a time, because blocks, forks and faults change the same chain.
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(() => {
      if (closed) throw new DevnetError('closed', 'the devnet is closed');
      return work();
    });
    queue = result.catch(() => undefined);
    return result;
  };

  const adopt = async (block: DevBlock): Promise<void> => {
    const { main, adopted, reverted } = chain.take(block);
    file?.append(block);
    mempool.follow(main ? adopted : [], reverted);
    if (reverted.length > 0) emit({ event: 'reverted', blocks: reverted.map(facts), adopted: adopted.map(facts) });
    emit({ event: 'block', version: block.block.header.version, parentHash: block.block.header.parentHash, ...(main ? {} : { side: true }), ...facts(block) });
    const views = peers.map((peer) => ({ peer, ...peer.view.added(block) }));
    for (const { peer, replacements } of views) report(peer, replacements);
    const notify = (): Promise<unknown> => Promise.all(peers.flatMap((peer) => adopted.map((each) => peer.notify(each))));
    if (withheld !== false || trouble.withholds(block.hash)) {
      emit({ event: 'withheld', ...facts(block) });
      if (typeof withheld === 'number') withheld = withheld > 1 ? withheld - 1 : false;
      await notify();
      return;
    }
    const announce = ({ peer, block: own, replacements }: (typeof views)[number]): Promise<void> => peer.announce(own, replacements.at(-1)?.fault);
    // The peers take turns in announcing first. The official client accepts at most 20 headers per peer and 10 s, and counts a
    // header only for the first peer that sent it. At block times below 500 ms it would soon ignore a peer that is always first.
    const turn = block.height % views.length;
    if (views[turn]) await announce(views[turn]);
    await nextTurn();
    await Promise.all(views.filter((_, i) => i !== turn).map(announce));
    await notify();
    if (main && block.kind === 'election') await Promise.all(peers.map((peer) => peer.announceProof()));
  };

  const report = (peer: DevPeer, replacements: readonly Replacement[]): void => {
    for (const { fault, height, made, instead } of replacements) emit({ event: 'faulty-block', peer: peer.index, fault, height, hash: made.hash, instead: instead?.hash });
  };

  const produce = (n: number, skip: boolean): Promise<readonly DevBlock[]> =>
    inTurn(async () => {
      const made: DevBlock[] = [];
      for (let i = 0; i < n; i++) {
        const block = chain.next({ skip: skip || trouble.skipsAt(chain.head.height + 1), transactions: mempool.pick() });
        await adopt(block);
        made.push(block);
        const plan = trouble.branchNow(chain);
        const branch = plan && makeBranch(chain, plan, now());
        // Skip the branch where the chain has no room for it.
        if (typeof branch === 'object') made.push(...(await adoptAll(branch)));
        // Let the peers answer between two blocks.
        await nextTurn();
      }
      return made;
    });

  const adoptAll = async (blocks: readonly DevBlock[]): Promise<readonly DevBlock[]> => {
    for (const block of blocks) await adopt(block);
    return blocks;
  };

  const branchOff = (plan: BranchPlan): Promise<readonly DevBlock[]> =>
    inTurn(async () => {
      const branch = makeBranch(chain, plan, now());
      if (branch === 'below-macro') throw new DevnetError('impossible', 'a branch cannot go below the newest macro block');
      if (branch === 'past-macro') throw new DevnetError('impossible', 'a branch ends with the next macro block');
      if (branch === 'exists') throw new DevnetError('impossible', 'there is this skip block already');
      return adoptAll(branch);
    });

  let timer: ProductionTimer | undefined;
  const devnet: Devnet = {
    network: told,
    chain,
    peers,
    seed,
    events,
    log,
    eventsOf: <Name extends DevnetEvent['event']>(name: Name) => log.filter((event): event is EventOf<Name> => event.event === name),
    waitFor: (name, fits = () => true, { from = 0, timeout = 200_000 * Number(process.env['PETREL_SLOWNESS'] ?? 1) } = {}) => waitForEvent(log, events, name, fits, from, timeout),
    produce: (n = 1, { skip = false } = {}) => produce(n, skip),
    fork: (back, n) => branchOff({ back, n, skip: false }),
    rebranch: (back, { skip = false } = {}) => branchOff({ back, n: skip ? 1 : back + 1, skip }),
    look: async () => {
      await Promise.all(peers.map((peer) => peer.look()));
    },
    stopPeer: async (index) => {
      const peer = group.at(index);
      await peer.stop();
      emit({ event: 'peer-stopped', peer: index, id: peer.id });
    },
    startPeer: async (index) => {
      const peer = group.at(index);
      await peer.start();
      emit({ event: 'peer-started', peer: index, id: peer.id });
    },
    get relay() {
      return relay?.info;
    },
    stopRelay: async () => {
      await theRelay().stop();
      emit({ event: 'relay-stopped', id: theRelay().info.id });
    },
    startRelay: async () => {
      await theRelay().start();
      emit({ event: 'relay-started', id: theRelay().info.id });
    },
    fault: (which, request) =>
      inTurn(async () => {
        const made: Replacement[] = [];
        for (const peer of which === 'all' ? peers : [group.at(which)]) {
          const replacements = armFault(peer, request);
          report(peer, replacements);
          made.push(...replacements);
        }
        return made;
      }),
    lie: (n) =>
      inTurn(async () => {
        if (n > peers.length) throw new DevnetError('impossible', `there are only ${peers.length} peers`);
        const told = peers.flatMap((peer) => {
          const lies = peer.view.faults.includes(LIE);
          if (peer.index >= n && lies) peer.view.clear();
          if (peer.index >= n || lies) return [];
          const replacements = peer.view.useAlternate(LIE);
          report(peer, replacements);
          return replacements;
        });
        return told;
      }),
    withhold: (on) => {
      withheld = on;
    },
    accounts: funded,
    send: (transaction) => {
      const { verdict, outcome } = mempool.add(transaction);
      if (verdict !== 'accept') throw new DevnetError('refused', `the transaction is refused: ${outcome}`);
      return transactionHash(transaction);
    },
    transfer: ({ from = 0, ...transfer }) => {
      const account = funded[from];
      if (!account) throw new DevnetError('unknown-account', `there is no account ${from}; accounts are 0 to ${funded.length - 1}`);
      return signedTransfer(account.privateKey, { network: network.networkId, validityStartHeight: chain.head.height, ...transfer });
    },
    zkp: (mode) => {
      zkpMode = mode;
    },
    version: (version) => {
      chain.targetVersion = version;
    },
    info: () => ({
      network: network.name,
      genesisHash: network.genesisHash,
      head: { height: chain.head.height, hash: chain.head.hash },
      macroHead: { height: chain.macroHead.height, hash: chain.macroHead.hash },
      electionHead: { height: chain.electionHead.height, hash: chain.electionHead.hash },
      version: chain.head.block.header.version,
      peers: peers.map(({ info }) => info),
      ...(relay ? { relay: relay.info } : {}),
    }),
    close: async () => {
      if (closed) return;
      closed = true;
      timer?.stop();
      await queue;
      await group.stop();
      await relay?.stop();
      file?.close();
    },
  };
  // Before the `started` event: its reader may read the file at once.
  if (options.networkFile !== undefined) {
    try {
      writeNetworkFile(options.networkFile, told);
    } catch (error) {
      await devnet.close();
      throw error;
    }
  }
  emit({ event: 'started', network: network.name, genesisHash: network.genesisHash, head: facts(chain.head), peers: peers.map(({ info }) => info), ...(relay ? { relay: relay.info } : {}), seed, accounts: funded.map(({ address, privateKey, balance }) => ({ address: friendlyAddress(address), privateKey: toHex(privateKey), balance })) });
  if (options.blockTime > 0) timer = new ProductionTimer({ chain, blockTime: options.blockTime, until: options.until, now, produce: () => produce(1, false), emit });
  return devnet;
}

/** Lets pending socket events run. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
