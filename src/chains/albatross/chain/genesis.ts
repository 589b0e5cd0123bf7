import { block as blockCodec } from '../wire/blocks.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decode } from '../../../base/postcard/codec.ts';
import type { Block, MacroBlock } from '../wire/types.ts';
import { blockHash } from './hashes.ts';
import type { NetworkParameters } from './network.ts';
import { NetworkParametersError } from './network-parameters-error.ts';

/**
 * The network's genesis block without body, decoded from the parameters and checked against the hash in them.
 * Throws `NetworkParametersError` (`genesis-undecodable`, `genesis-not-election`, `genesis-hash-mismatch`).
 */
export function loadGenesis(network: Pick<NetworkParameters, 'genesisBlock' | 'genesisHash'>): MacroBlock {
  const known = loaded.get(network.genesisHash);
  if (known?.bytes === network.genesisBlock) return known.block;
  const block = decodeGenesis(network);
  // A page uses one network, a test a few; if there are more, start over.
  if (loaded.size >= 8) loaded.clear();
  loaded.set(network.genesisHash, { bytes: network.genesisBlock, block });
  return block;
}

/** A cache: decoding and hashing takes some 50 ms, and every component that starts needs it. */
const loaded = new Map<string, { readonly bytes: string; readonly block: MacroBlock }>();

function decodeGenesis(network: Pick<NetworkParameters, 'genesisBlock' | 'genesisHash'>): MacroBlock {
  let block: Block;
  try {
    block = decode(blockCodec, fromHex(network.genesisBlock));
  } catch (error) {
    throw new NetworkParametersError('genesis-undecodable', 'genesisBlock', error instanceof Error ? error.message : String(error));
  }
  if (block.type !== 'macro' || !block.header.validators || !block.header.interlink) {
    throw new NetworkParametersError('genesis-not-election', 'genesisBlock', 'a genesis block is an election block with validators and interlink');
  }
  const hash = blockHash(block);
  if (hash !== network.genesisHash) throw new NetworkParametersError('genesis-hash-mismatch', 'genesisHash', `expected ${network.genesisHash}, got ${hash}`);
  return { ...block, body: undefined };
}
