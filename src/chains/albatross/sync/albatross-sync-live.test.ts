import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain, withBadSignature, withPoisonedValidators } from '../../../../test/support/fake-chain.ts';
import type { FakeBlock } from '../../../../test/support/fake-chain.ts';
import { FakePeer } from '../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../test/support/sync-world.ts';
import type { WorldOptions } from '../../../../test/support/sync-world.ts';
import { blockHash } from '../chain/hashes.ts';
import type { Block } from '../wire/types.ts';

let world: SyncWorld;
afterEach(async () => {
  await world.end();
});

/** A client in consensus with some honest peers, at `height` of their chain. */
async function inConsensus(height: number, count = 4, options: WorldOptions = {}) {
  world = await new SyncWorld(options).start();
  const chain = new FakeChain().growTo(height);
  const peers = world.peers(count, chain);
  world.net.join(...peers);
  await world.established();
  await world.clock.untilTrue(() => world.chain.head.height === height);
  world.events.length = 0;
  world.net.requests.length = 0;
  return { chain, peers };
}
const announce = async (peer: FakePeer, block: FakeBlock) => {
  const verdict = await world.clock.until(world.net.announce(peer, block));
  await world.clock.advance(500);
  return verdict;
};

describe('live sync', () => {
  it('follows through an election block', async () => {
    const { chain, peers } = await inConsensus(320);
    await world.live(chain, 335, peers);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.chain.electionHead.height).toBe(328);
    expect(world.events).toEqual(Array.from({ length: 15 }, (_, i) => `announced ${321 + i}`));
    expect(world.net.asked('missing-blocks')).toEqual([]);
    // Two peers besides the announcer are asked for the election block, since its hash does not cover the signing keys.
    expect(world.net.asked('block').map(({ body }) => body.hash)).toEqual([chain.at(328).hash, chain.at(328).hash]);
    expect(new Set(world.net.verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['accept']));
  });

  it('does not trust the announcer alone for the signing keys of an election block', async () => {
    const { chain, peers } = await inConsensus(327);
    chain.growTo(328);
    await announce(peers[2]!, withPoisonedValidators(chain.head));
    expect(world.net.reports.filter(({ peer, kind }) => peer === 'p2' && kind === 'useful')).toEqual([]);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    // The client knows the true list only when a macro block makes later blocks final.
    await world.live(chain, 359, [peers[0]!, peers[1]!, peers[3]!]);
    expect(world.chain.head.height).toBe(328);
    expect(world.net.lies).toEqual([]);
    expect(world.phases.at(-1)).toBe('waiting:validator-list-undecided');
    await world.live(chain, 361, [peers[0]!, peers[1]!, peers[3]!]);
    expect(world.net.lies).toEqual(['p2 validators-differ']);
    expect(world.chain.head.height).toBe(361);
    expect(world.chain.pendingProven).toBe(true);
    expect(world.phases.at(-1)).toBe('established');
  });

  it('issue 11: a block with a too low height does not end the search for its parent', async () => {
    const { chain, peers } = await inConsensus(470);
    chain.growTo(500);
    const parent = chain.at(499);
    // Two batches begin before its real height: the height it claims lies in the first.
    const made: Block = { ...chain.head.block, header: { ...chain.head.block.header, blockNumber: 473 } } as Block;
    const low = { block: made, hash: blockHash(made), height: 473 };
    void world.net.announce(peers[0]!, low);
    void world.net.announce(peers[1]!, chain.head);
    await world.clock.advance(1500);
    expect(world.net.asked('missing-blocks').map(({ body }) => body.targetHash)).toEqual([parent.hash, parent.hash]);
    expect(world.chain.head.hash).toBe(chain.head.hash);
  });

  it('takes another chain when all peers return with it, as soon as it is longer', async () => {
    const { chain, peers } = await inConsensus(300);
    for (const { id } of peers) world.net.leave(id);
    const other = new FakeChain(5).growTo(240);
    const others = world.peers(4, other, {}, 'q');
    world.net.join(...others);
    await world.clock.advance(20_000);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.phases.at(-1)).toBe('waiting:chain-unknown');
    other.growTo(340);
    await world.clock.untilTrue(() => world.chain.head.hash === other.head.hash);
    await world.established();
    await world.live(other, 350, others);
    expect(world.chain.head.hash).toBe(other.head.hash);
    expect(world.consensus).toEqual(['established', 'lost', 'established']);
    expect(chain.head.height).toBe(300);
  });

  it('changes to the longer chain while nothing is final', async () => {
    const { peers } = await inConsensus(210);
    for (const { id } of peers) world.net.leave(id);
    const other = new FakeChain(5).growTo(205);
    const others = world.peers(4, other, {}, 'q');
    world.net.join(...others);
    await world.clock.advance(10_000);
    await world.live(other, 212, others);
    await world.clock.advance(6000);
    expect(world.chain.head.hash).toBe(other.head.hash);
    expect(world.notices).toEqual([]);
  });

  it('buffers blocks that arrive before their parent, and requests the missing ones from the announcer', async () => {
    const { chain, peers } = await inConsensus(250);
    chain.growTo(253);
    expect(await announce(peers[2]!, chain.head)).toBe('ignore');
    expect(world.chain.head.height).toBe(253);
    expect(world.events).toEqual(['buffer 253', 'missing 251', 'missing 252', 'missing x2', 'buffered 253']);
    const [asked, ...more] = world.net.asked('missing-blocks');
    expect(more).toEqual([]);
    expect(asked!.peer).toBe('p2');
    expect(asked!.body).toMatchObject({ targetHash: chain.at(252).hash, includeBody: false, direction: 'forward' });
    expect(asked!.body.locators).toEqual(Array.from({ length: 19 }, (_, i) => chain.at(250 - i).hash));
  });

  it('finds a block whose announcement never arrived with a head round', async () => {
    const { chain } = await inConsensus(250);
    chain.growTo(251);
    await world.clock.advance(6000);
    expect(world.chain.head.height).toBe(251);
    expect(world.events).toEqual(['requested 251']);
  });

  it('closes a gap over macro and election blocks', async () => {
    const { chain, peers } = await inConsensus(300);
    chain.growTo(340);
    await announce(peers[0]!, chain.head);
    await world.clock.advance(2000);
    expect(world.chain.head.height).toBe(340);
    expect(world.net.asked('missing-blocks')).toHaveLength(2);
    expect(world.chain.electionHead.hash).toBe(chain.at(328).hash);
  });

  it('releases buffered blocks in order when announcements come in any order', async () => {
    const { chain, peers } = await inConsensus(250);
    for (const peer of peers) peer.twists['missing-blocks'] = () => 'stall';
    chain.growTo(256);
    for (const height of [256, 253, 255, 252, 254]) await announce(peers[height % 4]!, chain.at(height));
    expect(world.chain.head.height).toBe(250);
    expect(world.sync.consensus).toBe('established');
    await announce(peers[0]!, chain.at(251));
    expect(world.chain.head.height).toBe(256);
  });

  it('follows a longer branch, and a skip block', async () => {
    const { chain, peers } = await inConsensus(250);
    const other = chain.fork(249, 5).growTo(252);
    await announce(peers[0]!, other.at(250));
    expect(world.chain.head.hash).toBe(chain.at(250).hash);
    await announce(peers[0]!, other.at(251));
    expect(world.chain.head.hash).toBe(other.at(251).hash);
    const skip = other.fork(251, 5).makeSkip();
    await announce(peers[1]!, other.at(252));
    await announce(peers[1]!, skip);
    expect(world.chain.head.hash).toBe(skip.hash);
  });

  it('blames only the sender for a bad signature, and takes the same block from another peer', async () => {
    const { chain, peers } = await inConsensus(250);
    chain.growTo(251);
    expect(await announce(peers[1]!, withBadSignature(chain.head))).toBe('reject');
    expect(world.net.lies).toEqual(['p1 invalid-signature']);
    // The head round after a lie has already brought it from the other peers.
    expect(await announce(peers[0]!, chain.head)).toBe('accept');
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.states()).toEqual({ p0: 'live', p2: 'live', p3: 'live' });
  });

  it('blames the sender also when the good copy came first', async () => {
    const { chain, peers } = await inConsensus(320);
    chain.growTo(321);
    await announce(peers[0]!, chain.head);
    expect(world.chain.head.height).toBe(321);
    expect(await announce(peers[1]!, withBadSignature(chain.head))).toBe('reject');
    expect(await announce(peers[2]!, chain.head)).toBe('accept');
    expect(world.net.lies).toEqual(['p1 invalid-signature']);
  });

  it('blames the sender also when the good copy was being verified', async () => {
    const { chain, peers } = await inConsensus(320);
    chain.growTo(321);
    const first = world.net.announce(peers[0]!, chain.head);
    const second = world.net.announce(peers[1]!, withBadSignature(chain.head));
    await world.clock.until(Promise.all([first, second]));
    await world.clock.advance(500);
    expect(world.chain.head.height).toBe(321);
    expect(world.net.lies).toEqual(['p1 invalid-signature']);
  });

  it('tries the good copy when a bad copy of the same block was buffered first', async () => {
    const { chain, peers } = await inConsensus(250);
    for (const peer of peers) peer.twists['missing-blocks'] = () => 'stall';
    chain.growTo(252);
    await announce(peers[1]!, withBadSignature(chain.at(252)));
    await announce(peers[0]!, chain.at(252));
    await announce(peers[2]!, chain.at(251));
    expect(world.chain.head.height).toBe(252);
    expect(world.net.lies).toEqual(['p1 invalid-signature']);
  });

  it('blames no peer for a future timestamp or an unknown version', async () => {
    const { chain, peers } = await inConsensus(263);
    const future = chain.make({ timestamp: world.clock.now() + 3_600_000 });
    const newer = chain.make({ version: 7 });
    expect(await announce(peers[0]!, future)).toBe('ignore');
    expect(await announce(peers[0]!, newer)).toBe('ignore');
    expect(world.net.lies).toEqual([]);
    expect(world.events).toEqual(['rejected 264 timestamp-too-far-ahead', 'rejected 264 unsupported-version']);
    expect(world.sync.phase).toBe('established');
  });

  it('ends where the height requires another kind of block', async () => {
    const { chain, peers } = await inConsensus(250);
    const { block } = chain.make();
    const wrong = { ...chain.at(232), block: { ...chain.at(232).block, header: { ...chain.at(232).block.header, blockNumber: 260, parentHash: block.header.parentHash } } as Block };
    expect(await announce(peers[3]!, wrong)).toBe('reject');
    expect(world.net.lies).toEqual(['p3 wrong-block-type']);
  });

  it('marks a peer that announces blocks from far ahead as ahead, and catches up', async () => {
    const { chain, peers } = await inConsensus(250);
    chain.growTo(700);
    await world.clock.advance(6000);
    await announce(peers[0]!, chain.head);
    await world.clock.advance(10_000);
    expect(world.chain.head.height).toBe(700);
    expect(world.sync.anchor.kind).toBe('genesis');
    await world.clock.untilTrue(() => world.sync.consensus === 'established');
    expect(world.net.lies).toEqual([]);
  });

  it('keeps a peer that passes on old blocks, if the peer itself is not behind', async () => {
    const { chain, peers } = await inConsensus(300);
    await world.clock.advance(6000);
    expect(await announce(peers[0]!, chain.fork(240, 3).growTo(241).head)).toBe('ignore');
    await world.clock.advance(2000);
    expect(world.states()['p0']).toBe('live');
    expect(world.sync.consensus).toBe('established');
  });

  it('marks a peer that has fallen behind as outdated', async () => {
    const { chain, peers } = await inConsensus(250);
    peers[3]!.chain = chain.copy();
    await world.live(chain, 300, peers.slice(0, 3));
    await world.clock.advance(20_000);
    expect(world.states()).toMatchObject({ p0: 'live', p3: 'outdated' });
    expect(world.net.lies).toEqual([]);
  });

  it('stays bounded under a flood of blocks without parents, and follows the chain through it', async () => {
    const { chain, peers } = await inConsensus(250);
    const flooder = new FakePeer('flooder', chain, { twists: { 'missing-blocks': () => ({ ok: false, error: 'TargetHashNotFound' }) } });
    world.net.join(flooder);
    await world.clock.advance(1000);
    let pending = 0;
    for (let salt = 10; salt < 60; salt += 1) {
      const fork = chain.fork(250, salt).growTo(258);
      for (const height of [252, 254, 256, 258]) {
        void world.net.announce(flooder, fork.at(height));
        pending += 1;
      }
    }
    await world.clock.advance(100);
    expect(pending).toBe(200);
    expect(world.net.mostRunning).toBeLessThanOrEqual(5 + 5);
    await world.live(chain, 262, peers);
    expect(world.chain.head.hash).toBe(chain.head.hash);
    expect(world.sync.consensus).toBe('established');
    await world.clock.advance(60_000);
    expect(world.net.running).toBe(0);
  });

  it('asks a peer that floods it with blocks without parents less and less, asks no other peer for them, and closes an honest gap meanwhile', async () => {
    const { chain, peers } = await inConsensus(250);
    const flooders = ['x', 'y', 'z'].map((id) => new FakePeer(id, chain));
    world.net.join(...flooders);
    await world.clock.advance(1000);
    world.net.requests.length = 0;
    const honest = new Set<string>();
    const closed: boolean[] = [];
    for (let second = 0; second < 120; second += 1) {
      for (const [index, flooder] of flooders.entries()) {
        for (let nth = 0; nth < 8; nth += 1) void world.net.announce(flooder, chain.fork(chain.head.height, 1 + (second % 30) + 30 * nth + 70 * index).growTo(chain.head.height + 2).head);
      }
      if (second % 20 === 10) {
        chain.growTo(chain.head.height + 3);
        honest.add(chain.at(chain.head.height - 1).hash);
        void world.net.announce(peers[0]!, chain.head);
        await world.clock.advance(700);
        closed.push(world.chain.head.hash === chain.head.hash);
      }
      await world.clock.advance(300);
    }
    expect(closed).toEqual(Array.from({ length: 6 }, () => true));
    const asked = world.net.asked('missing-blocks');
    expect(asked.filter(({ peer, body }) => peer.startsWith('p') && !honest.has(body.targetHash))).toEqual([]);
    for (const { id } of flooders) expect(asked.filter(({ peer }) => peer === id).length).toBeLessThan(15);
    // No lie is proven, but the flood costs rank.
    expect(world.net.lies).toEqual([]);
    expect(world.net.reports.filter(({ peer, kind }) => peer === 'x' && kind === 'useless').length).toBeGreaterThan(2);
  });

  it('keeps asking when the announcer of a gap does not answer, also when another peer has announced it', async () => {
    const { chain, peers } = await inConsensus(250);
    peers[0]!.twists['missing-blocks'] = () => ({ ok: false, error: 'TargetHashNotFound' });
    chain.growTo(253);
    void world.net.announce(peers[0]!, chain.head);
    void world.net.announce(peers[1]!, chain.head);
    await world.clock.advance(1000);
    expect(world.chain.head.height).toBe(253);
    peers[2]!.twists['missing-blocks'] = () => ({ fail: 'refused' });
    chain.growTo(256);
    void world.net.announce(peers[2]!, chain.head);
    await world.clock.advance(1000);
    expect(world.chain.head.height).toBe(256);
  });

  it('survives a flood of plausible heads with a bad signature', async () => {
    const { chain, peers } = await inConsensus(250);
    const flooder = new FakePeer('flooder', chain);
    world.net.join(flooder);
    await world.clock.advance(1000);
    const all = Array.from({ length: 100 }, (_, salt) => world.net.announce(flooder, withBadSignature(chain.fork(250, salt + 1).make())));
    await world.clock.until(Promise.all(all));
    expect(world.net.lies[0]).toBe('flooder invalid-signature');
    expect(new Set(world.net.lies)).toEqual(new Set(['flooder invalid-signature']));
    await world.live(chain, 253, peers);
    expect(world.chain.head.height).toBe(253);
  });

  it('issue 11.8: passes on no copy of a held block that it can no longer verify', async () => {
    const { chain, peers } = await inConsensus(300);
    await world.live(chain, 301, peers);
    for (const height of [296, 295, 290]) {
      const verdict = await world.net.announce(peers[1]!, withBadSignature(chain.at(height)));
      expect([height, verdict]).not.toEqual([height, 'accept']);
    }
  });

  const garbage: Record<string, { readonly lie?: string; readonly blocks: (chain: FakeChain) => readonly Block[] }> = {
    nothing: { blocks: () => [] },
    'too many blocks': { lie: 'missing-blocks-too-many', blocks: (chain) => Array.from({ length: 33 }, (_, i) => chain.at(221 + i).block) },
    'blocks from elsewhere': { lie: 'missing-blocks-off-locators', blocks: (chain) => [chain.at(252).block] },
    'blocks after the target': { lie: 'missing-blocks-past-target', blocks: (chain) => [251, 252, 253].map((height) => chain.at(height).block) },
    'blocks out of order': { lie: 'missing-blocks-unlinked', blocks: (chain) => [chain.at(251).block, chain.at(251).block] },
    'a beginning that ends nowhere': { lie: 'missing-blocks-end-nowhere', blocks: (chain) => [chain.at(251).block] },
    'another branch': { lie: 'missing-blocks-end-nowhere', blocks: (chain) => chain.fork(250, 4).growTo(252) && [251, 252].map((height) => chain.fork(250, 4).growTo(252).at(height).block) },
    'bad signatures': { lie: 'invalid-signature', blocks: (chain) => [251, 252].map((height) => withBadSignature(chain.at(height)).block) },
    'blocks with bodies': { lie: 'missing-blocks-with-body', blocks: (chain) => [251, 252].map((height) => ({ ...chain.at(height).block, body: { equivocationProofs: [], transactions: [] } }) as Block) },
  };
  for (const [name, { lie, blocks }] of Object.entries(garbage)) {
    it(`asks another peer when the answer is ${name}`, async () => {
      const { chain, peers } = await inConsensus(250);
      chain.growTo(253);
      peers[1]!.twists['missing-blocks'] = () => ({ ok: true, value: { blocks: blocks(chain) } });
      await announce(peers[1]!, chain.head);
      // The client forgets what a liar announced; then the next head round brings the block.
      await world.clock.advance(8000);
      expect(world.chain.head.height).toBe(253);
      expect(world.net.lies).toEqual(lie ? [`p1 ${lie}`] : []);
    });
  }

  it('bans for answers that cannot be decoded, but not for time-outs and errors', async () => {
    const { chain, peers } = await inConsensus(250, 5);
    chain.growTo(253);
    peers[1]!.twists['missing-blocks'] = () => ({ fail: 'malformed' });
    peers[2]!.twists['missing-blocks'] = () => 'stall';
    peers[3]!.twists['missing-blocks'] = () => ({ fail: 'rate-limited' });
    peers[0]!.twists['missing-blocks'] = () => ({ ok: false, error: 'Other' });
    await announce(peers[1]!, chain.head);
    await world.clock.advance(30_000);
    expect(world.chain.head.height).toBe(253);
    expect(world.net.lies).toEqual(['p1 malformed']);
  });
});

