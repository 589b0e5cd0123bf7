import { askBeside } from '../../../../engine/fetch/ask-beside.ts';
import type { Hash } from '../../../../base/hash.ts';
import { maxRoundPeers } from '../settings.ts';
import type { MacroBlock } from '../../wire/types.ts';
import type { MacroContext } from '../macro-context.ts';
import type { PastWay } from '../past/past-doubt.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';

/** How often one peer is asked for the pinned block. Peers that join later are asked too. */
const maxTries = 3;

/**
 * Searches for the election block pinned in the release. Only a call of `end` ends the search, never one peer's answer. Every peer is
 * asked, but none too often.
 */
export class PinSearch {
  readonly #context: Pick<MacroContext, 'options' | 'peers'>;
  readonly #past: PastWay | undefined;
  /** How often each connected peer was asked. */
  readonly #tries = new Map<PeerId, number>();
  #over = false;

  /** `past`: set if it is the background that verifies the past from the pinned block; see `PeerReport`. */
  constructor(context: Pick<MacroContext, 'options' | 'peers'>, past?: PastWay) {
    this.#context = context;
    this.#past = past;
  }

  /** The pinned block's hash, while it is searched for. */
  get hash(): Hash | undefined {
    return this.#over ? undefined : this.#context.options.chain.network.pinnedElection?.hash;
  }

  /** Ends the search: the block was found, or is of no use. */
  end(): void {
    this.#over = true;
  }

  /** Starts the search again. */
  reset(): void {
    this.#over = false;
    this.#tries.clear();
  }

  /** The copies that `peers` give; the list may change meanwhile. A silent peer does not delay the next one. */
  async *copies(peers: () => readonly PeerId[], signal: AbortSignal): AsyncGenerator<{ readonly peer: PeerId; readonly block: MacroBlock }, void, undefined> {
    const { hash } = this;
    if (hash === undefined) return;
    const { asker, clock } = this.#context.options;
    for (const peer of this.#tries.keys()) if (!this.#context.peers.has(peer)) this.#tries.delete(peer);
    const asked = new Set<PeerId>();
    const triesOf = (id: PeerId) => this.#tries.get(id) ?? 0;
    const next = () => {
      // Bounded because new peers may keep joining while one is silent. Peers asked least often come first: they may have been left out
      // before.
      if (asked.size >= maxRoundPeers) return undefined;
      const peer = peers()
        .filter((id) => !asked.has(id) && triesOf(id) < maxTries)
        .toSorted((a, b) => triesOf(a) - triesOf(b))[0];
      if (peer !== undefined) {
        asked.add(peer);
        this.#tries.set(peer, triesOf(peer) + 1);
      }
      return peer;
    };
    const ask = (peer: PeerId, own: AbortSignal) => asker.copyOf(peer, hash, own, this.#past);
    for await (const { peer, answer } of askBeside({ clock, next, ask, signal })) if (answer) yield { peer, block: answer };
  }
}
