/**
 * The chain as the one client for followed chains wants it: rules, store and connections put together.
 * @module
 */
import type { Clock } from '../../../base/clock.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import { joinSignals } from '../../../base/tasks.ts';
import type { ClientLog } from '../../../engine/client-log.ts';
import type { FollowedChain, Halt, PeerHandlers } from '../../../engine/follow/followed-chain.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import type { SyncConfig } from '../../../engine/sync/sync-config.ts';
import { SyncError } from '../../../engine/sync/sync-error.ts';
import { PeerFault } from '../../../engine/sync/sync-peer.ts';
import { socketUrlOf } from '../../../network/framed/web-socket-url.ts';
import type { OwnedRows } from '../../../storage/owned-rows.ts';
import type { Hs2Block } from '../chain/hs2-block.ts';
import type { Hs2Network } from '../chain/network.ts';
import { parametersHash } from '../chain/parameters-hash.ts';
import { connectSession } from '../net/connect-session.ts';
import type { SyncSession } from '../net/sync-session.ts';
import type { FinalityProof } from '../wire/finality-proof.ts';
import { fetchBelow, fetchFinalHeader, fetchSet, MAX_DESCENT } from './ask-sessions.ts';
import { encodeChainFile } from './chain-file.ts';
import { HotStuff2Chain } from './hotstuff2-chain.ts';
import type { FinalChange } from './final-change.ts';
import { StoredHashes } from './find-stored.ts';
import { knowStored } from './know-stored.ts';
import { hotStuff2Questions } from './hotstuff2-questions.ts';
import { importChain } from './import-chain.ts';
import { proveWithSets } from './learn-sets.ts';
import { PendingBlocks } from './pending-blocks.ts';
import { type KeeperOptions, StoreKeeper } from './store-keeper.ts';
import { isHaltProven } from './verify-halt.ts';
import { verifyStored } from './verify-stored.ts';

export interface OpenOptions extends Pick<KeeperOptions, 'failed' | 'changed' | 'markWipe'> {
  readonly network: Hs2Network;
  readonly clock: Clock;
  readonly verify: Verify;
  readonly log: ClientLog;
  readonly sync: Pick<SyncConfig, 'peerTimeout' | 'connectionTimeout'>;
  /** Bytes. */
  readonly storageCap: number;
}

export type FollowedHotStuff2 = FollowedChain<Hs2Block, FinalityProof> & { readonly chain: HotStuff2Chain; readonly keeper: StoreKeeper };

