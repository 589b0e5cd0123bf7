import type { LightChain } from '../albatross/chain/light-chain.ts';
import type { TrustRecord } from '../bridge/contract.ts';
import { type Anchor, trustLevel } from '../engine/trust.ts';

type JudgedChain = Pick<LightChain, 'electionHead' | 'checked' | 'policy' | 'genesis'>;

/** Nothing but the genesis block was taken for granted. */
export function genesisAnchor(chain: Pick<LightChain, 'genesis'>): Anchor {
  return { kind: 'genesis', height: chain.genesis.height, hash: chain.genesis.hash, witnesses: [], fewWitnesses: false };
}

/** What the light chain rests on, and what was verified since. The level is computed from it each time. */
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
   * Whether the chain really stands on the anchor: every epoch since, or since the one that a proof stands for, must have brought one verified election block. It does not in the
   * moment between an election block's being taken on trust and the anchor's saying so; whatever is shown then must not claim more than
   * was earned, and nothing may be stored.
   */
  get fits(): boolean {
    const { policy, electionHead, genesis, checked } = this.#chain;
    const { kind, height, hash, proof } = this.#anchor;
    if (kind === 'genesis' && hash !== genesis.hash) return false;
    if (height === electionHead.height && hash !== electionHead.hash) return false;
    const epochs = policy.epochAt(electionHead.height) - policy.epochAt(proof?.height ?? height);
    // Some of the epochs that a proof stands for may have been verified one by one before it came.
    return proof ? epochs >= 0 && checked.electionBlocks >= epochs : checked.electionBlocks === epochs;
  }

  /** Without fitting evidence the level is `claimed`. */
  get record(): Omit<TrustRecord, 'proof'> {
    return { level: this.fits ? trustLevel(this.#anchor) : 'claimed', anchor: this.#anchor, checked: this.#chain.checked };
  }
}
