import { describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../../test/support/fake-chain.ts';
import { FakeNet, FakePeer } from '../../../../../test/support/fake-net.ts';
import type { FakePeerOptions } from '../../../../../test/support/fake-net.ts';
import { VirtualClock } from '../../../../../test/support/virtual-clock.ts';
import type { Block } from '../../wire/types.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import { Asker, AskError } from './asker.ts';

const chain = new FakeChain().growTo(330);
const never = new AbortController().signal;
function make(twists: NonNullable<FakePeerOptions['twists']> = {}) {
  const clock = new VirtualClock();
  const net = new FakeNet(clock);
  net.join(new FakePeer('a', chain, { twists }));
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
});
