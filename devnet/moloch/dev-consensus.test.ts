import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src/base/bytes.ts';
import { blockHash, eventId, hashPair } from '../../src/chains/moloch/chain/hash.ts';
import { canonicalEventBytes } from '../../src/chains/moloch/wire/event.ts';
import { headerSigningBytes } from '../../src/chains/moloch/wire/header.ts';
import { decodeBlock, encodeBlock } from '../../src/chains/moloch/wire/block.ts';
import { verifyEd25519Sync } from '../../src/crypto/ed25519.ts';
import { DevConsensus, type ConsensusOptions } from './dev-consensus.ts';
import { eventSiblings, eventsRootOf, MountainRange, rootOfPeaks, withLeaf, type Peak } from './dev-trees.ts';
import vectors from '../../test/vectors/moloch.json' with { type: 'json' };

const OPTIONS: ConsensusOptions = { seed: 'test', nodes: 4, genesisTime: 1_700_000_000_000 };

function consensus(change: Partial<ConsensusOptions> = {}) {
  const told: string[] = [];
  const network = new DevConsensus(
    { ...OPTIONS, ...change },
    {
      block: (node, { height }) => void told.push(`${node.index} block ${height}`),
      vote: (node, { height, votes }) => void told.push(`${node.index} vote ${votes.size} for ${height}`),
      final: (node, { height }) => void told.push(`${node.index} final ${height}`),
    },
  );
  return { network, told, of: (node: number) => told.filter((line) => line.startsWith(`${node} `)).map((line) => line.slice(2)) };
}

const heads = (network: DevConsensus) => network.nodes.map(({ chain, final }) => `${chain.length - 1}/${final}`);

describe('blocks of the local network', () => {
  it('are the same for the same seed, and others for another', () => {
    const [first, second, other] = ['a', 'a', 'b'].map((seed) => consensus({ seed }).network.produce(10).map(({ hash }) => hash));
    expect(first).toEqual(second);
    expect(first).not.toEqual(other);
  });

  it('keep the rules: parent, seal, turn, time, events root, attestations, mmr root, votes', () => {
    const { network } = consensus();
    network.produce(12);
    const { chain } = network.nodes[0]!;
    let peaks: readonly Peak[] = [];
    for (const [height, { block, hash, votes }] of chain.entries()) {
      const { header, events } = block;
      expect(decodeBlock(encodeBlock(block))).toEqual(block);
      expect(header).toMatchObject({ height, eventsCount: events.length, eventsRoot: eventsRootOf(events.map(eventId)), mmrRoot: rootOfPeaks(peaks), sealer: network.validators[height % 4]!.key });
      const before = chain[height - 1];
      expect(header).toMatchObject({ parent: before?.hash ?? '0'.repeat(64), time: before === undefined ? OPTIONS.genesisTime : before.block.header.time + 1000 });
      expect(blockHash(header)).toBe(hash);
      expect(verifyEd25519Sync(fromHex(header.sealer), headerSigningBytes(header), header.seal)).toBe(true);
      for (const event of events) {
        const { attester, signature, chain: links } = event.attestation;
        expect(verifyEd25519Sync(fromHex(attester), canonicalEventBytes(event), signature)).toBe(true);
        for (const link of links) expect(verifyEd25519Sync(fromHex(link.attester), signature, link.signature)).toBe(true);
      }
      expect([...votes.keys()]).toEqual(network.validators.map(({ key }) => key));
      for (const [key, signature] of votes) expect(verifyEd25519Sync(fromHex(key), fromHex(hash), signature)).toBe(true);
      peaks = withLeaf(peaks, hash);
    }
  });

  it('show all 37 types of events over time', () => {
    const { network } = consensus();
    network.produce(20);
    expect(new Set(network.nodes[0]!.chain.flatMap(({ block }) => block.events.map(({ type }) => type.kind))).size).toBe(37);
  });
});

