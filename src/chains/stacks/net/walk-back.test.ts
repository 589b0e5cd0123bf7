import { describe, expect, it } from 'vitest';
import { FIRST_HEIGHT, headerAtHeight, RecordedGateway } from '../../../../test/support/stacks/recorded-gateway.ts';
import { chainA } from '../../../../test/support/stacks-vectors.ts';
import { walkBack } from './walk-back.ts';

const options = { signal: new AbortController().signal };
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then((value) => ({ resolved: value }), (error: unknown) => error);
const LAST = chainA.headers.at(-1)!.height;
/** The tenure with the most blocks: from, to. */
const longest = chainA.headers.map(({ consensus_hash }) => chainA.headers.filter((it) => it.consensus_hash === consensus_hash).map(({ height }) => height)).toSorted((a, b) => b.length - a.length)[0]!;
const [low, high] = [longest[0]!, longest.at(-1)!];

const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => headerAtHeight(from + i));

describe('a range of blocks', () => {
  it('is walked over tenures, ascending in the end', async () => {
    const gateway = new RecordedGateway(LAST);
    expect((await walkBack(gateway, 30, 60, LAST, options)).value).toEqual(upTo(30, 89));
    expect((await walkBack(gateway, FIRST_HEIGHT + 1, 10_000, LAST, options)).value).toEqual(upTo(FIRST_HEIGHT + 1, LAST));
  });

  it('of one block is one request', async () => {
    const gateway = new RecordedGateway(LAST);
    expect(await walkBack(gateway, 77, 1, LAST, options)).toEqual({ value: upTo(77, 77), size: 500 });
    expect(gateway.calls).toEqual(['headerAt 77']);
  });

  it('of a few blocks is as many headers, without their transactions', async () => {
    const gateway = new RecordedGateway(LAST);
    expect(await walkBack(gateway, 74, 4, LAST, options)).toEqual({ value: upTo(74, 77), size: 4 * 500 });
    expect(gateway.calls).toEqual(['headerAt 77', 'header 76', 'header 75', 'header 74']);
    gateway.missing.add(chainA.headers.find(({ height }) => height === 75)!.block_id);
    expect(await failure(walkBack(gateway, 74, 4, LAST, options))).toMatchObject({ code: 'refused', data: { height: 75 } });
  });

  it('inside a tenure tells the gateway where to stop', async () => {
    expect(high - low).toBeGreaterThan(6);
    const gateway = new RecordedGateway(LAST);
    expect(await walkBack(gateway, low + 2, high - low - 1, LAST, options)).toEqual({ value: upTo(low + 2, high), size: 1000 + 1000 * (high - low - 2) });
    expect(gateway.calls).toEqual([`headerAt ${high}`, `headerAt ${low + 1}`, `tenure ${high - 1} above ${low + 1}`]);
  });

  it('of a gateway that ignores that is cut off here', async () => {
    const gateway = new RecordedGateway(LAST);
    gateway.ignoresStop = true;
    expect((await walkBack(gateway, low + 2, high - low - 1, LAST, options)).value).toEqual(upTo(low + 2, high));
  });

  it('goes on where an answer ends inside a tenure', async () => {
    const gateway = new RecordedGateway(LAST);
    gateway.page = 2;
    expect((await walkBack(gateway, low, high - low + 1, LAST, options)).value).toEqual(upTo(low, high));
    expect(gateway.calls.filter((call) => call.startsWith('tenure'))).toHaveLength(Math.ceil((high - low) / 2));
  });

  it('has at most 256 blocks, and none above the newest one', async () => {
    const gateway = new RecordedGateway(LAST);
    expect((await walkBack(gateway, LAST - 2, 50, LAST, options)).value).toEqual(upTo(LAST - 2, LAST));
    gateway.calls.length = 0;
    await failure(walkBack(gateway, 10, 10_000, 1_000_000, options));
    expect(gateway.calls[0]).toBe('headerAt 265');
  });

  it('that it does not have is refused', async () => {
    const gateway = new RecordedGateway(100);
    expect(await failure(walkBack(gateway, 101, 5, 100, options))).toMatchObject({ code: 'refused', data: { height: 101 } });
    gateway.missing.add(chainA.headers.find(({ height }) => height === 60)!.block_id);
    const tenureStart = chainA.headers.find(({ height }) => height === 61)!.consensus_hash !== chainA.headers.find(({ height }) => height === 60)!.consensus_hash;
    if (!tenureStart) gateway.page = 1;
    expect(await failure(walkBack(gateway, 55, 10, 100, options))).toMatchObject({ code: 'refused', data: { height: 60 } });
  });

  it('whose heights do not descend by one breaks a rule', async () => {
    const gateway = new RecordedGateway(LAST);
    gateway.change = (method, answer) => (method === 'tenure' ? { value: [{ header: { ...headerAtHeight(60), chainLength: 70 }, transactions: [] }], size: 1 } : answer);
    expect(await failure(walkBack(gateway, 55, 10, LAST, options))).toMatchObject({ name: 'PeerFault', code: 'wrong-height', weight: 'offence', data: { asked: 63, got: 70 } });
  });
});
