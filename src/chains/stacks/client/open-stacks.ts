// Tests: `test/stacks/scenarios.test.ts`.
/**
 * The chain as the one client for followed chains wants it: rules, store and gateways put together.
 * @module
 */
import type { Clock } from '../../../base/clock.ts';
import { codeOf } from '../../../base/coded-error.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { ClientLog } from '../../../engine/client-log.ts';
import type { Attention } from '../../../engine/live/attention.ts';
import type { FollowedChain, Halt, PeerHandlers } from '../../../engine/follow/followed-chain.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import { PeerFault, type AskOptions } from '../../../engine/sync/sync-peer.ts';
import type { BlockView } from '../../../engine/view.ts';
import type { OwnedRows } from '../../../storage/owned-rows.ts';
import type { StorageError } from '../../../storage/storage-error.ts';
import type { StacksNetwork } from '../chain/network.ts';
import type { StacksBlock } from '../chain/stacks-block.ts';
import type { GatewaySessionOptions } from '../net/gateway-session.ts';
import { askGateways, NoAnswer } from './ask-gateways.ts';
import { encodeChainFile } from './chain-file.ts';
import { linkedBelow } from './find-block.ts';
import { GatewayPeer, type GatewayLine } from './gateway-peer.ts';
import { importChain } from './import-chain.ts';
import { NextSigners } from './next-signers.ts';
import { ProofTurns } from './proof-turns.ts';
import type { HandOver } from './known-cycles.ts';
import { StacksChain } from './stacks-chain.ts';
import { stacksQuestions } from './stacks-questions.ts';
import { blockViewOf } from './stacks-views.ts';
import { StoreKeeper } from './store-keeper.ts';
import { checkedJumps, faultOfHalt } from './verify-halt.ts';
import { verifyStored } from './verify-stored.ts';

/** Days after which a checkpoint is called old: half a year. Keys of signers that are long out of use may be lost by then (Stacks reference, 4). */
const OLD_CHECKPOINT_DAYS = 183;
const DAY = 86_400_000;

/** Dials a gateway: checks that it is of the network, and polls it. */
export type ConnectGateway = (address: string, hooks: Pick<GatewaySessionOptions, 'handlers' | 'prove' | 'manifest'>, options: AskOptions) => Promise<GatewayLine>;

export interface OpenOptions {
  readonly network: StacksNetwork;
  readonly clock: Clock;
  readonly verify: Verify;
  readonly log: ClientLog;
  readonly connect: ConnectGateway;
  /** How much pages look at the client has changed. */
  readonly attention: (attention: Attention) => void;
  /** Rows in memory, for when writes fail. */
  readonly memory: () => OwnedRows;
  /** A write has failed with this code, and the client goes on in memory. */
  readonly failed: (code: StorageError['code']) => void;
  /** Kind or size of the store has changed. */
  readonly changed: () => void;
  /** See `KeeperOptions` of the store. */
  readonly markWipe?: (() => Promise<boolean>) | undefined;
}

export interface OpenedStacks {
  readonly chain: FollowedChain<StacksBlock, never>;
  readonly keeper: StoreKeeper;
}