describe('consensus', () => {
  it('is lost when peers leave and returns with them', async () => {
    const { chain, peers } = await inConsensus(250);
    world.net.leave('p0');
    expect(world.sync.consensus).toBe('established');
    world.net.leave('p1');
    expect(world.sync.consensus).toBe('lost');
    expect(world.sync.phase).toBe('live-sync');
    world.net.leave('p2');
    world.net.leave('p3');
    expect(world.sync.reason).toEqual({ code: 'no-peers', data: {} });
    chain.growTo(400);
    await world.clock.advance(60_000);
    world.net.join(...peers);
    await world.clock.untilTrue(() => world.consensus.length === 3);
    expect(world.consensus).toEqual(['established', 'lost', 'established']);
    await world.clock.untilTrue(() => world.chain.head.height === 400);
  });

  it('needs more than two peers, whatever they announce', async () => {
    world = await new SyncWorld().start();
    const chain = new FakeChain();
    const peers = world.peers(2, chain);
    world.net.join(...peers);
    await world.clock.advance(1000);
    await world.live(chain, 215, peers);
    expect(world.chain.head.height).toBe(215);
    expect(world.sync.consensus).toBe('connecting');
    world.net.join(new FakePeer('third', chain));
    await world.established();
  });

  it('needs answers to the head round', async () => {
    world = await new SyncWorld().start();
    const chain = new FakeChain();
    const peers = world.peers(3, chain);
    world.net.join(...peers);
    await world.clock.untilTrue(() => Object.values(world.states()).filter((state) => state === 'live').length === 2);
    for (const peer of peers) peer.twists.head = () => 'stall';
    await world.clock.advance(20_000);
    expect(world.consensus).toEqual([]);
  });

  it('drops a live peer that no longer answers', async () => {
    const { peers } = await inConsensus(250, 5);
    peers[0]!.twists.head = () => 'stall';
    await world.clock.advance(60_000);
    expect(world.net.dropped).toContainEqual({ peer: 'p0', reason: 'unresponsive' });
    expect(world.sync.consensus).toBe('established');
  });
});

