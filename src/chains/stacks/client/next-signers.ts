/**
 * Looks, while a cycle ends, whether the state names signers for the next one. If it names none, nobody can sign that cycle: the chain halts (Stacks
 * reference, 4). Only the state after a confirmed block counts: a fork may replace any other.
 * @module
 */
import { toHex } from '../../../base/bytes.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import { PeerFault } from '../../../engine/sync/sync-peer.ts';
import { firstHeightOf } from '../chain/cycles.ts';
import type { StacksNetwork } from '../chain/network.ts';
import type { Gateway } from '../net/gateway.ts';
import { readSignerSet, signerSetKey } from '../proofs/hand-over.ts';
import { pathOfKey } from '../proofs/marf-hash.ts';
import { encodeStatement } from '../proofs/proof-file.ts';
import { encodeHeader } from '../wire/header.ts';
import { readState } from './read-state.ts';
import type { StacksChain } from './stacks-chain.ts';
import { isMainnet } from './stacks-views.ts';

/** Milliseconds until gateways that failed are asked again: blocks may have ended, so that nothing else would bring it up. */
const AGAIN = 30_000;

export interface AskedForSigners {
  readonly gateway: Pick<Gateway, 'url' | 'state' | 'passedHeader'>;
  fault(fault: { readonly code: string; readonly weight: 'lie' | 'offence'; readonly data?: PeerFault['data'] }): void;
}

export interface NextSignersOptions {
  readonly chain: StacksChain;
  readonly network: StacksNetwork;
  readonly verify: Verify;
  readonly clock: Pick<Clock, 'after'>;
  /** Those that are connected. */
  readonly gateways: () => readonly AskedForSigners[];
  readonly signal: AbortSignal;
}

export class NextSigners {
  readonly #options: NextSignersOptions;
  /** Gateways with the cycle whose signers they named, or the block whose state they said to have none. */
  readonly #told = new Map<string, string>();
  #running: Promise<void> | undefined;
  #due = false;
  #cancel: (() => void) | undefined;

  constructor(options: NextSignersOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#cancel?.(), { once: true });
  }

  /** To be called when the chain has moved, or a gateway is connected. Resolves when no look is under way any more. Never rejects. */
  look(): Promise<void> {
    this.#due = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #run(): Promise<void> {
    const { gateways, signal, clock } = this.#options;
    while (this.#due && !signal.aborted) {
      this.#due = false;
      let hasFailed = false;
      for (const gateway of gateways()) {
        try {
          await this.#ask(gateway);
        } catch (error) {
          hasFailed = true;
          if (error instanceof PeerFault) gateway.fault({ code: error.code, weight: error.weight, data: error.data });
        }
      }
      this.#cancel?.();
      this.#cancel = hasFailed && !signal.aborted ? clock.after(AGAIN, () => void this.look()) : undefined;
    }
  }

  /** The value first, and its proof only if it names nobody: a gateway that conceals that only keeps it from itself. */
  async #ask({ gateway }: AskedForSigners): Promise<void> {
    const { chain, network, verify, signal } = this.#options;
    const { item, cycle } = chain.root;
    const next = cycle + 1;
    if (!item || chain.halted() || cycle !== chain.cycles.newest || !this.#isEnding(cycle)) return;
    if ([String(next), item.id].includes(this.#told.get(gateway.url) ?? '')) return;
    const where = { mainnet: isMainnet(network) };
    const key = signerSetKey(next, where);
    const hint = await gateway.state(toHex(pathOfKey(key)), item.id, { signal, proof: false });
    // Who answers something else than a set has shown nothing; the hand-over itself is proven when it is needed.
    this.#told.set(gateway.url, hint ? String(next) : item.id);
    const isEmpty = (text: string) => {
      const read = readSignerSet(next, text, where);
      return !read.ok && read.code === 'empty-set';
    };
    if (!hint || !isEmpty(hint.value.value)) return;
    this.#told.delete(gateway.url);
    const shown = await readState(gateway, key, item, { verify, signal });
    if (typeof shown === 'string' || !isEmpty(shown.statement.value)) return;
    // It was confirmed when it was looked at, and stays so.
    chain.halt({ height: item.height, reason: 'no-participation', evidence: [encodeHeader(item.block.header), encodeStatement(shown.statement)] });
  }

  /** Whether Bitcoin, as gateways tell it of the newest blocks, is in the prepare phase of the cycle or beyond it. */
  #isEnding(cycle: number): boolean {
    const { chain, network } = this.#options;
    const burnHeight = Math.max(chain.root.item?.block.burnHeight ?? 0, chain.find(chain.head().id)?.item.block.burnHeight ?? 0);
    return burnHeight > firstHeightOf(cycle + 1, network) - network.prepareLength;
  }
}
