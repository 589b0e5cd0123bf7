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

it('its texts name the block', () => {
  expect(textOf('state-differs', { height: 13 })).toMatch(/Block 13 is final.*after block 12/u);
  expect(textOf('chain-halted', { height: 13 })).toMatch(/at height 13/u);
  expect(textOf('no-participation', { height: 13 })).toMatch(/after block 13.*names no signers/u);
});
