import { describe, expect, it } from 'vitest';
import { genesisLink, makeChain, makeSkip } from '../../test/support/chain-maker.ts';
import { unitAlbatross } from '../albatross/chain/networks/unit-albatross.ts';
import { policyOf } from '../albatross/chain/policy.ts';
import { block as blockCodec } from '../albatross/wire/blocks.ts';
import { decode } from '../albatross/wire/postcard/codec.ts';
import { blockView, headView, networkView } from './views.ts';

const links = makeChain(genesisLink, 328);
const linkAt = (height: number) => links[height - 201]!;
const unitPolicy = policyOf(unitAlbatross);
const standing = { trust: 'proven', pendingTrust: 'pico', finalHeight: 232 } as const;

describe('views', () => {
  it('shows a block with its standing', () => {
    const { block, hash } = linkAt(233);
    expect(headView(linkAt(233), unitPolicy, standing)).toEqual({
      height: 233, hash, timestamp: block.header.timestamp, type: 'micro', version: 1, epoch: 1, batch: 2, trust: 'pico', finality: 'pending',
    });
    expect(headView(linkAt(232), unitPolicy, standing)).toMatchObject({ type: 'checkpoint', epoch: 1, batch: 1, trust: 'proven', finality: 'final' });
    expect(headView(linkAt(328), unitPolicy, standing)).toMatchObject({ type: 'election', epoch: 1, batch: 4 });
    expect(headView(makeSkip(linkAt(233)), unitPolicy, standing)).toMatchObject({ type: 'skip', height: 234 });
  });

  it('shows a whole header with the bytes of the block', () => {
    const { block, hash } = linkAt(328);
    const view = blockView({ hash, block, whole: true }, unitPolicy, standing);
    expect(view).toMatchObject({ hash, type: 'election', parentHash: linkAt(327).hash, parentElectionHash: unitAlbatross.genesisHash, stateRoot: block.header.stateRoot });
    expect(decode(blockCodec, view.bytes)).toEqual(block);
    expect(blockView({ ...linkAt(201), whole: true }, unitPolicy, standing).parentElectionHash).toBeUndefined();
  });

  it('shows an election block of which only the header is held as what it is, without bytes', () => {
    const { block, hash } = linkAt(328);
    const header = { ...block.header, validators: undefined };
    const view = blockView({ hash, block: { ...block, header } as typeof block, whole: false }, unitPolicy, standing);
    expect(view).toMatchObject({ hash, type: 'election' });
    expect(view.bytes).toHaveLength(0);
  });

  it('shows the network', () => {
    expect(networkView(unitAlbatross, 200)).toMatchObject({ name: 'unit-albatross', genesisHeight: 200, blocksPerBatch: 32, batchesPerEpoch: 4 });
  });
});