export async function openHotStuff2(rows: OwnedRows, options: OpenOptions): Promise<FollowedHotStuff2> {
  const { network, clock, verify, log, sync } = options;
  const keeper = new StoreKeeper({ rows, parameters: parametersHash(network), cap: options.storageCap, failed: options.failed, changed: options.changed, markWipe: options.markWipe, isProven: (found) => isProven(found) });
  const sessions = new Map<SyncSession, PeerHandlers<Hs2Block, FinalityProof>>();
  const ending = new AbortController();
  const pending = new PendingBlocks(ending.signal);
  const proves = async (proof: FinalityProof, peer: SyncSession, signal: AbortSignal): Promise<boolean> => (await proveWithSets(chain, proof, peer, { signal })) === undefined;
  const makeChain = (keep: (change: FinalChange) => Promise<void>, onHalt: (halt: Halt) => void): HotStuff2Chain => new HotStuff2Chain({
    network, verify, clock, keep, onHalt,
    fetchSet: (hash, signal) => fetchSet([...sessions.keys()], hash, { signal }),
    fetchFinalHeader: (height, hash, signal) => fetchFinalHeader([...sessions.keys()], { height, hash }, { signal, prove: (proof, peer) => proves(proof, peer, signal) }),
  });
  const keep = (change: FinalChange): Promise<void> => keeper.keep(change);
  const onHalt = (halt: Halt): void => void keeper.keepHalt(halt);
  let chain = makeChain(keep, onHalt);
  keeper.attach(chain);
  const [stored, halt] = [await keeper.store.load(), await keeper.store.halt()];
  await keeper.peers.load();
  if (stored !== 'none') {
    const broken = typeof stored === 'string' ? stored : await verifyStored(stored, { chain, verify, signal: ending.signal });
    if (broken !== undefined || typeof stored === 'string') {
      log.notice('storage', 'warning', 'stored-chain-refused', { reason: broken ?? 'damaged' });
      // The two proofs of a halt prove it without the stored chain.
      await keeper.store.wipe({ keepsHalt: halt !== undefined });
      chain = makeChain(keep, onHalt);
      keeper.attach(chain);
    } else {
      log.add('storage', 'info', 'stored-chain-restored', { height: chain.tip().height });
      for (const item of stored.pending) if ((await chain.push(item, ending.signal)).kind !== 'adopted') break;
    }
  }
  const isProven = (found: Halt): Promise<boolean> => isHaltProven(found, { chain, chainId: network.chainId, verify, signal: ending.signal, know: (height) => knowStored(height, chain, keeper.store) });
  if (halt && (await isProven(halt))) chain.restoreHalt(halt);
  else if (halt) {
    log.notice('storage', 'warning', 'stored-halt-refused', { height: halt.height });
    await keeper.store.dropHalt();
  }
  const askPending = (): void => {
    for (const [session, handlers] of sessions) if (chain.head().height <= session.claims.height) void pending.joined(session, handlers);
  };
  const hashes = new StoredHashes(() => chain, () => keeper.store);
  const { network: networkView, snapshots } = chain;
  return {
    chain, keeper,
    network: networkView,
    tip: () => chain.tip(),
    head: () => chain.head(),
    view: (tip) => chain.view(tip),
    trust: () => chain.trust(),
    halted: () => chain.halted(),
    decodeItem: (bytes) => chain.decodeItem(bytes),
    push: (item, signal) => chain.push(item, signal),
    finalize: (proof, signal) => chain.finalize(proof, signal),
    checkStructure: (item) => chain.checkStructure(item),
    checkLink: (parent, item) => chain.checkLink(parent, item),
    checkSignatures: (run, how) => chain.checkSignatures(run, how),
    checkFinality: (run, target) => chain.checkFinality(run, target),
    apply: (run, how) => chain.apply(run, how),
    checkState: (height) => chain.checkState(height),
    snapshots,
    async block(key) {
      const held = await chain.block(key);
      const height = held ? undefined : typeof key === 'number' ? key : await hashes.heightOf(key);
      if (height === undefined || height > chain.tip().height) return held;
      const item = (await knowStored(height, chain, keeper.store)) ? await keeper.store.block(height) : undefined;
      return item && item.id === chain.headers.idAt(height) && (typeof key === 'number' || item.id === key) ? chain.viewOf(item) : undefined;
    },
    async fetchBlock(key, peers, { signal }) {
      const height = typeof key === 'number' ? key : chain.headers.heightOf(key);
      if (height === undefined || height > chain.tip().height) return undefined;
      const known = chain.headers.idAt(height) ? height : chain.headers.nextKnown(height, MAX_DESCENT);
      const item = known === undefined ? undefined : await fetchBelow(peers, height, { height: known, id: chain.headers.idAt(known)! }, { signal });
      return item && known !== undefined ? { ...chain.viewOf(item), linkedFrom: known } : undefined;
    },
    questions: hotStuff2Questions(chain, { chainId: network.chainId, verify }),
    async connect(address, handlers, { signal, random }) {
      const target = socketUrlOf(address);
      if (!target) throw new RequestError('no-receiver', `cannot dial ${address.slice(0, 100)}`);
      let session: SyncSession | undefined;
      let early: Fault | undefined;
      const faulty = new AbortController();
      const own: PeerHandlers<Hs2Block, FinalityProof> = {
        ...handlers,
        fault: (fault) => {
          if (session) return handlers.fault(fault);
          early = fault;
          faulty.abort(new PeerFault(fault.code, fault.weight, fault.data));
        },
        closed: (code) => {
          if (session) {
            sessions.delete(session);
            if (pending.left(session)) askPending();
          }
          handlers.closed(code);
        },
      };
      const opened = await connectSession(target, {
        network, clock, random, handlers: own, peerTimeout: sync.peerTimeout, connectionTimeout: sync.connectionTimeout,
        prove: (proof, peer, ask) => proveWithSets(chain, proof, peer, ask),
      }, { signal });
      const both = joinSignals(signal, faulty.signal);
      try {
        await opened.subscribe({ certified: true, final: true }, { signal: both.signal });
      } catch (error) {
        opened.close(early?.code);
        throw error;
      } finally {
        both.release();
      }
      session = opened;
      sessions.set(opened, handlers);
      if (chain.head().height <= opened.claims.height) void pending.joined(opened, handlers);
      return opened;
    },
    store: {
      get kind() {
        return keeper.store.kind;
      },
      get bytes() {
        return keeper.store.bytes;
      },
      chunks: keeper.chunks,
      peers: keeper.peers,
      get wipeOwed() {
        return keeper.wipeOwed;
      },
      async wipe() {
        await keeper.wipe(() => chain.reset());
        hashes.forget();
        pending.forget();
        askPending();
      },
      flush: () => keeper.flush(),
      close: () => {
        ending.abort(new DOMException('the store was closed', 'AbortError'));
        return keeper.close();
      },
    },
    /** Throws `SyncError` `halted` where the newest final block is one whose state is not known to be right. */
    exportSnapshot: () => {
      const stands = chain.halted();
      if (stands?.reason && stands.height <= chain.tip().height) throw new SyncError('halted', `the state of block ${stands.height} is not exported`, { height: stands.height, reason: stands.reason });
      return encodeChainFile({ root: chain.final, checked: chain.checked, links: chain.sets.links }, chain.state, chain.pending);
    },
    importSnapshot: (bytes, signal) => importChain(bytes, {
      chain, scratch: makeChain(async () => undefined, () => undefined), verify, signal, know: (height) => knowStored(height, chain, keeper.store),
    }),
  };
}
