import { toHex } from '../../../src/base/bytes.ts';
import { HotStuff2Chain } from '../../../src/chains/hotstuff2/client/hotstuff2-chain.ts';
import type { FinalChange } from '../../../src/chains/hotstuff2/client/final-change.ts';
import type { Hs2ChainOptions } from '../../../src/chains/hotstuff2/client/hotstuff2-chain-options.ts';
import type { Hs2Item } from '../../../src/chains/hotstuff2/chain/hs2-block.ts';
import type { Hs2Network } from '../../../src/chains/hotstuff2/chain/network.ts';
import { encodeValidatorSet } from '../../../src/chains/hotstuff2/wire/validator-set.ts';
import { ManualClock } from '../manual-clock.ts';
import { verifyHere } from '../verify-here.ts';
import type { BlockMaker } from './block-maker.ts';
import { vectors } from './vectors.ts';

/** Network parameters of a run of the vectors. */
export const networkOfRun = ({ name, chainId, blocks, genesisState, validatorsBytes }: typeof vectors.n4): Hs2Network => ({
  chain: 'hotstuff2', name, chainId, genesis: blocks[0]!.header, genesisHash: blocks[0]!.hash, genesisState, validators: validatorsBytes, seeds: [],
});

/** Network parameters of made blocks. */
export const networkOfMaker = ({ genesis, set }: BlockMaker): Hs2Network => ({
  chain: 'hotstuff2', name: 'made', chainId: genesis.block.header.chainId, genesis: toHex(genesis.block.headerBytes), genesisHash: genesis.id, genesisState: [],
  validators: toHex(encodeValidatorSet(set)), seeds: [],
});

/** A chain on a clock that is years ahead of its blocks, with what it told to keep and how many jobs it gave. */
export function testChain(network: Hs2Network, options: Partial<Hs2ChainOptions> = {}) {
  const kept: FinalChange[] = [];
  const jobs: string[] = [];
  const chain = new HotStuff2Chain({
    network, clock: new ManualClock(4_000_000_000_000), fetchSet: async () => undefined, fetchFinalHeader: async () => undefined,
    verify: (job, how) => (jobs.push(job.kind), verifyHere(job, how)), keep: async (change) => void kept.push(change), ...options,
  });
  return { chain, kept, jobs };
}

const { signal } = new AbortController();

/** Puts a run through the stages, as the sync does. Returns the fault that ended it. Blocks that are final without it are applied. */
export async function runThrough(chain: HotStuff2Chain, run: readonly Hs2Item[], { each = false, headersOnly = false, target = { height: Number.MAX_SAFE_INTEGER, id: '', proven: false } } = {}) {
  let before: Hs2Item | { readonly height: number; readonly id: string } = chain.tip();
  let good = run.length;
  let fault = run.map((item, i) => {
    const broken = chain.checkStructure(item) ?? chain.checkLink(before, item);
    before = item;
    if (broken) good = Math.min(good, i);
    return broken && { ...broken, at: item.height };
  })[good];
  const cut = (found: typeof fault) => {
    if (!found) return;
    // A lie says more than that the blocks before it are not final yet.
    if (!fault || found.weight === 'lie') fault = found;
    good = Math.min(good, run.findIndex(({ height }) => height === found.at));
  };
  cut(await chain.checkSignatures(run.slice(0, good), { each, signal }));
  if (good > 0) cut(chain.checkFinality(run.slice(0, good), target));
  if (good > 0) cut(await chain.apply(run.slice(0, good), { headersOnly }));
  return fault;
}
