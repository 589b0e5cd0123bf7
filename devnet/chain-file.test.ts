import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { loadGenesis } from '../src/chains/albatross/chain/network-parameters.ts';
import { DataError, FORMAT, openChainFile, readIdentity, writeIdentity } from './chain-file.ts';
import { blockHash } from '../src/chains/albatross/chain/hashes.ts';
import { DevChain } from './chain.ts';
import { createDevnet } from './devnet.ts';
import { unitValidator } from './validators.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'devnet-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function someBlocks(count: number): readonly ReturnType<DevChain['produce']>[] {
  const unit = [unitValidator(loadGenesis(unitAlbatross).header.validators![0]!)];
  const chain = new DevChain({ network: unitAlbatross, seed: 'file', genesisValidators: unit, electedValidators: unit, now: () => 1_800_000_000_000 });
  return Array.from({ length: count }, () => chain.produce());
}

describe('the chain file', () => {
  it('gives back all appended blocks, over several sessions', () => {
    const blocks = someBlocks(33);
    const first = openChainFile(dir);
    expect(first.blocks).toEqual([]);
    for (const block of blocks.slice(0, 20)) first.append(block);
    first.close();
    const second = openChainFile(dir);
    expect(second.blocks).toEqual(blocks.slice(0, 20));
    for (const block of blocks.slice(20)) second.append(block);
    second.close();
    expect(openChainFile(dir).blocks).toEqual(blocks);
  });

  it('drops a truncated last frame, and appends after it', () => {
    const [one, two] = someBlocks(2);
    const first = openChainFile(dir);
    first.append(one!);
    first.close();
    appendFileSync(join(dir, 'chain.bin'), Uint8Array.of(0, 0, 1, 0, 1, 2, 3));
    const second = openChainFile(dir);
    expect(second.blocks).toEqual([one]);
    second.append(two!);
    second.close();
    expect(openChainFile(dir).blocks).toEqual([one, two]);
  });

  it('refuses a file that is no chain', () => {
    writeFileSync(join(dir, 'chain.bin'), Uint8Array.of(0, 0, 0, 2, 9, 9));
    expect(() => openChainFile(dir)).toThrow(DataError);
    writeFileSync(join(dir, 'chain.bin'), Uint8Array.of(255, 0, 0, 2, 9, 9));
    expect(() => openChainFile(dir)).toThrow(/damaged/);
    writeFileSync(join(dir, 'identity.json'), '{}');
    expect(() => readIdentity(dir)).toThrow(DataError);
    writeFileSync(join(dir, 'identity.json'), JSON.stringify({ format: 1, seed: 's', genesisHash: '' }));
    expect(() => readIdentity(dir)).toThrow(/an older devnet made it/);
  });

  it('keeps the identity', () => {
    expect(readIdentity(dir)).toBeUndefined();
    const identity = { format: FORMAT, seed: 's', genesisHash: unitAlbatross.genesisHash, validators: 3 } as const;
    writeIdentity(dir, identity);
    expect(readIdentity(dir)).toEqual(identity);
  });
});

describe('--data', () => {
  it('continues a history with validators that change, with their secrets', async () => {
    const options = { port: 0, peers: 1, blockTime: 0, data: dir, epochs: 2, validators: 3, version: 2 };
    const first = await createDevnet(options);
    await first.produce(40);
    const { head } = first.info();
    await first.close();
    const second = await createDevnet(options);
    expect(second.info().head).toEqual(head);
    for (const { block, hash } of [second.chain.head, second.chain.electionHead, second.chain.at(328)!]) expect(blockHash(block)).toBe(hash);
    await second.produce(128);
    const made = second.info();
    expect(made).toMatchObject({ version: 2, head: { height: head.height + 128 }, electionHead: { height: 584 } });
    await second.close();
    const third = await createDevnet(options);
    expect(third.info().head).toEqual(made.head);
    await third.close();
  });


  it('continues chain and identities, a branch included', async () => {
    const first = await createDevnet({ port: 0, peers: 2, blockTime: 0, data: dir, epochs: 2 });
    await first.produce(3);
    await first.fork(1, 2);
    const { head, peers } = first.info();
    expect(head.height).toBe(456 + 4);
    await first.close();
    const second = await createDevnet({ port: 0, peers: 2, blockTime: 0, data: dir, epochs: 2 });
    expect(second.info().head).toEqual(head);
    expect(second.info().peers.map(({ id }) => id)).toEqual(peers.map(({ id }) => id));
    expect(second.chain.at(459)?.hash).toBe(first.chain.at(459)?.hash);
    await second.produce(1);
    await second.close();
    await expect(createDevnet({ port: 0, peers: 1, blockTime: 0, data: dir, seed: 'another' })).rejects.toMatchObject({ name: 'DataError', code: 'other-seed' });
    await expect(createDevnet({ port: 0, peers: 1, blockTime: 0, data: dir, validators: 3 })).rejects.toMatchObject({ code: 'other-validators' });
    await expect(createDevnet({ port: 0, peers: 1, blockTime: 0, data: dir, networkFile: join(dir, 'n.json') })).rejects.toMatchObject({ code: 'other-network' });
  });
});
