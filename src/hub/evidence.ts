import type { LightChain } from '../albatross/chain/light-chain.ts';
import type { TrustRecord } from '../bridge/contract.ts';
import { type Anchor, type CheckedCounts, trustLevel } from '../engine/trust.ts';

type JudgedChain = Pick<LightChain, 'electionHead' | 'checked' | 'policy' | 'genesis'>;
type TrialChain = Pick<LightChain, 'electionHash'>;

/** Nothing but the genesis block was taken for granted. */
export function genesisAnchor(chain: Pick<LightChain, 'genesis'>): Anchor {
  return { kind: 'genesis', height: chain.genesis.height, hash: chain.genesis.hash, witnesses: [], fewWitnesses: false };
}

/** What the light chain rests on, and what was verified since. The level is computed from it each time. */
export class Evidence {
  readonly #chain: JudgedChain;
  #anchor: Anchor;
  /** Epochs that another chain verified for us, below what ours counts. */
  #provenElsewhere = 0;
  #trial: TrialChain | undefined;

  constructor(chain: JudgedChain, anchor: Anchor = genesisAnchor(chain)) {
    this.#chain = chain;
    this.#anchor = anchor;
  }

  get anchor(): Anchor {
    return this.#anchor;
  }

  /**
   * The sync has another anchor. When that is genesis below a chain that began higher up, a trial chain must have reached our election
   * block from there; what it verified counts for us then.
   */
  set(anchor: Anchor): void {
    const { policy, electionHead, checked } = this.#chain;
    this.#anchor = anchor;
    const shown = anchor.kind === 'genesis' && this.#trial?.electionHash(electionHead.height) === electionHead.hash;
    if (shown) this.#provenElsewhere = policy.epochAt(electionHead.height) - checked.electionBlocks;
    this.#trial = undefined;
  }

  /** The chain was replaced as a whole. */
  reset(): void {
    this.#provenElsewhere = 0;
  }

  /** A chain that verifies from genesis beside ours. */
  tryWith(trial: TrialChain): void {
    this.#trial = trial;
  }

  get checked(): CheckedCounts {
    const { checked } = this.#chain;
    return { ...checked, electionBlocks: checked.electionBlocks + this.#provenElsewhere };
  }

  /**
   * Whether the chain really stands on the anchor: every epoch since must have brought one verified election block. It does not in the
   * moment between an election block's being taken on trust and the anchor's saying so; whatever is shown then must not claim more than
   * was earned, and nothing may be stored.
   */
  get fits(): boolean {
    const { policy, electionHead, genesis } = this.#chain;
    const { kind, height, hash } = this.#anchor;
    if (kind === 'genesis' && hash !== genesis.hash) return false;
    if (height === electionHead.height && hash !== electionHead.hash) return false;
    return policy.epochAt(electionHead.height) - policy.epochAt(height) === this.checked.electionBlocks;
  }

  /** Without fitting evidence the level is `claimed`. */
  get record(): TrustRecord {
    return { level: this.fits ? trustLevel(this.#anchor) : 'claimed', anchor: this.#anchor, checked: this.checked };
  }
}
