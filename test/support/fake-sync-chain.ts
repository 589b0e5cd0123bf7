import { createHash } from 'node:crypto';
import type { Clock } from '../../src/base/clock.ts';
import { sleep } from '../../src/base/clock.ts';
import type { ChunkStore, Fault, Item, RunFault, Snapshot, SnapshotRules, SyncChain, Target, Tip } from '../../src/engine/sync/sync-chain.ts';

/** A block of the tests' own chain. Its certificate is a hash; its state root is the hash of the root before and the payload. */
export interface FakeBlock {
  readonly payload: number;
  readonly stateRoot: string;
  readonly certificate: string;
}

const sha = (...parts: readonly (string | number)[]) => createHash('sha256').update(parts.join('|')).digest('hex');
export const certificateOf = (id: string) => sha('certificate', id);
export const BLOCK_SIZE = 500;

function makeBlock(parent: Tip, root: string, payload: number): Item<FakeBlock> {
  const stateRoot = sha(root, payload);
  const height = parent.height + 1;
  const id = sha(height, parent.id, payload, stateRoot);
  return { height, id, parent: parent.id, size: BLOCK_SIZE, block: { payload, stateRoot, certificate: certificateOf(id) } };
}

const GENESIS_ROOT = sha('genesis state');

/** The true chain: all that honest peers serve. Index is the height. */
export class FakeHistory {
  readonly blocks: Item<FakeBlock>[];

  constructor(seed: number, length: number) {
    this.blocks = [{ height: 0, id: sha('genesis', seed), parent: '0'.repeat(64), size: BLOCK_SIZE, block: { payload: 0, stateRoot: GENESIS_ROOT, certificate: '' } }];
    this.grow(length, seed);
  }

  get tip(): Item<FakeBlock> {
    return this.blocks.at(-1)!;
  }

  grow(blocks: number, payload = 7): void {
    for (let each = 0; each < blocks; each += 1) this.blocks.push(makeBlock(this.tip, this.tip.block.stateRoot, payload + this.blocks.length));
  }

  /** The block at this height made by a forger: structure and hash are right, the state root or the certificate is not. */
  forged(height: number, what: 'certificate' | 'state' | 'structure' | 'link'): Item<FakeBlock> {
    const { [height]: good, [height - 1]: parent } = this.blocks;
    if (what === 'structure') return { ...good!, block: { ...good!.block, payload: -1 } };
    if (what === 'certificate') return { ...good!, block: { ...good!.block, certificate: sha('forged') } };
    if (what === 'link') return makeBlock({ height: height - 1, id: sha('nowhere') }, parent!.block.stateRoot, 1);
    return makeBlock(parent!, sha('other state'), good!.block.payload);
  }

  /** Manifest of the snapshot at a height, with chunks of 1000 bytes. */
  snapshot(height: number, chunks: number): { readonly manifest: Uint8Array; readonly chunks: readonly Uint8Array[] } {
    const data = Array.from({ length: chunks }, (_, index) => Buffer.alloc(1_000, `${height}/${index};`));
    const { id, block } = this.blocks[height]!;
    const manifest = Buffer.from(JSON.stringify({ height, id, root: block.stateRoot, hashes: data.map((chunk) => createHash('sha256').update(chunk).digest('hex')) }));
    return { manifest, chunks: data };
  }
}

interface FakeSnapshot extends Snapshot {
  readonly root: string;
  readonly block: string;
  readonly hashes: readonly string[];
}

export interface FakeChainOptions {
  /** `chained`: a block is final when its child is there, or when it is the target. Default `target`: all is final that leads to the target. */
  readonly finality?: 'target' | 'chained';
  /** Milliseconds that the signatures of a run take; needs a clock. */
  readonly signatureTime?: number;
  readonly clock?: Clock;
}

/** The chain as the client has it. Keeps ids and counts only. */
export class FakeSyncChain implements SyncChain<FakeBlock> {
  readonly #history: FakeHistory;
  readonly #options: FakeChainOptions;
  #tip: Tip;
  root = GENESIS_ROOT;
  /** Heights in the order in which they were applied. */
  readonly applied: number[] = [];
  readonly runs: number[] = [];
  imports = 0;
  readonly snapshots: SnapshotRules<FakeSnapshot>;

