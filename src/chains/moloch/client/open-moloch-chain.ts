// Tests: `test/moloch/driver.test.ts`, `test/moloch/scenarios.test.ts`.
import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { FollowedChain, Outcome } from '../../../engine/follow/followed-chain.ts';
import type { Item } from '../../../engine/sync/sync-chain.ts';
import { noSharing } from '../../../engine/view.ts';
import { createKeyCheck } from '../chain/key-check.ts';
import type { Finalized, MolochBlock } from '../chain/moloch-block.ts';
import type { MolochNetwork } from '../chain/network.ts';
import { verifySignatureBy } from '../chain/verify-signature.ts';
import { fetchMolochBlock } from './fetch-block.ts';
import { MolochChain } from './moloch-chain.ts';
import { molochQuestions } from './moloch-questions.ts';
import { MolochSessions } from './moloch-sessions.ts';
import { restoreChain } from './restore-chain.ts';
import { ReturnedList } from './returned-list.ts';
import { type KeeperOptions, StoreKeeper } from './store-keeper.ts';
import { storedBlock } from './stored-block.ts';

type Followed = FollowedChain<MolochBlock, Finalized>;

export interface OpenOptions extends Omit<KeeperOptions, 'isKey' | 'verify'> {
  readonly network: MolochNetwork;
  readonly clock: Clock;
  readonly random: Random;
  /** Runs the jobs of the verifiers. */
  readonly jobs: Verify;
  /** Whether `ws` may be dialled beyond loopback. */
  readonly allowInsecure: boolean;
  /** Bytes that are given to peers within an hour at most. */
  readonly uploadCap: number;
}

/** The chain with what was stored of it, its connections and its store. Rejects with `StorageError`. */
export async function openMolochChain({ network, clock, random, jobs, allowInsecure, uploadCap, ...storing }: OpenOptions): Promise<{ readonly chain: Followed; readonly keeper: StoreKeeper }> {
  const verify = verifySignatureBy(jobs);
  const isKey = createKeyCheck();
  const keeper = new StoreKeeper({ ...storing, isKey, verify });
  const returned = new ReturnedList();
  const own: MolochChain = new MolochChain({
    network, verify, isKey,
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sink: keeper,
    early: (item, due) => sessions.keepEarly(item, due),
    returned: (events) => returned.add(events),
  });
  const sessions = new MolochSessions({ chain: own, clock, random, verify, isKey, allowInsecure, uploadCap });
  keeper.attach(own);
  await restoreChain(own, keeper.store, verify);
  await keeper.peers.load();

  /** Notes what came of an announcement. */
  const noted = (outcome: Outcome<MolochBlock>): Outcome<MolochBlock> => {
    if (outcome.kind !== 'adopted') return outcome;
    for (const { block } of outcome.adopted) returned.taken(block.events ?? []);
    sessions.headMoved();
    return outcome;
  };
  const chain: Followed = {
    network: own.network,
    tip: () => own.tip(),
    head: () => own.head(),
    view: (tip) => own.view(tip),
    trust: () => own.trust(),
    halted: () => own.halted(),
    decodeItem: (bytes) => own.decodeItem(bytes),
    checkStructure: (item) => own.checkStructure(item),
    checkLink: (parent, item) => own.checkLink(parent, item),
    checkSignatures: (run, options) => own.checkSignatures(run, options),
    checkFinality: (run) => own.checkFinality(run),
    checkState: (height) => own.checkState(height),
    async apply(run) {
      try {
        return await own.apply(run);
      } finally {
        sessions.headMoved();
      }
    },
    async push(item, signal) {
      const outcome = noted(await own.push(item, signal));
      // What was fetched comes with its signatures, and the others have it.
      if (outcome.kind === 'adopted' && isAnnounced(item)) sessions.forward(item);
      return outcome;
    },
    finalize: async (proof, signal) => noted(await own.finalize(proof, signal)),
    snapshots: own.snapshots,
    sharing: () => ({ ...noSharing, anyPeer: true, uploaded: sessions.uploads.total, uploadCap: sessions.uploads.cap }),
    block: async (key) => (await own.block(key)) ?? storedBlock(own, keeper.store, key),
    fetchBlock: (key, peers, options) => fetchMolochBlock(own, key, peers, options),
    questions: molochQuestions(own, returned),
    connect: (address, handlers, options) => sessions.connect(address, handlers, options),
    store: {
      get kind() {
        return keeper.kind;
      },
      get bytes() {
        return keeper.bytes;
      },
      chunks: keeper.chunks,
      peers: keeper.peers,
      get wipeOwed() {
        return keeper.wipeOwed;
      },
      async wipe() {
        await keeper.wipe();
        returned.clear();
      },
      flush: () => keeper.flush(),
      close() {
        sessions.stop();
        return keeper.close();
      },
    },
    exportSnapshot: () => own.exportSnapshot(),
    importSnapshot: (bytes, signal) => own.importSnapshot(bytes, signal),
  };
  return { chain, keeper };
}

const isAnnounced = ({ block }: Item<MolochBlock>): boolean => block.signatures.length === 0 && block.events !== undefined;
