import { systemClock, systemRandom } from '../../src/base/system.ts';
import { checkHotStuff2Network } from '../../src/chains/hotstuff2/chain/network.ts';
import { parametersHash as hotStuff2Parameters } from '../../src/chains/hotstuff2/chain/parameters-hash.ts';
import type { Hs2Block } from '../../src/chains/hotstuff2/chain/hs2-block.ts';
import { openHotStuff2 } from '../../src/chains/hotstuff2/client/open-hotstuff2.ts';
import type { FinalityProof } from '../../src/chains/hotstuff2/wire/finality-proof.ts';
import type { Finalized, MolochBlock } from '../../src/chains/moloch/chain/moloch-block.ts';
import { checkMolochNetwork } from '../../src/chains/moloch/chain/network.ts';
import { chooseMoloch, MOLOCH_SYNC, molochPlan } from '../../src/chains/moloch/client/moloch-strategy.ts';
import { openMolochChain } from '../../src/chains/moloch/client/open-moloch-chain.ts';
import { parametersHash as molochParameters } from '../../src/chains/moloch/store/stored-records.ts';
import { finish } from '../../src/crypto/finish.ts';
import type { Verify } from '../../src/crypto/jobs.ts';
import { runJob } from '../../src/crypto/run-job.ts';
import { stepsOf } from '../../src/crypto/steps-of.ts';
import type { FollowedChain } from '../../src/engine/follow/followed-chain.ts';
import { followLog } from '../../src/engine/follow/follow-log.ts';
import type { ChooseStrategy } from '../../src/engine/sync/choose-strategy.ts';
import { chooseStrategy } from '../../src/engine/sync/choose-strategy.ts';
import { DEFAULT_SYNC_CONFIG } from '../../src/engine/sync/default-sync-config.ts';
import { strategyPlan, type PlanOf } from '../../src/engine/sync/strategy-plan.ts';
import type { SyncConfig } from '../../src/engine/sync/sync-config.ts';
import { OwnedRows } from '../../src/storage/owned-rows.ts';
import type { Rows } from '../../src/storage/rows.ts';

/** A chain as its driver opens it, with how its driver lets it sync. */
export interface OpenedChain<B, F> {
  readonly chain: FollowedChain<B, F>;
  readonly choose: ChooseStrategy;
  readonly plans: PlanOf;
  readonly config: Partial<SyncConfig>;
}

/** Bytes that a store may take: more than any run needs. */
const STORE = 2 ** 32;

/** On this thread: a page has verifier workers for it. */
const verify: Verify = async (job) => finish(await stepsOf(job, runJob));

/** With what `rows` hold of it. */
export async function openHotStuff2Chain(parameters: unknown, rows: Rows): Promise<OpenedChain<Hs2Block, FinalityProof>> {
  const network = checkHotStuff2Network(parameters);
  const { log } = followLog(systemClock, 100);
  const chain = await openHotStuff2(new OwnedRows(rows, hotStuff2Parameters(network)), { network, clock: systemClock, verify, log, sync: DEFAULT_SYNC_CONFIG, storageCap: STORE });
  return { chain, choose: chooseStrategy, plans: strategyPlan, config: {} };
}

/** With what `rows` hold of it. */
export async function openMoloch(parameters: unknown, rows: Rows, headersOnly: boolean): Promise<OpenedChain<MolochBlock, Finalized>> {
  const network = checkMolochNetwork(parameters);
  const failed = (code: string): never => {
    throw new Error(`the store failed: ${code}`);
  };
  const { chain } = await openMolochChain({
    rows: new OwnedRows(rows, molochParameters(network)), network, clock: systemClock, random: systemRandom, jobs: verify, cap: STORE, allowInsecure: false, uploadCap: 0, changed: () => undefined, failed,
  });
  return { chain, choose: chooseMoloch({ headersOnly }), plans: molochPlan, config: MOLOCH_SYNC };
}
