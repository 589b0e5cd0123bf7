import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { loadGenesis } from '../src/chains/albatross/chain/network-parameters.ts';
import type { NetworkParameters } from '../src/chains/albatross/chain/network.ts';
import { DataError, FORMAT, openChainFile, writeIdentity, type ChainFile, type DataIdentity } from './chain-file.ts';
import { DevChain } from './chain.ts';
import { genesisAccounts, type FundedAccount } from './ledger/genesis-accounts.ts';
import { makeHistory } from './history.ts';
import { readVotingKeys, writeVotingKeys } from './key-file.ts';
import { ownNetwork, ownTrapdoor } from './network-file.ts';
import type { DevnetOptions } from './options.ts';
import { Prover } from './prover.ts';
import { seededRandom } from './seeded-random.ts';
import { validatorPool } from './validator-pool.ts';
import { unitTrapdoor } from './unit-trapdoor.ts';
import { unitValidator, type DevValidator } from './validators.ts';

/**
 * Opens the network and the chain that the options select: from the data directory, from a made-up history, or at genesis. Throws
 * `DataError`.
 */
export function openChain(
  options: DevnetOptions,
  seed: string,
  identity: DataIdentity | undefined,
  now: () => number,
): { network: NetworkParameters; chain: DevChain; prover: Prover; file: ChainFile | undefined; funded: readonly FundedAccount[] } {
  const genesisValidator = loadGenesis(unitAlbatross).header.validators?.[0];
  if (!genesisValidator) throw new Error('the built-in genesis block has no validator');
  const unit: readonly DevValidator[] = [unitValidator(genesisValidator)];
  const own = options.networkFile !== undefined;
  const kept = options.data === undefined ? undefined : readVotingKeys(options.data, seed);
  const pool = options.validators !== undefined || own ? validatorPool(seed, options.validators ?? 1, kept) : undefined;
  // Genesis has no parent whose seed could draw its validators, so the devnet's seed draws them.
  const first = own && pool ? pool.draw(seededRandom(seed, 'genesis validators').bytes(32)) : unit;
  const network = own ? ownNetwork(unitAlbatross, seed, first) : unitAlbatross;
  if (options.data !== undefined && identity) {
    if (identity.genesisHash !== network.genesisHash) throw new DataError('other-network', `${options.data} holds a chain of another network (genesis ${identity.genesisHash})`);
    if (identity.validators !== options.validators) throw new DataError('other-validators', `${options.data} was made with --validators ${identity.validators ?? 'left out'}`);
  }
  const accounts = genesisAccounts(network, own ? seed : undefined);
  const chain = new DevChain({ network, seed, genesisAccounts: accounts, genesisValidators: first, ...(pool ? { pool } : { electedValidators: unit }), now });
  let file: ChainFile | undefined;
  if (options.data !== undefined) {
    if (!identity) writeIdentity(options.data, { format: FORMAT, seed, genesisHash: network.genesisHash, validators: options.validators });
    if (pool && !kept) writeVotingKeys(options.data, seed, pool.members.map(({ validator }) => validator.votingKey));
    file = openChainFile(options.data);
    for (const block of file.blocks) chain.take(block);
  }
  chain.targetVersion = options.version;
  if (chain.head.height === chain.policy.genesisNumber && options.epochs > 0) {
    for (const block of makeHistory(chain, options.epochs, now(), network.blockSeparationTime)) file?.append(block);
  }
  return { network, chain, prover: new Prover(chain, own ? ownTrapdoor(seed) : unitTrapdoor(), seed), file, funded: accounts.funded };
}
