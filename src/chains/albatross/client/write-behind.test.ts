import { describe, expect, it } from 'vitest';
import type { ChainBlock, ChainChange, ChainEvents, LightChain } from '../chain/light-chain.ts';
import type { Block } from '../wire/types.ts';
import { Emitter } from '../../../base/emitter.ts';
import { nothingChecked } from '../chain/checked-counts.ts';
import type { Anchor } from '../../../engine/trust.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { ChainCommit, Store } from '../store/store.ts';
import { WriteBehind } from './write-behind.ts';

const anchor: Anchor = { kind: 'genesis', height: 0, hash: 'g', witnesses: [], fewWitnesses: false };
const checked = nothingChecked;

/** A chain of blocks with only a height and a kind: every 4th is a checkpoint, every 8th an election block. */
class FakeChain {
  readonly events = new Emitter<ChainEvents>();
  readonly blocks: ChainBlock[] = [fakeBlock(0)];
  readonly genesis = this.blocks[0]!;
  get head() {
    return this.blocks.at(-1)!;
  }
  get macroHead() {
    return this.blocks.findLast(({ kind }) => kind === 'checkpoint' || kind === 'election')!;
  }
  get electionHead() {
    return this.blocks.findLast(({ kind }) => kind === 'election') ?? this.genesis;
  }
  blockAt(height: number) {
    return this.blocks.find((block) => block.height === height);
  }
  grow(n: number): void {
    for (let i = 0; i < n; i++) {
      const block = fakeBlock(this.head.height + 1);
      this.blocks.push(block);
      const kind: ChainChange['kind'] = block.kind === 'election' ? 'epoch-finalized' : block.kind === 'checkpoint' ? 'finalized' : 'extended';
      this.events.emit('change', { kind, adopted: [block], reverted: [] });
    }
  }
  reset(): void {
    this.blocks.length = 1;
    this.events.emit('change', { kind: 'reset', adopted: [], reverted: [] });
  }
}

function fakeBlock(height: number): ChainBlock {
  const kind = height % 8 === 0 ? 'election' : height % 4 === 0 ? 'checkpoint' : 'micro';
  const type = kind === 'micro' ? 'micro' : 'macro';
  return { height, hash: `h${height}`, kind, mainChain: true, block: { type, header: { blockNumber: height } } as unknown as Block };
}

