import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../../test/support/fake-chain.ts';
import { FakePeer } from '../../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../../test/support/sync-world.ts';
import { blockHash } from '../../chain/hashes.ts';
import type { Block } from '../../wire/types.ts';

let world: SyncWorld | undefined;
afterEach(async () => {
  await world?.end();
  world = undefined;
});

const chain = new FakeChain().growTo(600);

/** The election block without its signatures, which no hash covers. */
function unsigned(block: Block): Block {
  return block.type === 'macro' && block.header.validators ? { ...block, justification: undefined } : block;
}

/** The election block with its slot bands moved by one. Before version 2 the hash is the same. */
function moved(block: Block): Block {
  if (block.type !== 'macro' || !block.header.validators) return block;
  const validators = block.header.validators.map((validator) => ({ ...validator, slots: { start: validator.slots.start + 1, end: validator.slots.end + 1 } }));
  return { ...block, header: { ...block.header, validators } };
}

describe.each([
  ['slot-bands-not-contiguous', moved],
  ['missing-justification', unsigned],
])('a copy that breaks %s', (code, change) => {
  it.each([
    ['five known by names', ['name:a.test', 'name:b.test', 'name:c.test', 'name:d.test', 'name:e.test'], 'name:evil.test'],
    ['one in a network of its own', ['5.2.3.0/24'], '9.9.9.0/24'],
    ['two in networks of their own', ['5.2.3.0/24', '5.3.3.0/24'], '9.9.9.0/24'],
  ])('issue 11.1: blames only the peer that sent it: %s', async (_, subnets, liars) => {
    expect(blockHash(change(chain.electionHead.block))).toBe(chain.electionHead.hash);
    world = await new SyncWorld().start();
    const honest = subnets.map((subnet, index) => new FakePeer(`h${index}`, chain.copy(), { subnet }));
    const liar = new FakePeer('liar', chain.copy(), { subnet: liars, latency: 5 });
    liar.twists.block = (_body, answer) => {
      const given = answer();
      return given.ok ? { ok: true, value: change(given.value) } : given;
    };
    world.net.join(liar, ...honest);
    await world.clock.advance(60_000);
    expect(new Set(world.net.lies)).toEqual(new Set([`liar ${code}`]));
    expect(world.chain.head.hash).toBe(chain.head.hash);
  });
});

describe('issue 11: an election block with signatures of other validators, which show as false only when the way from genesis is verified', () => {
  const forged = (block: Block): Block => (block.type === 'macro' && block.header.validators && block.justification ? { ...block, justification: { ...block.justification, round: 7 } } : block);

  async function follow(prove: boolean): Promise<SyncWorld> {
    world = await new SyncWorld({ prove }).start();
    const liar = new FakePeer('liar', chain.copy(), { subnet: '9.9.9.0/24', latency: 5 });
    liar.twists.block = (_body, answer) => {
      const given = answer();
      return given.ok ? { ok: true, value: forged(given.value) } : given;
    };
    world.net.join(liar, ...['5.2.3.0/24', '5.3.3.0/24'].map((subnet, index) => new FakePeer(`h${index}`, chain.copy(), { subnet, latency: 50 })));
    await world.clock.advance(60_000);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    return world;
  }

  it('is held without the signatures', async () => {
    const { chain: ours, net } = await follow(false);
    expect(ours.electionHead.hash).toBe(chain.electionHead.hash);
    expect(ours.electionHead.block.justification).toBeUndefined();
    expect(net.lies).toEqual([]);
  });

  it('gets the true ones when they are verified, and the liar is blamed', async () => {
    const { chain: ours, net, sync } = await follow(true);
    expect(sync.anchor.kind).toBe('genesis');
    expect(ours.electionHead.block).toEqual(chain.electionHead.block);
    expect(ours.macroHead.block).toBe(ours.electionHead.block);
    expect(new Set(net.lies)).toEqual(new Set(['liar invalid-justification']));
  });
});
