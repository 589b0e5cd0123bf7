import { describe, expect, it, vi } from 'vitest';
import { fakeStatus } from '../../test/support/fake-wallet-client.ts';
import { recording, type RecordedBlock } from '../../test/support/node-recordings.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import { decode } from '../base/postcard/codec.ts';
import { blockView, networkView } from '../chains/albatross/client/block-views.ts';
import { policyWith } from '../chains/albatross/chain/policy.ts';
import { block as blockCodec } from '../chains/albatross/wire/blocks.ts';
import type { BlockView, Client } from '../client/types.ts';
import { PlainBlocks } from './plain-blocks.ts';

const { blocks } = recording('blocks');
const policy = policyWith({ genesisNumber: 200, blocksPerBatch: 32, batchesPerEpoch: 4 });
const at = (height: number): RecordedBlock => {
  const found = blocks.find((block) => block.height === height);
  if (!found) throw new Error(`no block ${height}`);
  return found;
};

/** A block as the hub tells it. */
function viewOf({ hash, header }: RecordedBlock, place: BlockView['place'] = 'chain'): BlockView {
  return blockView({ hash, place, linkedFrom: undefined, whole: true, block: decode(blockCodec, fromHex(header)) }, policy, { trust: 'proven', pendingTrust: 'proven', finalHeight: 488 });
}

/** Our client with the node's blocks, but for those that a test takes away or changes. */
function plainBlocks(changed: ReadonlyMap<number, BlockView | undefined> = new Map()) {
  const getBlock = vi.fn<Client['getBlock']>(async (key) => {
    const found = blocks.find(({ height, hash }) => key === height || key === hash);
    return found && (changed.has(found.height) ? changed.get(found.height) : viewOf(found));
  });
  return { getBlock, plain: new PlainBlocks({ getBlock, getStatus: async () => fakeStatus() }) };
}

describe('blocks in the official form', () => {
  it('have the producer that the node names, skip blocks too', async () => {
    const { plain } = plainBlocks();
    const named = blocks.filter(({ height, proposer, kind }) => height > 328 && proposer && (kind === 'micro' || kind === 'skip'));
    expect(named.some(({ kind }) => kind === 'skip')).toBe(true);
    expect(named.length).toBeGreaterThan(150);
    for (const { hash, proposer } of named) {
      expect(await plain.get(hash)).toMatchObject({ type: 'micro', hash, producer: { slotNumber: proposer?.slot, validator: proposer?.validator } });
    }
  });

  it('have all fields of a micro block', async () => {
    const micro = at(340);
    const { header } = decode(blockCodec, fromHex(micro.header));
    const plain = await plainBlocks().plain.get(micro.hash);
    expect(plain).toEqual({
      type: 'micro', hash: micro.hash, size: micro.header.length / 2, height: 340, batch: 5, epoch: 2, timestamp: micro.timestamp, network: 'UnitAlbatross', version: 1,
      prevHash: micro.parentHash, seed: toHex(header.seed), extraData: '', stateHash: micro.stateRoot, bodyHash: micro.bodyRoot, historyHash: micro.historyRoot,
      producer: { slotNumber: micro.proposer?.slot, validator: micro.proposer?.validator, publicKey: expect.stringMatching(/^[0-9a-f]{570}$/u) },
    });
  });

  it('have all fields of a macro block, by hash and by height', async () => {
    const { plain } = plainBlocks();
    const election = at(456);
    const checkpoint = at(488);
    expect(await plain.get(456)).toEqual({
      type: 'macro', hash: election.hash, size: election.header.length / 2, height: 456, batch: 8, epoch: 2, timestamp: election.timestamp, network: 'UnitAlbatross', version: 1,
      prevHash: election.parentHash, seed: expect.stringMatching(/^[0-9a-f]{192}$/u), extraData: '', stateHash: election.stateRoot, bodyHash: election.bodyRoot,
      historyHash: election.historyRoot, isElectionBlock: true, round: 0, prevElectionHash: at(328).hash,
    });
    expect(await plain.get(checkpoint.hash)).toMatchObject({ type: 'macro', height: 488, isElectionBlock: false, prevElectionHash: election.hash });
  });

  it('are asked for once when a wallet looks at every new head', async () => {
    const { plain, getBlock } = plainBlocks();
    for (let height = 490; height < 500; height += 1) await plain.get(at(height).hash);
    // Ten heads, the parent of the first, the macro block and the election block before it.
    expect(getBlock).toHaveBeenCalledTimes(13);
  });

  it('are not found if a block cannot be proven or its form cannot be made', async () => {
    const micro = at(340);
    const notFound = (key: string | number) => expect.objectContaining({ name: 'NimiqError', code: 'not-found', message: `Block not found: ${key}` });
    const unknown = '00'.repeat(32);
    await expect(plainBlocks().plain.get(unknown)).rejects.toEqual(notFound(unknown));
    await expect(plainBlocks().plain.get(7000)).rejects.toEqual(notFound(7000));
    await expect(plainBlocks(new Map([[340, viewOf(micro, 'unlinked')]])).plain.get(micro.hash)).rejects.toEqual(notFound(micro.hash));
    // A part of an old election block.
    const part = { ...viewOf(at(456)), bytes: new Uint8Array(0) };
    await expect(plainBlocks(new Map([[456, part]])).plain.get(456)).rejects.toEqual(notFound(456));
    for (const missing of [339, 328]) await expect(plainBlocks(new Map([[missing, undefined]])).plain.get(micro.hash)).rejects.toEqual(notFound(micro.hash));
  });

  it('are shown if another branch won', async () => {
    const micro = at(340);
    expect(await plainBlocks(new Map([[340, viewOf(micro, 'reverted')]])).plain.get(micro.hash)).toMatchObject({ hash: micro.hash });
  });

  it('are counted by the network that the status names', () => {
    // The fake status has the form of the hub's.
    expect(fakeStatus().network).toMatchObject({ details: networkView({ blocksPerBatch: 32, batchesPerEpoch: 4, blockSeparationTime: 1000 } as Parameters<typeof networkView>[0], 200).details });
  });
});