/** A store whose commits the test ends. */
class FakeStore {
  readonly commits: ChainCommit[] = [];
  readonly #pending: { resolve: () => void; reject: (error: Error) => void }[] = [];
  commit(change: ChainCommit): Promise<void> {
    this.commits.push(change);
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }
  get inFlight(): number {
    return this.#pending.length;
  }
  async finish(error?: Error): Promise<void> {
    const next = this.#pending.shift()!;
    if (error) next.reject(error);
    else next.resolve();
    await turn();
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

function setup() {
  const chain = new FakeChain();
  const store = new FakeStore();
  const state = { evidence: true, givenUp: '', logged: [] as string[] };
  const persistence = new WriteBehind({
    store: store as unknown as Store,
    chain: chain as unknown as LightChain,
    evidence: () => (state.evidence ? { anchor, checked } : undefined),
    log: (_, code) => void state.logged.push(code),
    onGivenUp: (code) => (state.givenUp = code),
  });
  return { chain, store, state, persistence };
}

const elections = (commit: ChainCommit | undefined) => commit?.elections.map(({ header }) => header.blockNumber);
const tail = (commit: ChainCommit | undefined) => commit?.tail.map(({ header }) => header.blockNumber);

describe('WriteBehind', () => {
  it('has one commit in flight and gathers the rest for the next', async () => {
    const { chain, store } = setup();
    chain.grow(1);
    await turn();
    chain.grow(1);
    chain.grow(1);
    await turn();
    expect(store.commits.map(tail)).toEqual([[1]]);
    await store.finish();
    expect(store.commits.map(tail)).toEqual([[1], [1, 2, 3]]);
    await store.finish();
    expect(store.inFlight).toBe(0);
    expect(store.commits).toHaveLength(2);
  });

  it('told, then stored: a listener of the chain is called before the block is written, and the block is written right after', async () => {
    const { chain, store } = setup();
    const written: number[] = [];
    chain.events.on('change', () => written.push(store.commits.length));
    chain.grow(1);
    expect(written).toEqual([0]);
    await turn();
    expect(store.commits.map(tail)).toEqual([[1]]);
  });

  it('never loses an election block, and keeps their order', async () => {
    const { chain, store } = setup();
    chain.grow(8);
    await turn();
    chain.grow(21);
    await store.finish();
    await store.finish();
    expect(store.commits.map(elections)).toEqual([[8], [16, 24]]);
    expect(store.commits[1]).toMatchObject({ checkpoint: { header: { blockNumber: 28 } }, head: { height: 29, hash: 'h29' } });
    expect(tail(store.commits[1])).toEqual([29]);
  });

  it("waits until the chain's anchor is settled", async () => {
    const { chain, store, state, persistence } = setup();
    state.evidence = false;
    chain.grow(9);
    await turn();
    expect(store.commits).toEqual([]);
    state.evidence = true;
    persistence.touch();
    await turn();
    expect(elections(store.commits[0])).toEqual([8]);
  });

  it('issue 11: gives up a store that does not answer at once, because each attempt would wait as long', async () => {
    const { chain, store, state, persistence } = setup();
    chain.grow(1);
    await turn();
    await store.finish(new StorageError('no-answer', 'for the test'));
    expect(state.givenUp).toBe('no-answer');
    chain.grow(1);
    await persistence.flush();
    expect(store.commits).toHaveLength(1);
  });

  it('after a reset keeps the stored chain until there is a better one', async () => {
    const { chain, store, persistence } = setup();
    chain.grow(9);
    await turn();
    await store.finish();
    chain.reset();
    persistence.touch();
    await turn();
    expect(store.commits).toHaveLength(1);
    chain.grow(2);
    await turn();
    expect(store.commits[1]).toMatchObject({ startsOver: true, elections: [] });
    await store.finish();
    chain.grow(1);
    await turn();
    expect(store.commits[2]).toMatchObject({ startsOver: false });
  });

  it('writes the election block again when its validator list changed', async () => {
    const { chain, store, persistence } = setup();
    chain.grow(9);
    await turn();
    await store.finish();
    chain.events.emit('change', { kind: 'recopied', adopted: [], reverted: [] });
    await turn();
    expect(store.commits.map(({ elections }) => elections.map(({ header }) => header.blockNumber))).toEqual([[8], [8]]);
    await store.finish();
    await persistence.close();
  });

  it('writes election blocks of a failed commit again', async () => {
    const { chain, store, state } = setup();
    chain.grow(8);
    await turn();
    chain.grow(1);
    await store.finish(new StorageError('aborted', 'no'));
    expect(elections(store.commits[1])).toEqual([8]);
    await store.finish();
    expect(state.givenUp).toBe('');
  });

  it('issue 12: says that it writes again after a failed commit, once', async () => {
    const { chain, store, state } = setup();
    chain.grow(1);
    await turn();
    chain.grow(1);
    await store.finish(new StorageError('aborted', 'no'));
    await store.finish();
    chain.grow(1);
    await turn();
    await store.finish();
    expect(state.logged).toEqual(['commit-failed', 'storage-resumed']);
  });

  it('gives up after three failures in a row, and at once when it is no longer the owner', async () => {
    const many = setup();
    for (let i = 0; i < 3; i++) {
      many.chain.grow(1);
      await turn();
      await many.store.finish(new StorageError('quota', 'full'));
    }
    many.chain.grow(1);
    await turn();
    expect([many.store.commits.length, many.state.givenUp]).toEqual([3, 'quota']);

    const stale = setup();
    stale.chain.grow(1);
    await turn();
    await stale.store.finish(new StorageError('stale-owner', 'gone'));
    expect(stale.state.givenUp).toBe('stale-owner');
  });

  it('writes nothing while it has given up, and everything when there is a store again', async () => {
    const { chain, store, state, persistence } = setup();
    chain.grow(1);
    await turn();
    await store.finish(new StorageError('stale-owner', 'gone'));
    expect(state.givenUp).toBe('stale-owner');
    chain.grow(9);
    await turn();
    expect(store.commits).toHaveLength(1);
    const resumed = persistence.resume(undefined);
    await turn();
    expect(store.commits[1]).toMatchObject({ startsOver: true, head: { height: 10 } });
    expect(elections(store.commits[1])).toEqual([8]);
    await store.finish();
    await resumed;
    chain.grow(1);
    await turn();
    expect(store.commits[2]).toMatchObject({ startsOver: false, elections: [], head: { height: 11 } });
  });

  it('gives up at once when a store fails again', async () => {
    const { chain, store, state, persistence } = setup();
    persistence.suspend('unavailable');
    chain.grow(1);
    await turn();
    expect(store.commits).toEqual([]);
    const resumed = persistence.resume(undefined);
    const outcome = resumed.catch((error: unknown) => error);
    await turn();
    await store.finish(new StorageError('quota', 'full'));
    expect(await outcome).toMatchObject({ code: 'quota' });
    expect([state.givenUp, state.logged]).toEqual(['quota', []]);
    chain.grow(1);
    await turn();
    expect(store.commits).toHaveLength(1);
    // Nothing is left that could delay the end.
    await persistence.close();
  });

  it('close writes what is left, and retries a failed commit once', async () => {
    const { chain, store, persistence } = setup();
    chain.grow(1);
    await turn();
    await store.finish(new StorageError('aborted', 'no'));
    const closed = persistence.close();
    await turn();
    expect(store.commits.map(tail)).toEqual([[1], [1]]);
    await store.finish();
    await closed;
    chain.grow(1);
    await turn();
    expect(store.commits).toHaveLength(2);
  });

  it('close retries once a commit that fails during the close', async () => {
    const { chain, store, persistence } = setup();
    chain.grow(1);
    await turn();
    const closed = persistence.close();
    await store.finish(new StorageError('aborted', 'no'));
    await turn();
    expect(store.commits.map(tail)).toEqual([[1], [1]]);
    await store.finish();
    await closed;
  });
});