describe('around the end of a batch or an epoch', () => {
  for (const boundary of [264, 328]) {
    for (const [ours, theirs] of [[-1, 0], [0, -1], [0, 1], [1, -1], [-1, 3]] as const) {
      it(`lets a peer at ${boundary}${theirs < 0 ? '' : '+'}${theirs} join a client at ${boundary}${ours < 0 ? '' : '+'}${ours}`, async () => {
        const { chain, peers } = await inConsensus(boundary + ours);
        const all = chain.copy().growTo(boundary + 5);
        const joining = new FakePeer('joining', all.copy(boundary + theirs));
        world.net.join(joining);
        await world.clock.advance(1000);
        while (chain.head.height < boundary + 5) {
          const next = all.at(chain.head.height + 1);
          chain.append(next);
          while (joining.chain.head.height < next.height) joining.chain.append(all.at(joining.chain.head.height + 1));
          await announce(peers[0]!, next);
        }
        await world.clock.advance(8000);
        expect(world.states()['joining']).toBe('live');
        expect(world.net.lies).toEqual([]);
        expect(world.notices).toEqual([]);
        expect(world.chain.head.hash).toBe(chain.head.hash);
      });
    }
  }
});

describe('a peer without the services', () => {
  it('is no witness, but takes part in the live sync when its head fits', async () => {
    const { chain } = await inConsensus(250);
    world.net.join(new FakePeer('light', chain, { services: 0 }), new FakePeer('far', new FakeChain(), { services: 0 }));
    await world.clock.advance(1000);
    expect(world.states()).toMatchObject({ light: 'live', far: 'incompatible' });
    expect(world.net.asked('macro-chain')).toEqual([]);
  });
});
