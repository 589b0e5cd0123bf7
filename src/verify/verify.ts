import type { Hash } from '../base/hash.ts';
import { checkNetworkParameters } from '../chains/albatross/chain/network-parameters.ts';
import type { NetworkParameters } from '../chains/albatross/chain/network.ts';
import { decodeProofFile } from '../chains/albatross/proof-file/proof-file.ts';
import { ProofFileError } from '../chains/albatross/proof-file/proof-file-error.ts';
import type { VerifiedProof } from '../chains/albatross/proof-file/verified-proof.ts';
import { verifyProofFile as verifyDecoded } from '../chains/albatross/proof-file/verify-proof-file.ts';
import type { TrustLevel } from '../engine/trust.ts';
import { knownNetworks } from './known-networks.ts';
import { verifyInSlices } from './verify-in-slices.ts';

export type { ProofFileErrorCode } from '../chains/albatross/proof-file/proof-file-error.ts';
export type { ProvenStatement, RestsOn, VerifiedProof } from '../chains/albatross/proof-file/verified-proof.ts';

export interface VerifyOptions {
  /** The network's parameters, if it is not one of the built-in ones. A file of another network is then refused. */
  readonly network?: NetworkParameters | undefined;
  /** Hashes of election blocks that you know to be of the chain, as 64 lower-case hex digits. */
  readonly trusted?: readonly Hash[] | undefined;
  /** Less is refused. Default `pinned`: a file that rests on a block which only the file itself names is refused, because anybody can make one. */
  readonly minLevel?: TrustLevel | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Verifies a proof file (`.petrel`): what it states, on which block, and what that rests on. It needs no network and no client. The work is done on
 * this thread in slices of a few milliseconds; it takes some 50 ms for each voting key, and some 100 ms for each signed block.
 *
 * Rejects with `ProofFileError` if the file proves nothing, with `NetworkParametersError` for wrong `network` parameters, or with the signal's reason.
 */
export async function verifyProofFile(bytes: Uint8Array, options: VerifyOptions = {}): Promise<VerifiedProof> {
  const { network, trusted, minLevel, signal } = options;
  const file = decodeProofFile(bytes);
  const parameters = network ? checkNetworkParameters(network) : await knownNetworks.get(file.genesisHash)?.();
  if (!parameters) throw new ProofFileError('unknown-network', { genesisHash: file.genesisHash });
  return verifyDecoded(file, { network: parameters, verify: verifyInSlices, trusted, minLevel, signal });
}
