import { fromHex } from '../../src/base/bytes.ts';
import { chunkCount, type Manifest } from '../../src/chains/hotstuff2/wire/manifest.ts';
import { encodeChunk } from '../../src/chains/hotstuff2/wire/state-entry.ts';
import { encodeFinalityProof, type CertifiedHeader } from '../../src/chains/hotstuff2/wire/finality-proof.ts';
import type { StateProofBody } from '../../src/chains/hotstuff2/wire/state-proof-body.ts';
import type { SyncStatus } from '../../src/chains/hotstuff2/wire/sync-answers.ts';
import { proveState } from '../../src/chains/hotstuff2/proofs/state-proof.ts';
import { rootOfHashes } from '../../src/chains/hotstuff2/chain/tree.ts';
import type { StoredBlock } from './block-store.ts';
import type { LedgerEntry, LedgerState } from './ledger.ts';
import type { Replica } from './replica.ts';
import type { World } from './world.ts';

/** Snapshots that are offered; older ones are refused as pruned. */
const MAX_SNAPSHOTS = 4;

export interface ServeOptions {
  /** Final heights that this divides have a snapshot. */
  readonly snapshotEvery: number;
  /** A power of two. */
  readonly entriesPerChunk: number;
}

/** What a replica can serve is not there: `pruned` or `beyond-tip`, the words of the protocol. */
export type Missing = 'pruned' | 'beyond-tip';

/** The chain of one replica as clients see it: final blocks, and the certified branch above. */
export class ServedChain {
  readonly #replica: Replica;
  readonly #world: World;
  readonly #options: ServeOptions;
  /** Above this height nothing is served, as if the replica had stopped there; undefined: no such limit. */
  frozenAt: number | undefined;

  constructor(replica: Replica, world: World, options: ServeOptions) {
    this.#replica = replica;
    this.#world = world;
    this.#options = options;
  }

  /** The newest final height. */
  get finalHeight(): number {
    return Math.min(this.#replica.store.finalTip.header.height, this.frozenAt ?? Number.POSITIVE_INFINITY);
  }

  /** The newest certified height. */
  get tipHeight(): number {
    return this.finalHeight + this.#branch().length;
  }

  at(height: number): StoredBlock | undefined {
    return height <= this.finalHeight ? this.#replica.store.final[height] : this.#branch()[height - this.finalHeight - 1];
  }

  status(): SyncStatus {
    const { finalHeight } = this;
    return { finalHeight, finalHash: fromHex(this.at(finalHeight)!.hash), earliest: 0, snapshot: this.#snapshotHeights()[0] ?? 0, time: this.#world.clock.now() };
  }

  /** The lowest proof whose final block is at this height or above; 0: the newest. */
  finality(height: number): Uint8Array | undefined {
    for (let at = height === 0 ? this.finalHeight : height; at > 0 && at <= this.finalHeight; at += height === 0 ? -1 : 1) {
      const [block, child] = [this.at(at)!, this.at(at + 1) ?? this.#childOfFrozen(at)];
      if (child && child.header.view === block.header.view + 1) return finalityProof(block, child);
    }
    return undefined;
  }

  manifest(height: number): Manifest | Missing {
    const heights = this.#snapshotHeights();
    const wanted = height === 0 ? heights[0] : height;
    if (wanted === undefined || wanted > this.finalHeight) return 'beyond-tip';
    const state = heights.includes(wanted) ? this.#state(wanted) : undefined;
    if (!state) return 'pruned';
    const { entriesPerChunk } = this.#options;
    const { entries } = state;
    const chunkRoots = Array.from({ length: chunkCount(entries.length, entriesPerChunk) }, (_, i) => rootOfHashes(this.#entriesOf(entries, i).map(({ hash }) => hash)));
    return { height: wanted, blockHash: fromHex(this.at(wanted)!.hash), stateRoot: fromHex(state.root), entries: entries.length, entriesPerChunk, chunkRoots };
  }

  /** Entry count (4) and entries. */
  chunk(height: number, index: number): Uint8Array | Missing {
    if (height > this.finalHeight) return 'beyond-tip';
    const state = this.#snapshotHeights().includes(height) ? this.#state(height) : undefined;
    if (!state) return 'pruned';
    return index < chunkCount(state.entries.length, this.#options.entriesPerChunk) ? encodeChunk(this.#entriesOf(state.entries, index)) : 'beyond-tip';
  }

  /** 0: the newest final height. */
  stateProof(height: number, key: Uint8Array): StateProofBody | Missing {
    const wanted = height === 0 ? this.finalHeight : height;
    if (wanted > this.finalHeight) return 'beyond-tip';
    const state = this.#state(wanted);
    if (!state) return 'pruned';
    return proveState({ entries: state.entries, leaves: state.entries.map(({ hash }) => hash) }, key);
  }

  #entriesOf(entries: readonly LedgerEntry[], chunk: number): readonly LedgerEntry[] {
    const { entriesPerChunk } = this.#options;
    return entries.slice(chunk * entriesPerChunk, (chunk + 1) * entriesPerChunk);
  }

  #state(height: number): LedgerState | undefined {
    return this.#world.ledger.state(this.at(height)!.hash);
  }

  /** Newest first. */
  #snapshotHeights(): readonly number[] {
    const { snapshotEvery } = this.#options;
    const newest = this.finalHeight - (this.finalHeight % snapshotEvery);
    return Array.from({ length: MAX_SNAPSHOTS }, (_, i) => newest - i * snapshotEvery).filter((height) => height > 0);
  }

  #branch(): readonly StoredBlock[] {
    const { store, certifiedTip } = this.#replica;
    return this.frozenAt === undefined ? (store.branch(certifiedTip) ?? []) : [];
  }

  #childOfFrozen(height: number): StoredBlock | undefined {
    return this.#replica.store.final[height + 1];
  }
}

function certifiedHeader({ header, headerBytes, certificate }: StoredBlock): CertifiedHeader {
  return { header, headerBytes, payload: undefined, qc: certificate!.qc, qcBytes: certificate!.bytes };
}

/** The proof that `block` is final by its child. Both are certified. */
export function finalityProof(block: StoredBlock, child: StoredBlock): Uint8Array {
  return encodeFinalityProof({ final: certifiedHeader(block), child: certifiedHeader(child) });
}
