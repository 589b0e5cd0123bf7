import { describe, expect, it } from 'vitest';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { loadGenesis } from '../chain/genesis.ts';
import { genesisRecord, type ProofRecord } from '../chain/proof-record.ts';
import { StoredProofs } from './stored-proofs.ts';

const block = loadGenesis(unitAlbatross);
const record: ProofRecord = genesisRecord({ genesis: { block, hash: unitAlbatross.genesisHash, height: 200, kind: 'election', mainChain: true } });
const withBlocks = (electionBlocks: number): ProofRecord => ({ ...record, checked: { ...record.checked, electionBlocks } });

/** A store whose writes the test releases. */
class FakeStore {
  readonly written: (number | string)[] = [];
  readonly #pending: { resolve: () => void; reject: (error: Error) => void }[] = [];
  putProof({ checked }: ProofRecord): Promise<void> {
    return this.#write(checked.electionBlocks);
  }
  dropProof(origin: string): Promise<void> {
    return this.#write(`drop ${origin}`);
  }
  #write(what: number | string): Promise<void> {
    this.written.push(what);
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }
  async finish(error?: Error): Promise<void> {
    const { resolve, reject } = this.#pending.shift()!;
    if (error) reject(error);
    else resolve();
    await new Promise((next) => setTimeout(next, 0));
  }
}

describe('StoredProofs', () => {
  it('writes one record at a time, and then the newest of those that arrived meanwhile', async () => {
    const store = new FakeStore();
    const proofs = new StoredProofs(store, [], () => expect.unreachable());
    for (const blocks of [1, 2, 3]) proofs.save(withBlocks(blocks));
    expect(store.written).toEqual([1]);
    await store.finish();
    expect(store.written).toEqual([1, 3]);
    await store.finish();
    await proofs.flush();
    expect(proofs.records.map(({ checked }) => checked.electionBlocks)).toEqual([3]);
  });

  it('drops forgotten records', async () => {
    const store = new FakeStore();
    const proofs = new StoredProofs(store, [record], () => expect.unreachable());
    proofs.forget('genesis');
    expect(store.written).toEqual(['drop genesis']);
    expect(proofs.records).toEqual([]);
    await store.finish();
  });

  it('issue 11.3: treats stored records as claims until they are verified again; of each origin the longer record counts', async () => {
    const proofs = new StoredProofs(new FakeStore(), [record], () => expect.unreachable());
    expect(proofs).toMatchObject({ claims: [record], records: [] });
    proofs.confirm([record]);
    expect(proofs).toMatchObject({ claims: [], records: [record] });
    proofs.confirm([withBlocks(7)]);
    expect(proofs.records).toEqual([record]);
  });

  it('drops false claims, and nothing else', async () => {
    const store = new FakeStore();
    const proofs = new StoredProofs(store, [record], () => expect.unreachable());
    proofs.drop();
    expect(proofs.claims).toEqual([]);
    expect(store.written).toEqual(['drop genesis']);
    await store.finish();
  });

  it('reports a failure, and goes on', async () => {
    const store = new FakeStore();
    let failures = 0;
    const proofs = new StoredProofs(store, [], () => (failures += 1));
    proofs.save(withBlocks(1));
    await store.finish(new Error('no room'));
    proofs.save(withBlocks(2));
    expect(store.written).toEqual([1, 2]);
    expect(failures).toBe(1);
    await store.finish();
    await proofs.flush();
  });
});
