import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { sleep } from '../../base/clock.ts';
import { RequestError } from '../peers/peer-net.ts';
import type { Item } from '../sync/sync-chain.ts';
import { CatchUp, type CatchUpOptions } from './catch-up.ts';
import type { ChainPeer } from './followed-chain.ts';

const at = (height: number) => ({ height, id: String(height) });
const refused = new RequestError('refused', 'the newest proof is for 7');
const never = () => new Promise<never>(() => undefined);

/** Our head and our final block are at 7. What is told: `asked` with its arguments, `far`, `due`. */
function setup(peers: readonly ChainPeer<number>[], changes: Partial<CatchUpOptions<number>> = {}) {
  const told: (readonly unknown[])[] = [];
  const clock = new VirtualClock();
  const catchUp = new CatchUp<number>({
    chain: { tip: () => at(7), head: () => at(7) }, clock, maxBehindBlocks: 32, headersOnly: false, proofTime: 20_000, peer: (id) => peers.find((peer) => peer.id === id), peers: () => peers,
    fault: () => undefined, asked: (...args) => void told.push(['asked', ...args]), push: async () => true, far: () => void told.push(['far']), due: () => void told.push(['due']), ...changes,
  });
  return { clock, catchUp, told, look: () => catchUp.look(new AbortController().signal) };
}

const peerOf = (height: number, answers: object, final?: number) => ({ id: 'a', claims: { height, final, earliest: 0, snapshot: undefined }, ...answers }) as unknown as ChainPeer<number>;

it('a peer that gives one block an answer, each in the last moment, holds up the others no longer than one that is silent', async () => {
  const clock = new ManualClock();
  const tip = at(0);
  let asked = 0;
  const dripping = peerOf(30, {
    async getBlocks(from: number, _count: number, { signal }: { readonly signal: AbortSignal }) {
      asked += 1;
      await sleep(clock, 4_000, signal);
      return { value: [{ height: from, id: String(from), parent: '', size: 1, block: 0 } satisfies Item<number>], size: 1 };
    },
  });
  const { catchUp } = setup([dripping], { clock, chain: { tip: () => tip, head: () => tip } });
  let ended: number | undefined;
  const fetched = catchUp.fetch(dripping, 1, 30, new AbortController().signal).then(() => (ended = clock.monotonic()));
  for (let second = 0; second < 10; second += 1) {
    clock.advance(1_000);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
  await fetched;
  expect([ended, asked]).toEqual([5_000, 2]);
  expect(catchUp.rests('a')).toBe(true);
});

it.each([[undefined, 500], [0, 0], [40, 40]])('a peer that refuses a proof above our final block has proven no more than that; of a claim of final %s, %i is unproven', async (final, claimed) => {
  const { look, clock, told } = setup([peerOf(500, { proveTarget: () => Promise.reject(refused) }, final)]);
  await look();
  await clock.advance(0);
  expect(told).toEqual([['asked', 'a', claimed, 7]]);
});

it('a proof holds up nobody; a peer that is silent on a question for it has proven nothing, and rests', async () => {
  let asked = 0;
  const proveTarget = () => {
    asked += 1;
    return never();
  };
  const { look, clock, told, catchUp } = setup([peerOf(500, { proveTarget })], { due: () => undefined });
  await look();
  await clock.advance(19_999);
  expect([told, catchUp.rests('a')]).toEqual([[], false]);
  await clock.advance(1);
  expect([told, catchUp.rests('a')]).toEqual([[['asked', 'a', 500, 7]], true]);
  await look();
  expect(asked).toBe(1);
});

it('a proof ends with the connection, and then says nothing of the peer', async () => {
  let signal: AbortSignal | undefined;
  const { look, clock, told, catchUp } = setup([peerOf(500, { proveTarget: (_: number, ask: { signal: AbortSignal }) => ((signal = ask.signal), never()) })], { due: () => undefined });
  await look();
  catchUp.left('a');
  await clock.advance(20_000);
  expect([signal?.aborted, told, catchUp.rests('a')]).toEqual([true, [], false]);
});

it('a peer that does not send a small gap in time is asked to prove it', async () => {
  const { look, clock, told } = setup([peerOf(30, { getBlocks: never, proveTarget: async () => ({ ...at(20), proven: true }) })]);
  const looked = look();
  await clock.advance(5_000);
  await looked;
  expect(told).toEqual([['asked', 'a', 30, 20], ['far']]);
});

it.each([
  ['refuses', () => Promise.reject(refused)],
  ['proves no more than we have', async () => ({ ...at(7), proven: true })],
  // Who gives no answer rests for half a minute.
  ['is silent', never, [0, 50_000, 110_000]],
  ['is busy', () => Promise.reject(new RequestError('busy', 'too much')), [0, 30_000, 70_000, 130_000]],
])('a claim above our head is looked at again after seconds, and later once in a minute, also if its peer %s', async (_, answer, times = [0, 5_000, 15_000, 35_000, 75_000, 135_000]) => {
  const asked: number[] = [];
  const peer = peerOf(500, {
    proveTarget() {
      asked.push(clock.monotonic());
      return answer();
    },
  });
  const { look, clock, catchUp } = setup([peer], { due: () => void look() });
  await look();
  await clock.advance(135_000);
  expect(asked).toEqual(times);
  catchUp.stop();
  await clock.advance(0);
  expect(clock.pending).toBe(0);
});

it.each(['the client is live again', 'our head has reached all claims'])('when %s, it begins with seconds again', async (when) => {
  let [height, asked] = [7, 0];
  const peer = peerOf(500, { proveTarget: () => ((asked += 1), Promise.reject(refused)) });
  const { look, clock, catchUp } = setup([peer], { chain: { tip: () => at(7), head: () => at(height) }, due: () => void look() });
  await look();
  await clock.advance(35_000);
  if (when.startsWith('the client')) catchUp.stop();
  else {
    height = 500;
    await clock.advance(40_000);
    height = 7;
  }
  const before = asked;
  await look();
  await clock.advance(5_000);
  expect(asked).toBeGreaterThan(before);
});

it('a gap that a peer closes in part is due again, after what was announced meanwhile', async () => {
  let height = 7;
  const getBlocks = async (from: number) => ({ value: [{ height: from, id: String(from), parent: '', size: 1, block: 0 } satisfies Item<number>], size: 1 });
  const { look, told } = setup([peerOf(30, { getBlocks })], { chain: { tip: () => at(7), head: () => at(height) }, push: async (_, item) => (height = item.height) > 0 });
  await look();
  expect([height, told]).toEqual([15, [['due']]]);
  for (let i = 0; i < 3; i += 1) await look();
  expect(height).toBe(30);
});
