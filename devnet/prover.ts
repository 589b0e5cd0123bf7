import { loadGenesis } from '../src/chains/albatross/chain/genesis.ts';
import { macroVoteHash } from '../src/chains/albatross/chain/hashes.ts';
import { fromHex } from '../src/base/bytes.ts';
import type { ZkProof } from '../src/chains/albatross/wire/requests.ts';
import type { MacroBlock } from '../src/chains/albatross/wire/types.ts';
import { BoundedCache } from '../src/base/bounded-cache.ts';
import type { ChainView, DevBlock } from './dev-block.ts';
import type { DevChain } from './chain.ts';
import { seededRandom } from './seeded-random.ts';
import { forgeProof, simulateProof, type Trapdoor } from './trapdoor.ts';
import type { ZkpMode } from './zkp-mode.ts';

/** A proof in wire form, and the election block that it proves. */
export interface ProvenBlock {
  readonly message: ZkProof;
  readonly block: MacroBlock | undefined;
}

/** Number of proofs kept, 475 bytes each. Peers are at most this many election blocks apart. */
const CACHE_CAPACITY = 64;

/**
 * Makes the network's proofs with its trapdoor. It proves blocks of the honest chain only; for any other block it makes a forgery
 * that does not verify. The trapdoor could prove a forged block, but the trapdoors of the real networks are destroyed, so no real
 * attacker can.
 */
export class Prover {
  readonly #chain: DevChain;
  readonly #trapdoor: Trapdoor;
  readonly #seed: string;
  readonly #proofs = new BoundedCache<Uint8Array>(CACHE_CAPACITY);

  constructor(chain: DevChain, trapdoor: Trapdoor, seed: string) {
    this.#chain = chain;
    this.#trapdoor = trapdoor;
    this.#seed = seed;
  }

  /** The proof of a peer with this view of the chain; undefined if it has none. */
  provenIn(view: ChainView, mode: ZkpMode): ProvenBlock | undefined {
    if (mode === 'none') return undefined;
    const { electionHead, policy } = view;
    const older = mode === 'stale' ? view.at(Math.max(policy.genesisNumber, electionHead.height - policy.blocksPerEpoch)) : undefined;
    return this.#proven(older ?? electionHead, mode === 'forged');
  }

  /** The genesis block has no proof. */
  #proven({ height, hash, block }: DevBlock, forge: boolean): ProvenBlock {
    const election = block as MacroBlock;
    if (height === this.#chain.policy.genesisNumber) return { message: { blockNumber: height, proof: undefined }, block: election };
    const honest = !forge && this.#chain.at(height)?.hash === hash;
    const name = `${honest ? 'proof' : 'forgery'}/${hash}`;
    const proof = this.#proofs.get(name) ?? (honest ? this.prove(election) : forgeProof(seededRandom(this.#seed, name)));
    this.#proofs.set(name, proof);
    return { message: { blockNumber: height, proof }, block: election };
  }

  /** A proof that leads from `genesis` (default: the network's own) to the block. */
  prove(block: MacroBlock, genesis: MacroBlock = loadGenesis(this.#chain.network)): Uint8Array {
    const { zkp } = this.#chain.network;
    if (!zkp) throw new Error('the network has no verifying key');
    const finalHash = macroVoteHash(block.header);
    return simulateProof(this.#trapdoor, { genesisHash: macroVoteHash(genesis.header), finalHash, keysCommitment: fromHex(zkp.keysCommitment) }, seededRandom(this.#seed, `prove/${Buffer.from(finalHash).toString('hex')}`));
  }
}