describe('votes of the local network', () => {
  it('follow the block, and three of four make it final', () => {
    const { network, of } = consensus();
    network.produce(1);
    expect(of(2)).toEqual(['block 1', 'vote 1 for 1', 'vote 2 for 1', 'vote 3 for 1', 'final 1', 'vote 4 for 1']);
  });

  it('do not make it final if two are withheld; a later block with three makes both final', () => {
    const { network, of } = consensus();
    network.nodes[0]!.withholds = true;
    network.nodes[3]!.withholds = true;
    network.produce(1);
    expect(of(1)).toEqual(['block 1', 'vote 1 for 1', 'vote 2 for 1']);
    expect(heads(network)).toEqual(['1/0', '1/0', '1/0', '1/0']);
    network.nodes[0]!.withholds = false;
    network.produce(1);
    expect(heads(network)).toEqual(['2/2', '2/2', '2/2', '2/2']);
  });

  it('are all cast when there are fewer nodes than validators', () => {
    const { network } = consensus({ nodes: 1 });
    network.produce(3);
    expect(heads(network)).toEqual(['3/3']);
    expect(network.nodes[0]!.chain[3]!.votes.size).toBe(4);
  });
});

describe('branches', () => {
  it('replace blocks that are not final, and become final with three votes', () => {
    const { network } = consensus();
    network.produce(3);
    for (const index of [2, 3]) network.nodes[index]!.withholds = true;
    const [loser] = network.produce(1);
    network.nodes[2]!.withholds = false;
    const made = network.fork(1, 3);
    expect(loser!.votes.size).toBe(2);
    expect(made.map(({ height, votes }) => [height, votes.size])).toEqual([[4, 3], [5, 3], [6, 3]]);
    expect(made[0]!.block.header.parent).toBe(loser!.block.header.parent);
    expect(made[0]!.hash).not.toBe(loser!.hash);
    expect(heads(network)).toEqual(['6/6', '6/6', '6/6', '6/6']);
  });

  it('never replace a final block', () => {
    const { network } = consensus();
    network.produce(3);
    expect(() => network.fork(1, 3)).toThrow(expect.objectContaining({ code: 'impossible' }));
  });

  it('part and come together: the part with three validators wins, two and two make nothing final', () => {
    const { network } = consensus();
    network.produce(2);
    network.partition([[0]]);
    expect(network.groups).toEqual([[0], [1], [2], [3]]);
    network.partition([[0], [1, 2, 3]]);
    network.produce(2);
    expect(heads(network)).toEqual(['4/2', '4/4', '4/4', '4/4']);
    network.partition([]);
    expect(heads(network)).toEqual(['4/4', '4/4', '4/4', '4/4']);
    network.partition([[0, 1], [2, 3]]);
    network.produce(2);
    expect(heads(network)).toEqual(['6/4', '6/4', '6/4', '6/4']);
    network.partition([]);
    network.produce(1);
    expect(heads(network)).toEqual(['7/7', '7/7', '7/7', '7/7']);
    expect(new Set(network.nodes.map(({ chain }) => chain.at(-1)!.hash)).size).toBe(1);
  });

  it('refuse groups that name a node twice or none of ours', () => {
    const { network } = consensus();
    for (const groups of [[[0, 0]], [[0], [0]], [[7]]]) expect(() => network.partition(groups)).toThrow(expect.objectContaining({ code: 'unknown-peer' }));
  });
});

describe('trees', () => {
  it('have the roots and proofs of the vectors', () => {
    for (const { leaves, root, size, peaks } of vectors.mmr) {
      const all = vectors.mmrLeaves.slice(0, leaves);
      const range = new MountainRange(all);
      expect([range.nodes.length, range.peaks]).toEqual([size, peaks]);
      expect(rootOfPeaks(all.reduce<readonly Peak[]>(withLeaf, []))).toBe(root);
      for (let index = 0; index < leaves; index += 1) {
        const { siblings } = range.prove(index);
        let node = all[index]!;
        for (const [depth, sibling] of siblings.entries()) node = ((index >> depth) & 1) === 1 ? hashPair(sibling, node) : hashPair(node, sibling);
        expect(range.peaks).toContain(node);
      }
    }
    const ids = vectors.events.map(({ id }) => id);
    for (const { n, root } of vectors.eventsRoots) {
      expect(eventsRootOf(ids.slice(0, n))).toBe(root);
      for (let index = 0; index < n; index += 1) {
        let node = ids[index]!;
        for (const [depth, sibling] of eventSiblings(ids.slice(0, n), index).entries()) node = ((index >> depth) & 1) === 1 ? hashPair(sibling, node) : hashPair(node, sibling);
        expect(node).toBe(root);
      }
    }
  });
});