export async function openStacks(rows: OwnedRows, options: OpenOptions): Promise<OpenedStacks> {
  const { network, clock, verify, log, failed, changed } = options;
  const ending = new AbortController();
  const { signal } = ending;
  const quiet = (): StacksChain => new StacksChain({ network, verify, clock, keep: async () => undefined });
  const peers = new Set<GatewayPeer>();
  const fresh = (): StacksChain => new StacksChain({
    network, verify, clock,
    async keep(change) {
      void next?.look();
      await keeper.keep(change);
    },
    onJump: ({ from, to }, isLinked) => {
      log.add('sync', 'info', isLinked ? 'jumped-linked' : 'jumped', { from: from.height, hash: from.id, to: to.height });
      if (!isLinked) void keeper.keepJumps();
    },
    onHalt: (halt) => {
      void keeper.keepHalt(halt);
      // It may stand still for a reason after which no block is announced any more.
      for (const peer of peers) peer.tellHalt();
    },
  });
  let next: NextSigners | undefined;
  let chain = fresh();
  const keeper = new StoreKeeper({
    rows, memory: options.memory, firstCycle: network.checkpoint.cycle + 1, chain: () => chain, failed, changed, markWipe: options.markWipe,
    async stands(halt: Halt) {
      const reason = await faultOfHalt(halt, { network, chain, verify, signal });
      if (reason !== undefined) log.notice('storage', 'warning', 'stored-halt-refused', { height: halt.height, reason });
      return reason === undefined;
    },
  });
  const { store } = keeper;
  const stored = await store.load();
  await keeper.peers.load();
  if (stored !== 'none') {
    const refused = typeof stored === 'string' ? stored : await verifyStored(stored, { network, chain, verify, shows: false, signal });
    if (refused === undefined) {
      log.add('storage', 'info', 'stored-chain-restored', { height: chain.tip().height });
      const jumps = await store.jumps();
      if (jumps) chain.restoreJumps(await checkedJumps(jumps, { network, chain, verify, signal }));
    } else {
      log.notice('storage', 'warning', 'stored-chain-refused', { reason: refused });
      await store.wipe({ keepsHalt: true });
      chain = fresh();
    }
  }
  await keeper.loadHalt();
  tellAge(network, clock, log);
  let isTold = false;
  const stopped = (error: Error): void => {
    // What nobody signs halts the chain once a confirmed block says so.
    if (codeOf(error) === 'no-participation') return void next?.look();
    if (!isTold) log.notice('chain', 'error', 'checkpoint-too-old', { cycle: chain.cycles.newest + 1 });
    isTold = true;
  };
  const learned = ({ statement: { header } }: HandOver): void => {
    chain.certifier.count({ headers: 1, signatures: header.signerSignatures.length, stateProofs: 1 });
    void keeper.keepCycles();
  };
  const core = chain;
  const turns = new ProofTurns(clock);
  next = new NextSigners({ chain, network, verify, clock, signal, gateways: () => [...peers] });
  return {
    keeper,
    chain: {
      network: core.network,
      snapshots: core.snapshots,
      tip: () => core.tip(),
      head: () => core.head(),
      view: (tip) => core.view(tip),
      trust: () => core.trust(),
      halted: () => core.halted(),
      decodeItem: (bytes) => core.decodeItem(bytes),
      push: (item, ending) => core.push(item, ending),
      finalize: () => core.finalize(),
      checkStructure: (item) => core.checkStructure(item),
      checkLink: (parent, item) => core.checkLink(parent, item),
      checkSignatures: (run, how) => core.checkSignatures(run, how),
      checkFinality: (run, target) => core.checkFinality(run, target),
      apply: (run) => core.apply(run),
      checkState: () => core.checkState(),
      block: (key) => core.block(key),
      async fetchBlock(key, peers, ask): Promise<BlockView | undefined> {
        if (typeof key === 'number' ? key >= core.tip().height : !/^[0-9a-f]{64}$/u.test(key)) return undefined;
        const gateways = peers.filter((peer) => peer instanceof GatewayPeer);
        return askGateways(gateways, ask, async (peer) => {
          // The way of a proof names blocks by their ids.
          const height = typeof key === 'number' ? key : (await peer.gateway.header(key, ask))?.value.chainLength;
          if (height === undefined) throw new NoAnswer('no-header');
          const found = await linkedBelow(peer, height, { chain: core, network, signal: ask.signal });
          if (!found) throw new NoAnswer('too-far');
          if (typeof key === 'string' && found.item.id !== key) throw new NoAnswer('other-block');
          const item = await peer.itemOf(found.item.block.header, ask);
          return blockViewOf(item, { cycle: core.cycleOfHint(item), isConfirmed: true, standing: { kind: 'linked' } }, found.from);
        });
      },
      questions: stacksQuestions({
        chain: core, network, verify, clock,
        inventories: { stored: (cycle) => keeper.inventory(cycle), keep: (inventory) => keeper.keepInventory(inventory) },
        counted: () => undefined,
      }),
      attention: options.attention,
      async connect(address, handlers, { signal: dialling }) {
        const closed = new AbortController();
        let peer: GatewayPeer | undefined;
        const own: PeerHandlers<StacksBlock, never> = {
          ...handlers,
          // Nothing is announced before the connection is there.
          announced: (announcement) => {
            if (announcement.kind === 'block') peer?.announced(announcement.item);
          },
          closed: (code) => {
            closed.abort(new DOMException('the connection ended', 'AbortError'));
            if (peer) peers.delete(peer);
            handlers.closed(code);
          },
        };
        const line = await options.connect(address, {
          handlers: own,
          prove: (atLeast, _, ask) => peer!.proveTarget(atLeast, ask),
          manifest: (height) => peer!.getManifest(height),
        }, { signal: dialling }).catch((error: unknown) => {
          // What a connected gateway would be blamed for, too.
          if (error instanceof RequestError && (error.code === 'malformed' || error.code === 'too-large')) throw new PeerFault(error.code, 'offence', error.data);
          throw error;
        });
        peer = new GatewayPeer({ line, turns, chain: core, network, verify, handlers, signal: closed.signal, learned, onStopped: stopped });
        if (!closed.signal.aborted) peers.add(peer);
        void next?.look();
        return peer;
      },
      store: {
        // Gateways are those that a person names: only bans are remembered.
        peers: {
          get known() {
            return { bans: keeper.peers.known.bans, peers: [] };
          },
          keepBans: (bans) => keeper.peers.keepBans(bans),
          keepPeers: async () => undefined,
        },
        get kind() {
          return keeper.store.kind;
        },
        get bytes() {
          return keeper.store.bytes;
        },
        get chunks() {
          return keeper.store.chunks;
        },
        get wipeOwed() {
          return keeper.wipeOwed;
        },
        async wipe() {
          await keeper.wipe(() => core.reset());
        },
        flush: () => keeper.flush(),
        close: () => {
          ending.abort(new DOMException('the store was closed', 'AbortError'));
          return keeper.close();
        },
      },
      exportSnapshot: () => encodeChainFile(core),
      importSnapshot: (bytes, importing) => importChain(bytes, { network, chain: core, scratch: quiet(), verify, signal: importing }),
    },
  };
}

/** An old checkpoint is told: a set whose keys were lost since could certify anything. */
function tellAge({ checkpoint: { block } }: StacksNetwork, clock: Clock, log: ClientLog): void {
  const days = Math.floor((clock.now() - block.time * 1000) / DAY);
  if (days >= OLD_CHECKPOINT_DAYS) log.notice('chain', 'warning', 'checkpoint-old', { days });
}
