import { expect, it } from 'vitest';
import { toHex } from '../../../base/bytes.ts';
import type { NetworkParameters } from './network.ts';
import { unitAlbatross } from './networks/unit-albatross.ts';
import { parametersHash } from './parameters-hash.ts';

const hash = (change: Partial<NetworkParameters> = {}) => toHex(parametersHash({ ...unitAlbatross, ...change }));
const zkp = { verifyingKey: '01'.repeat(3048), keysCommitment: '02'.repeat(190) };

it('issue 11.2: differs for everything that a verdict depends on', () => {
  const hashes = [
    hash(),
    hash({ genesisHash: '11'.repeat(32) }),
    // A version 1 hash does not cover all of the block.
    hash({ genesisBlock: `${unitAlbatross.genesisBlock}00` }),
    hash({ networkId: 6 }),
    hash({ blocksPerBatch: 33 }),
    hash({ batchesPerEpoch: 5 }),
    hash({ minProducerTimeout: 4001 }),
    hash({ pinnedElection: { hash: '22'.repeat(32) } }),
    hash({ pinnedElection: { hash: '33'.repeat(32) } }),
    hash({ zkp: undefined }),
    hash({ zkp }),
    hash({ zkp: { ...zkp, verifyingKey: '03'.repeat(3048) } }),
    hash({ zkp: { ...zkp, keysCommitment: '03'.repeat(190) } }),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});

it('is the same for other names, other seeds, newer rule versions and other waits', () => {
  expect(hash({ name: 'other', seeds: ['/ip4/127.0.0.1/tcp/9/ws'], maxVersion: 1, blockSeparationTime: 7, timestampMaxDrift: 1, development: undefined })).toBe(hash());
});