  constructor(history: FakeHistory, options: FakeChainOptions = {}) {
    this.#history = history;
    this.#options = options;
    this.#tip = { height: 0, id: history.blocks[0]!.id };
    this.snapshots = {
      checkManifest: (manifest) => Promise.resolve(this.#checkManifest(manifest)),
      checkChunk: (snapshot, index, chunk) => {
        const right = createHash('sha256').update(chunk).digest('hex') === snapshot.hashes[index];
        return right ? undefined : { code: 'bad-chunk', weight: 'lie', data: { index } };
      },
      import: (snapshot, chunks) => {
        if (chunks.length !== snapshot.chunks) return Promise.resolve({ code: 'missing-chunk', weight: 'offence' } satisfies Fault);
        this.#tip = { height: snapshot.height, id: snapshot.block };
        this.root = snapshot.root;
        this.imports += 1;
        return Promise.resolve(undefined);
      },
    };
  }

  tip(): Tip {
    return this.#tip;
  }

  checkStructure(item: Item<FakeBlock>): Fault | undefined {
    const { payload, stateRoot } = item.block;
    const right = payload >= 0 && item.id === sha(item.height, item.parent, payload, stateRoot);
    return right ? undefined : { code: 'bad-structure', weight: 'lie', data: { height: item.height } };
  }

  checkLink(parent: Tip, item: Item<FakeBlock>): Fault | undefined {
    return item.parent === parent.id && item.height === parent.height + 1 ? undefined : { code: 'not-linked', weight: 'lie', data: { height: item.height } };
  }

  async checkSignatures(run: readonly Item<FakeBlock>[], { each, signal }: { readonly each: boolean; readonly signal: AbortSignal }): Promise<RunFault | undefined> {
    this.runs.push(run.length);
    if (this.#options.clock && this.#options.signatureTime) await sleep(this.#options.clock, this.#options.signatureTime, signal);
    const right = (item: Item<FakeBlock>) => item.block.certificate === certificateOf(item.id);
    const fault = (at: number): RunFault => ({ at, code: 'bad-certificate', weight: 'lie', data: { height: at } });
    if (each) {
      const bad = run.find((item) => !right(item));
      return bad && fault(bad.height);
    }
    const good = run.findLast(right);
    return good === run.at(-1) ? undefined : fault(good ? good.height + 1 : run[0]!.height);
  }

  checkFinality(run: readonly Item<FakeBlock>[], target: Target): RunFault | undefined {
    const last = run.at(-1)!;
    if (last.height === target.height && last.id !== target.id) return { at: last.height, code: 'other-target', weight: 'lie' };
    if (this.#options.finality !== 'chained' || last.height >= target.height) return undefined;
    return { at: last.height, code: 'not-final', weight: 'offence' };
  }

  apply(run: readonly Item<FakeBlock>[], { headersOnly }: { readonly headersOnly: boolean }): Promise<RunFault | undefined> {
    for (const { height, id, block } of run) {
      const root = sha(this.root, block.payload);
      if (!headersOnly && root !== block.stateRoot) return Promise.resolve({ at: height, code: 'bad-state-root', weight: 'lie', data: { height } });
      this.root = root;
      this.#tip = { height, id };
      this.applied.push(height);
    }
    return Promise.resolve(undefined);
  }

  checkState(height: number): Promise<boolean | undefined> {
    return Promise.resolve(height === this.#tip.height ? this.root === this.#history.blocks[height]!.block.stateRoot : undefined);
  }

  #checkManifest(manifest: Uint8Array): FakeSnapshot | Fault {
    const { height, id, root, hashes } = JSON.parse(Buffer.from(manifest).toString()) as { height: number; id: string; root: string; hashes: string[] };
    const final = this.#history.blocks[height];
    if (final?.id !== id || final.block.stateRoot !== root) return { code: 'bad-manifest', weight: 'lie', data: { height } };
    return { id: `${height}/${id}/${root}`, height, chunks: hashes.length, size: undefined, root, block: id, hashes };
  }
}

/** A chunk store in memory that counts. */
export class FakeChunkStore implements ChunkStore {
  puts = 0;
  #snapshot = '';
  #chunks = new Map<number, Uint8Array>();

  load(snapshot: string): Promise<ReadonlyMap<number, Uint8Array>> {
    return Promise.resolve(snapshot === this.#snapshot ? new Map(this.#chunks) : new Map());
  }

  put(snapshot: string, index: number, chunk: Uint8Array): Promise<void> {
    if (snapshot !== this.#snapshot) this.#chunks = new Map();
    this.#snapshot = snapshot;
    this.#chunks.set(index, chunk);
    this.puts += 1;
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.#chunks.clear();
    return Promise.resolve();
  }
}
