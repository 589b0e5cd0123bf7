import { afterEach, expect, it } from 'vitest';
import { FollowedWorld } from '../../../test/support/followed-world.ts';
import { textOf } from '../../page/code-texts.ts';

const worlds: FollowedWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.client.close();
});

it('says whether two final blocks, or a state that cannot be computed, made it stand still', async () => {
  for (const [reason, code] of [[undefined, 'chain-halted'], ['state-root', 'state-differs'], ['no-participation', 'no-participation']] as const) {
    const world = new FollowedWorld();
    worlds.push(world);
    const evidence = [Uint8Array.of(1), Uint8Array.of(2)] as const;
    world.halt = { height: 3, evidence, ...(reason && { reason }) };
    world.start(['/a']);
    await world.clock.advance(1_000);
    expect(world.client.getStatus()).toMatchObject({ phase: 'failed', reason: { code, data: { height: 3 } } });
    expect(world.told.notice).toMatchObject([{ level: 'error', code, data: { height: 3 } }]);
    expect(await world.client.ask('getHaltEvidence', [])).toEqual(world.halt);
    expect(world.dials).toEqual([]);
  }
});

/** A client that follows two peers with ten final blocks. `claim`: both peers claim this height. */
async function followedByTwo() {
  const world = new FollowedWorld();
  worlds.push(world);
  world.produce(10, { final: 10 });
  const client = world.start(['/dns4/a', '/dns4/b']);
  await world.established();
  const claim = (height: number) => {
    for (const [address, { handlers, peer }] of world.connected) {
      world.claims.set(address, height);
      handlers.claims(peer.claims);
    }
  };
  return { world, client, claim };
}

it('a peer stays live while the newest block that it claims is on its way; longer, or with more blocks, it is ahead', async () => {
  const { world, client, claim } = await followedByTwo();
  const consensus = () => world.told.status.map((status) => status.consensus);
  world.told.status.length = 0;
  claim(11);
  await world.clock.advance(400);
  world.claims.clear();
  world.produce(1, { final: 11 });
  await world.atHead();
  expect(new Set(consensus())).toEqual(new Set(['established']));
  // It does not come.
  claim(12);
  await world.clock.advance(6_000);
  expect(client.getStatus()).toMatchObject({ consensus: 'lost', peers: { live: 0 } });
  expect(consensus()).toContain('lost');
  world.claims.clear();
  world.produce(1, { final: 12 });
  await world.established();
  claim(16);
  expect(client.getStatus().peers.live).toBe(0);
});

it('a claim that a peer takes back and makes again is as old as when it was first made', async () => {
  const { world, client, claim } = await followedByTwo();
  claim(11);
  await world.clock.advance(2_000);
  claim(10);
  expect(client.getStatus()).toMatchObject({ consensus: 'established', peers: { live: 2 } });
  await world.clock.advance(2_000);
  claim(11);
  expect(client.getStatus()).toMatchObject({ consensus: 'lost', peers: { live: 0 } });
  // The block comes, and the next one is claimed anew.
  world.claims.clear();
  world.produce(1, { final: 11 });
  await world.atHead();
  claim(12);
  expect(client.getStatus()).toMatchObject({ consensus: 'established', peers: { live: 2 } });
});

it('its texts name the block', () => {
  expect(textOf('state-differs', { height: 13 })).toMatch(/Block 13 is final.*after block 12/u);
  expect(textOf('chain-halted', { height: 13 })).toMatch(/at height 13/u);
  expect(textOf('no-participation', { height: 13 })).toMatch(/after block 13.*names no signers/u);
});
