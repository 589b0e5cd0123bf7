import { unitAlbatross } from '../src/albatross/chain/networks/unit-albatross.ts';
import { loadGenesis, type NetworkParameters } from '../src/albatross/chain/network-parameters.ts';
import { DataError, openChainFile, writeIdentity, type ChainFile, type DataIdentity } from './chain-file.ts';
import { DevChain, devBlock } from './chain.ts';
import { makeHistory } from './history.ts';
import { ownNetwork } from './network-file.ts';
import type { DevnetOptions } from './options.ts';
import { deriveValidators, unitValidator, type DevValidator } from './validators.ts';

/** The network and the chain that the options ask for: from the data directory, from a made-up history, or at genesis. Throws `DataError`. */
export function openChain(
  options: DevnetOptions,
  seed: string,
  identity: DataIdentity | undefined,
  now: () => number,
): { network: NetworkParameters; chain: DevChain; file: ChainFile | undefined } {
  const genesisValidator = loadGenesis(unitAlbatross).header.validators?.[0];
  if (!genesisValidator) throw new Error('the built-in genesis block has no validator');
  const unit: readonly DevValidator[] = [unitValidator(genesisValidator)];
  const own = options.networkFile !== undefined;
  const elected = options.validators !== undefined || own ? deriveValidators(seed, options.validators ?? 1) : unit;
  const network = own ? ownNetwork(unitAlbatross, seed, elected) : unitAlbatross;
  if (options.data !== undefined && identity) {
    if (identity.genesisHash !== network.genesisHash) throw new DataError('other-network', `${options.data} holds a chain of another network (genesis ${identity.genesisHash})`);
    if (identity.validators !== options.validators) throw new DataError('other-validators', `${options.data} was made with --validators ${identity.validators ?? 'left out'}`);
  }
  const chain = new DevChain({ network, seed, genesisValidators: own ? elected : unit, electedValidators: elected, now });
  let file: ChainFile | undefined;
  if (options.data !== undefined) {
    if (!identity) writeIdentity(options.data, { format: 1, seed, genesisHash: network.genesisHash, validators: options.validators });
    file = openChainFile(options.data);
    for (const block of file.blocks) chain.add(devBlock(block));
  }
  chain.targetVersion = options.version;
  if (chain.head.height === chain.policy.genesisNumber && options.epochs > 0) {
    for (const block of makeHistory(chain, options.epochs, now(), network.blockSeparationTime)) file?.append(block.block);
  }
  return { network, chain, file };
}
