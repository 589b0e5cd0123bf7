import type { LightChain } from '../chain/light-chain.ts';
import type { TrustRecord } from '../../../engine/view.ts';
import { type Anchor, trustLevel } from '../../../engine/trust.ts';
import { onlyCheap } from '../../../engine/peers/witness-network.ts';

type JudgedChain = Pick<LightChain, 'checked' | 'policy' | 'genesis'> & { readonly electionHead: Pick<LightChain['electionHead'], 'height' | 'hash'> };

/** The anchor of a chain that takes only the genesis block for granted. */
export function genesisAnchor(chain: Pick<LightChain, 'genesis'>): Anchor {
  return { kind: 'genesis', height: chain.genesis.height, hash: chain.genesis.hash, witnesses: [], fewWitnesses: false };
}

/** What the light chain rests on, and what was verified since. The trust level is computed from it each time. */
export class Evidence {
  readonly #chain: JudgedChain;
  #anchor: Anchor;

  constructor(chain: JudgedChain, anchor: Anchor = genesisAnchor(chain)) {
    this.#chain = chain;
    this.#anchor = anchor;
  }

  get anchor(): Anchor {
    return this.#anchor;
  }

  /** The sync has another anchor. */
  set(anchor: Anchor): void {
    this.#anchor = anchor;
  }

  /**
   * Whether the chain really rests on the anchor: every epoch since the anchor, or since the one that a proof covers, must have brought one
   * verified election block. This is false in the moment after an election block was taken on trust and before the anchor is updated; then
   * no more trust than earned may be shown, and nothing may be stored.
   */
  get fits(): boolean {
    const { policy, electionHead, genesis, checked } = this.#chain;
    const { kind, height, hash, proof } = this.#anchor;
    if (kind === 'genesis' && hash !== genesis.hash) return false;
    if (height === electionHead.height && hash !== electionHead.hash) return false;
    const epochs = policy.epochAt(electionHead.height) - policy.epochAt(proof?.height ?? height);
    // Some of the epochs that a proof covers may have been verified block by block before it arrived.
    return proof ? epochs >= 0 && checked.electionBlocks >= epochs : checked.electionBlocks === epochs;
  }

  /** If the evidence does not fit, the level is `claimed`. */
  get record(): Omit<TrustRecord, 'proof'> {
    const { witnesses } = this.#anchor;
    return { level: this.fits ? trustLevel(this.#anchor) : 'claimed', anchor: this.#anchor, onlyNames: onlyCheap(witnesses.map(({ subnet }) => subnet)), checked: this.#chain.checked };
  }
}
