import { describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../../test/support/fake-chain.ts';
import { FakeNet, FakePeer } from '../../../../../test/support/fake-net.ts';
import type { FakePeerOptions } from '../../../../../test/support/fake-net.ts';
import { VirtualClock } from '../../../../../test/support/virtual-clock.ts';
import type { Block } from '../../wire/types.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import { Overtaken } from '../../../../engine/fetch/overtaken.ts';
import { Asker, AskError } from './asker.ts';
import { isRightAnswer } from './right-answer.ts';

const chain = new FakeChain().growTo(330);
const never = new AbortController().signal;
function make(twists: NonNullable<FakePeerOptions['twists']> = {}, latency?: number) {
  const clock = new VirtualClock();
  const net = new FakeNet(clock);
  net.join(new FakePeer('a', chain, latency === undefined ? { twists } : { twists, latency }));
  const asker = new Asker({ net, genesis: unitAlbatross.genesisHash, clock, timeout: 1000, report: (peer, report) => net.report(peer, report) });
  return { clock, net, asker };
}

describe('Asker', () => {
  it('returns the requested block, without body', async () => {
    const { clock, asker, net } = make({ block: (_, honest) => ({ ...honest(), value: { ...chain.at(210).block, body: { equivocationProofs: [], transactions: [] } } as Block }) as never });
    const block = await clock.until(asker.block('a', chain.at(210).hash, never));
    expect(block).toEqual(chain.at(210).block);
    expect(net.reports).toEqual([]);
  });

  it.each([
    ['block', 250, 211, 'wrong-block'],
    ['macroBlock', 250, 250, 'not-macro'],
    ['electionBlock', 232, 232, 'not-election'],
  ] as const)('%s: a lie when %i is requested and %i is sent', async (method, asked, given, code) => {
    const { clock, asker, net } = make({ block: () => ({ ok: true, value: chain.at(given).block }) });
    await expect(clock.until(asker[method]('a', chain.at(asked).hash, never))).rejects.toMatchObject({ name: 'AskError', code });
    expect(net.lies).toEqual([`a ${code}`]);
  });

  it('accepts the genesis block, which has no signature', async () => {
    const { clock, asker, net } = make();
    expect(await clock.until(asker.electionBlock('a', unitAlbatross.genesisHash, never))).toBe(chain.at(200).block);
    expect(net.reports).toEqual([]);
  });

  it('distinguishes a lie from a failure', async () => {
    for (const [answer, reports] of [
      ['stall', ['timeout']],
      [{ fail: 'malformed' }, ['lie']],
      [{ fail: 'too-large' }, ['lie']],
      [{ fail: 'no-receiver' }, ['useless']],
      [{ fail: 'busy' }, []],
      [{ fail: 'rate-limited' }, []],
      [{ fail: 'disconnected' }, []],
    ] as const) {
      const { clock, asker, net } = make({ head: () => answer });
      await expect(clock.until(asker.head('a', never))).rejects.toBeInstanceOf(AskError);
      expect(net.reports.map(({ kind }) => kind)).toEqual(reports);
    }
  });

  it('blames no peer for a block that it does not have', async () => {
    const { clock, asker, net } = make();
    expect(await clock.until(asker.copyOf('a', '00'.repeat(32), never))).toBeUndefined();
    await expect(clock.until(asker.block('a', '00'.repeat(32), never))).rejects.toMatchObject({ code: 'not-found' });
    expect(net.reports).toEqual([]);
  });

  it('issue 11: keeps no unrequested body with a copy', async () => {
    const { clock, asker } = make({ block: () => ({ ok: true, value: { ...chain.at(328).block, body: { transactions: [] } } as Block }) });
    await clock.until(asker.electionBlock('a', chain.at(328).hash, never));
    expect(asker.copies.of(chain.at(328).hash).map(({ block }) => block.body)).toEqual([undefined]);
  });

  it('throws the reason of its signal', async () => {
    const { clock, asker, net } = make({ head: () => 'stall' });
    const controller = new AbortController();
    const asked = asker.head('a', controller.signal);
    controller.abort(new Error('over'));
    await expect(clock.until(asked)).rejects.toThrow('over');
    expect(net.reports).toEqual([]);
  });

  /** The peer's block, asked for until another peer has answered after `silence` milliseconds; the peer answers after `latency`. */
  async function overtaken(latency: number, silence: number, twists: NonNullable<FakePeerOptions['twists']> = {}) {
    const world = make(twists, latency);
    const controllers = [new AbortController(), new AbortController()];
    const asked = controllers.map(({ signal }) => world.asker.block('a', chain.at(210).hash, signal));
    await world.clock.advance(silence);
    for (const controller of controllers) controller.abort(new Overtaken());
    for (const question of asked) await expect(question).rejects.toThrow(Overtaken);
    return world;
  }

  it('issue 11: an overtaken peer loses rank once, is asked last, and gets the rank back by a late right answer', async () => {
    const { clock, net, asker } = await overtaken(900, 500);
    expect(net.reports).toEqual([{ peer: 'a', kind: 'overtaken' }]);
    expect(net.running).toBe(1);
    expect(asker.wasSilent('a')).toBe(true);
    await clock.advance(500);
    expect(net.reports).toEqual([{ peer: 'a', kind: 'overtaken' }, { peer: 'a', kind: 'late' }]);
    expect(asker.wasSilent('a')).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['no answer', 'stall'],
    ['another block', { ok: true, value: chain.at(211).block }],
    ['no block', { ok: false, error: 'TargetHashNotFound' }],
    ['garbage', { fail: 'malformed' }],
  ] as const)('issue 11: an overtaken peer gets nothing back for %s', async (_, answer) => {
    const { clock, net } = await overtaken(900, 500, { block: () => answer as never });
    await clock.advance(2000);
    expect(net.reports).toEqual([{ peer: 'a', kind: 'overtaken' }]);
    expect(clock.pending).toBe(0);
  });

  it('ends overtaken requests when it stops, and says nothing more', async () => {
    const { clock, net, asker } = await overtaken(900, 500);
    asker.stop(new Error('over'));
    await clock.advance(0);
    expect([net.running, clock.pending, net.reports.length]).toEqual([0, 0, 1]);
  });

  it('issue 11: a request that never left is no silence', async () => {
    const { clock, net, asker } = make();
    const held = new Asker({ net: Object.assign(Object.create(net) as FakeNet, { request: () => new Promise<never>(() => {}) }), genesis: unitAlbatross.genesisHash, clock, timeout: 1000, report: (peer, report) => net.report(peer, report) });
    const controller = new AbortController();
    const asked = held.block('a', chain.at(210).hash, controller.signal);
    controller.abort(new Overtaken());
    await expect(asked).rejects.toThrow(Overtaken);
    expect([net.reports, held.wasSilent('a'), asker.wasSilent('a')]).toEqual([[], false, false]);
  });

  it.each([
    ['a chain of blocks after our locator', [211, 212], true],
    ['blocks with a gap', [211, 213], false],
    ['blocks after another block', [214, 215], false],
    ['blocks up to the target', [212, 213], true],
    ['none', [], false],
  ] as const)('a late answer to a request for missing blocks: %s', (_, heights, right) => {
    const body = { targetHash: chain.at(213).hash, includeBody: false, locators: [chain.at(210).hash], direction: 'forward' } as const;
    expect(isRightAnswer('missing-blocks', body, { ok: true, value: { blocks: heights.map((height) => chain.at(height).block) } })).toBe(right);
  });
});
