import { createHash } from 'node:crypto';
import { toHex } from '../../src/base/bytes.ts';
import { chainIdOf } from '../../src/chains/hotstuff2/chain/hash.ts';
import type { Hs2Network } from '../../src/chains/hotstuff2/chain/network.ts';
import type { Scheme } from '../../src/chains/hotstuff2/wire/validator-set.ts';
import { seededRandom } from '../seeded-random.ts';
import { Bus } from './bus.ts';
import { SharedVerifier } from './keys.ts';
import { Ledger } from './ledger.ts';
import { makeGenesis } from './make-block.ts';
import { Mempool } from './mempool.ts';
import { NetClock } from './net-clock.ts';
import { ValidatorEpochs } from './validator-epochs.ts';
import type { World } from './world.ts';

/** What the same seed makes again: keys, genesis, and every choice of the network. */
export function makeWorld({ seed, replicas, scheme, blockTime, start, told, mayPropose }: { readonly seed: string; readonly replicas: number; readonly scheme: Scheme; readonly blockTime: number; readonly start: number } & Pick<World, 'told' | 'mayPropose'>): World {
  const name = `devnet-${createHash('sha256').update(`${seed}/${replicas}${scheme === 'bls' ? '/bls' : ''}`).digest('hex').slice(0, 8)}`;
  const chainId = chainIdOf(name);
  const epochs = new ValidatorEpochs(seed, replicas, scheme);
  const first = epochs.epochs[0]!;
  const state = [{ key: new TextEncoder().encode('genesis'), value: new TextEncoder().encode(name) }];
  const genesis = makeGenesis({ chainId, time: start, validators: first.hash, state });
  const network: Hs2Network = {
    chain: 'hotstuff2',
    name,
    chainId,
    genesis: toHex(genesis.headerBytes),
    genesisHash: genesis.hash,
    genesisState: state.map(({ key, value }) => ({ key: toHex(key), value: toHex(value) })),
    validators: toHex(first.bytes),
    seeds: [],
    ...(blockTime > 0 ? { blockTime } : {}),
    development: true,
  };
  const clock = new NetClock(start);
  return {
    seed,
    network,
    genesis,
    clock,
    bus: new Bus(clock, seededRandom(seed, 'bus')),
    ledger: new Ledger(genesis.hash, state),
    mempool: new Mempool(seed),
    epochs,
    verifier: new SharedVerifier(),
    blockTime,
    mayPropose,
    announced: undefined,
    told,
  };
}
