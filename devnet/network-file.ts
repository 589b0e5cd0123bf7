import { writeFileSync } from 'node:fs';
import { loadGenesis } from '../src/chains/albatross/chain/genesis.ts';
import { blockHash } from '../src/chains/albatross/chain/hashes.ts';
import type { NetworkParameters } from '../src/chains/albatross/chain/network.ts';
import { block as blockCodec } from '../src/chains/albatross/wire/blocks.ts';
import { toHex } from '../src/base/bytes.ts';
import { coin, encode } from '../src/base/postcard/codec.ts';
import type { MacroBlock } from '../src/chains/albatross/wire/types.ts';
import { signVrfSeed } from '../src/crypto/vrf.ts';
import { KEYS_COMMITMENT_LENGTH } from '../src/crypto/zk-public-inputs.ts';
import { ownAccounts } from './ledger/genesis-accounts.ts';
import { OptionsError } from './options.ts';
import { seededRandom } from './seeded-random.ts';
import { makeTrapdoor, verifyingKeyOf, type Trapdoor } from './trapdoor.ts';
import type { DevValidator } from './validators.ts';

/**
 * Derives a separate network from unit-albatross: the same policy, but other validators and accounts, another VRF seed and another
 * proof set-up. The same seed gives the same network. `seeds` stay empty until the peers listen. Genesis construction:
 * Albatross block reference, 2.7.
 */
export function ownNetwork(base: NetworkParameters, seed: string, validators: readonly DevValidator[]): NetworkParameters {
  const unit = loadGenesis(base);
  const first = validators[0];
  if (!first) throw new Error('a network needs a validator');
  const accounts = ownAccounts(seed, validators.map(({ validator }) => validator));
  const genesis: MacroBlock = {
    ...unit,
    header: {
      ...unit.header,
      // The supply, as in every genesis block.
      extraData: encode(coin, accounts.supply),
      stateRoot: accounts.root.hash,
      seed: signVrfSeed(first.signingSecret, new Uint8Array(96), unit.header.blockNumber, seededRandom(seed, 'genesis').bytes(64)),
      validators: validators.map(({ validator }) => validator),
    },
  };
  const hash = blockHash(genesis);
  const zkp = { verifyingKey: toHex(verifyingKeyOf(ownTrapdoor(seed))), keysCommitment: toHex(seededRandom(seed, 'zkp commitment').bytes(KEYS_COMMITMENT_LENGTH)) };
  return { ...base, name: `devnet-${hash.slice(0, 8)}`, genesisBlock: toHex(encode(blockCodec, genesis)), genesisHash: hash, seeds: [], pinnedElection: undefined, zkp };
}

/** The proof set-up of such a network. The trapdoor follows from the devnet's seed. */
export function ownTrapdoor(seed: string): Trapdoor {
  return makeTrapdoor(seededRandom(seed, 'zkp set-up'));
}

/** Writes the parameters as JSON for clients to read. Throws `OptionsError`. */
export function writeNetworkFile(path: string, network: NetworkParameters): void {
  try {
    writeFileSync(path, `${JSON.stringify(network, undefined, 2)}\n`);
  } catch (error) {
    throw new OptionsError('bad-value', `--network-file cannot be written: ${(error as Error).message}`);
  }
}
