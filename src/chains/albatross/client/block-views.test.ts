import { describe, expect, it } from 'vitest';
import { genesisLink, makeChain, makeSkip } from '../../../../test/support/chain-maker.ts';
import { FakeChain, fakeDraw, fakeVerify } from '../../../../test/support/fake-chain.ts';
import { LightChain } from '../chain/light-chain.ts';
import { mainAlbatross } from '../chain/networks/main-albatross.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { policyOf } from '../chain/policy-of.ts';
import { block as blockCodec } from '../wire/blocks.ts';
import { decode } from '../../../base/postcard/codec.ts';
import { blockView, headOf, headView, networkView } from './block-views.ts';

const links = makeChain(genesisLink, 328);
const linkAt = (height: number) => links[height - 201]!;
const unitPolicy = policyOf(unitAlbatross);
const standing = { trust: 'proven', pendingTrust: 'witnessed', finalHeight: 232 } as const;

const onChain = { place: 'chain', linkedFrom: undefined } as const;

describe('views', () => {
  it('shows a block with its place and trust level', () => {
    const { block, hash } = linkAt(233);
    expect(headView(linkAt(233), unitPolicy, standing)).toEqual({
      height: 233, hash, timestamp: block.header.timestamp, trust: 'witnessed', finality: 'pending',
      details: { chain: 'albatross', type: 'micro', version: 1, epoch: 1, batch: 2 },
    });
    expect(headView(linkAt(232), unitPolicy, standing)).toMatchObject({ trust: 'proven', finality: 'final', details: { type: 'checkpoint', epoch: 1, batch: 1 } });
    expect(headView(linkAt(328), unitPolicy, standing)).toMatchObject({ details: { type: 'election', epoch: 1, batch: 4 } });
    expect(headView(makeSkip(linkAt(233)), unitPolicy, standing)).toMatchObject({ height: 234, details: { type: 'skip' } });
  });

  it('shows a whole header with the bytes of the block', () => {
    const { block, hash } = linkAt(328);
    const view = blockView({ hash, block, whole: true, ...onChain }, unitPolicy, standing);
    expect(view).toMatchObject({ hash, parentHash: linkAt(327).hash, details: { type: 'election', parentElectionHash: unitAlbatross.genesisHash, stateRoot: block.header.stateRoot } });
    expect(decode(blockCodec, view.bytes)).toEqual(block);
    expect(blockView({ ...linkAt(201), whole: true, ...onChain }, unitPolicy, standing).details).toMatchObject({ parentElectionHash: undefined });
  });

  it('shows an election block without bytes if only its header is held', () => {
    const { block, hash } = linkAt(328);
    const header = { ...block.header, validators: undefined };
    const view = blockView({ hash, block: { ...block, header } as typeof block, whole: false, ...onChain }, unitPolicy, standing);
    expect(view).toMatchObject({ hash, details: { type: 'election' } });
    expect(view.bytes).toHaveLength(0);
  });

  it('shows a block outside the chain as not final, and an unlinked block as a claim', () => {
    const found = { ...linkAt(201), whole: true, linkedFrom: undefined };
    expect(blockView({ ...found, place: 'chain' }, unitPolicy, standing)).toMatchObject({ trust: 'proven', finality: 'final' });
    expect(blockView({ ...found, place: 'reverted' }, unitPolicy, standing)).toMatchObject({ finality: 'pending' });
    expect(blockView({ ...found, place: 'unlinked' }, unitPolicy, standing)).toMatchObject({ trust: 'claimed', finality: 'pending' });
  });

  it('shows the network', () => {
    expect(networkView(unitAlbatross, 200)).toMatchObject({ name: 'unit-albatross', genesisHeight: 200, development: true, details: { blocksPerBatch: 32, batchesPerEpoch: 4 } });
    expect(networkView(mainAlbatross, 0).development).toBe(false);
  });
});

it('issue 11.5: a skip block without a successor is shown as pico at most, whatever level the chain has', async () => {
  const fake = new FakeChain().growTo(236);
  const chain = new LightChain({ network: unitAlbatross, verify: fakeVerify, draw: fakeDraw, clock: { now: () => fake.head.block.header.timestamp + 100_000 } });
  for (let height = 201; height <= 236; height += 1) await chain.push(fake.at(height).block);
  expect(headOf(chain, 'proven', true).latest).toMatchObject({ height: 236, trust: 'proven' });
  const skips = fake.fork(236, 3);
  for (let count = 0; count < 2; count += 1) {
    skips.append(skips.makeSkip());
    await chain.push(skips.head.block);
  }
  expect(headOf(chain, 'proven', true).latest).toMatchObject({ height: 238, trust: 'witnessed', details: { type: 'skip' } });
  expect(chain.unbuiltFrom).toBe(237);
  skips.append(skips.make());
  await chain.push(skips.head.block);
  expect(headOf(chain, 'proven', true).latest).toMatchObject({ height: 239, trust: 'proven' });
});

it('at the genesis block the network counts as unknown until a consensus of peers knows it', async () => {
  const fake = new FakeChain().growTo(201);
  const chain = new LightChain({ network: unitAlbatross, verify: fakeVerify, draw: fakeDraw, clock: { now: () => fake.head.block.header.timestamp + 100_000 } });
  expect(headOf(chain, 'proven', false)).toMatchObject({ known: false, latest: { height: 200 } });
  expect(headOf(chain, 'proven', true).known).toBe(true);
  await chain.push(fake.at(201).block);
  expect(headOf(chain, 'proven', false).known).toBe(true);
});
