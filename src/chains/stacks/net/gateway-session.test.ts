import { describe, expect, it } from 'vitest';
import { settle, SettlingClock } from '../../../../test/support/settling-clock.ts';
import { FIRST_HEIGHT, headerAtHeight, RecordedGateway, tenureInfoAt } from '../../../../test/support/stacks/recorded-gateway.ts';
import { chainA } from '../../../../test/support/stacks-vectors.ts';
import type { Announcement } from '../../../engine/follow/followed-chain.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import { PeerFault, type PeerClaims } from '../../../engine/sync/sync-peer.ts';
import { blockId } from '../chain/hash.ts';
import type { StacksBlock } from '../chain/stacks-block.ts';
import { pollPace } from './gateway-pace.ts';
import { GatewaySession, type GatewaySessionOptions } from './gateway-session.ts';

const signal = new AbortController().signal;
const network = { networkId: 0x8000_0000, firstBurnHeight: 0, cycleLength: 10, prepareLength: 3, checkpoint: { cycle: 4, burnHeight: 42, signers: [], block: { id: '00'.repeat(32), height: 20, time: 0 } } };
const TIP = 120;
/** A tenure of several blocks begins at this height; the one before it too. */
const tenureOf = (height: number) => headerAtHeight(height).consensusHash;
const starts = Array.from({ length: TIP - FIRST_HEIGHT }, (_, i) => FIRST_HEIGHT + 1 + i).filter((height) => tenureOf(height) !== tenureOf(height - 1));
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then((value) => ({ resolved: value }), (error: unknown) => error);

function setup(changes: Partial<GatewaySessionOptions> = {}, tip = TIP) {
  const clock = new SettlingClock();
  const gateway = new RecordedGateway(tip);
  const told = { announced: [] as Announcement<StacksBlock, never>[], claims: [] as PeerClaims[], faults: [] as Fault[], closed: [] as (string | undefined)[] };
  const options: GatewaySessionOptions = {
    gateway, network, clock, pace: () => 1_000,
    handlers: { announced: (it) => told.announced.push(it), claims: (it) => told.claims.push(it), fault: (it) => told.faults.push(it), closed: (it) => told.closed.push(it) },
    prove: () => Promise.reject(new RequestError('refused', 'not asked')),
    manifest: () => Promise.reject(new RequestError('refused', 'not asked')),
    ...changes,
  };
  return { clock, gateway, told, options, heights: () => told.announced.map((it) => (it.kind === 'block' ? it.item.height : -1)) };
}

async function opened(changes: Partial<GatewaySessionOptions> = {}, tip = TIP) {
  const made = setup(changes, tip);
  return { ...made, session: await GatewaySession.open(made.options, { signal }) };
}

describe('the connection', () => {
  it('compares network and cycles, and claims what can be confirmed', async () => {
    const { session, gateway, told } = await opened();
    const [, before] = starts.filter((height) => height <= TIP).toReversed();
    expect(session.claims).toEqual({ height: before! - 1, earliest: 20, snapshot: before! - 1 });
    expect(session).toMatchObject({ id: 'https://gateway.example', address: 'https://gateway.example', transport: 'https', latency: 5, received: 0, tip: tenureInfoAt(TIP) });
    expect(gateway.calls.slice(0, 2).toSorted()).toEqual(['cycles', 'info']);
    expect(gateway.calls.slice(2)).toEqual(['tenureInfo', `header ${TIP}`, `sortition ${chainA.headers.find(({ height }) => height === TIP)!.burn_height}`, `header ${before}`]);
    expect(told.announced).toEqual([]);
    session.close();
  });

  it.each([['info', 'networkId'], ['cycles', 'firstBurnHeight'], ['cycles', 'cycleLength'], ['cycles', 'prepareLength']])('another %s.%s is another network', async (method, field) => {
    const { gateway, options, clock, told } = setup();
    gateway.change = (name, answer) => (name === method ? { ...(answer as object), [field]: 1 } : answer);
    const ours = network[field as 'cycleLength'];
    expect(await failure(GatewaySession.open(options, { signal }))).toMatchObject({ name: 'GatewayError', code: 'other-network', data: { field, theirs: 1, ours } });
    expect([clock.waiting, told.closed]).toEqual([0, []]);
  });

  it.each<[string, (gateway: RecordedGateway) => void, object]>([
    ['cycles that it does not tell', (it) => (it.change = (name, answer) => (name === 'cycles' ? Promise.reject(new RequestError('refused', 'status 500', { status: 500 })) : answer)), { code: 'refused' }],
    ['a newest block that it does not have', (it) => it.missing.add(blockId(headerAtHeight(TIP))), { code: 'refused' }],
    ['a newest block at another height', (it) => (it.change = (name, answer) => (name === 'tenureInfo' ? { ...(answer as object), tipHeight: 119 } : answer)), { name: 'PeerFault', code: 'wrong-tip' }],
    ['a newest block of another tenure', (it) => (it.change = (name, answer) => (name === 'tenureInfo' ? { ...(answer as object), consensusHash: 'ab'.repeat(20) } : answer)), { code: 'wrong-tip' }],
    ['a parent tenure that is another', (it) => (it.change = (name, answer) => (name === 'tenureInfo' ? { ...(answer as object), parentConsensusHash: 'ab'.repeat(20) } : answer)), { code: 'wrong-tip' }],
  ])('is not made: %s', async (_, change, expected) => {
    const { gateway, options, clock } = setup();
    change(gateway);
    expect(await failure(GatewaySession.open(options, { signal }))).toMatchObject(expected);
    expect(clock.waiting).toBe(0);
  });

  it('ends at the signal', async () => {
    const { gateway, options, clock } = setup();
    const given = new AbortController();
    gateway.change = (name, answer) => (name === 'tenureInfo' ? (given.abort(new Error('given up')), answer) : answer);
    expect(await failure(GatewaySession.open(options, { signal: given.signal }))).toMatchObject({ message: 'given up' });
    expect(clock.waiting).toBe(0);
  });

  it('claims nothing where the tenure before is not of Nakamoto', async () => {
    const { session } = await opened({}, FIRST_HEIGHT);
    expect(session.claims).toEqual({ height: 0, earliest: 20, snapshot: undefined });
    session.close();
  });
});

describe('polls', () => {
  it('announce the newest block at first, and then only another one; one request while nothing is new', async () => {
    const { gateway, clock, heights, session, told } = await opened();
    gateway.calls.length = 0;
    await clock.advance(0);
    expect([heights(), gateway.calls]).toEqual([[TIP], []]);
    await clock.advance(3_000);
    expect([heights(), gateway.calls]).toEqual([[TIP], ['tenureInfo', 'tenureInfo', 'tenureInfo']]);
    const burnHeight = chainA.headers.find(({ height }) => height === TIP)!.burn_height;
    expect(told.announced[0]).toMatchObject({ kind: 'block', item: { height: TIP, id: blockId(headerAtHeight(TIP)), size: 500, block: { burnHeight } } });
    session.close();
  });

  it('within a tenure ask for the header only; a new tenure is asked about once, and raises the claim', async () => {
    const height = starts.find((at) => at > 60 && tenureOf(at) === tenureOf(at + 2) && at - 1 > 0)!;
    const { gateway, clock, session, told, heights } = await opened({}, height);
    await clock.advance(0);
    gateway.calls.length = 0;
    gateway.tip = height + 1;
    await clock.advance(1_000);
    expect(gateway.calls).toEqual(['tenureInfo', `header ${height + 1}`]);
    expect(told.claims).toEqual([]);
    const next = starts.find((at) => at > height + 1)!;
    gateway.calls.length = 0;
    gateway.tip = next;
    await clock.advance(1_000);
    expect(gateway.calls).toEqual(['tenureInfo', `header ${next}`, expect.stringContaining('sortition'), `header ${height}`]);
    expect(told.claims).toEqual([{ height: height - 1, earliest: 20, snapshot: height - 1 }]);
    expect(session.claims).toEqual(told.claims[0]);
    expect(heights()).toEqual([height, height + 1, next]);
    session.close();
  });

  it('a block that is gone before its header is asked for is looked at again', async () => {
    const { gateway, clock, heights, session } = await opened();
    gateway.tip = 121;
    gateway.missing.add(blockId(headerAtHeight(121)));
    await clock.advance(2_000);
    expect(heights()).toEqual([TIP]);
    gateway.missing.clear();
    await clock.advance(1_000);
    expect(heights()).toEqual([TIP, 121]);
    session.close();
  });

  it('a lower newest block is told too: it may be of another branch', async () => {
    const { gateway, clock, heights, session } = await opened();
    gateway.tip = 118;
    await clock.advance(1_000);
    expect([heights(), session.tip.tipHeight]).toEqual([[TIP, 118], 118]);
    session.close();
  });

  it('come sooner when a page looks again', async () => {
    let mode: 'full' | 'low' = 'low';
    const { gateway, clock, session } = await opened({ pace: () => pollPace({ mode, online: true, saveData: false }) });
    gateway.calls.length = 0;
    await clock.advance(29_999);
    expect(gateway.calls).toEqual([]);
    mode = 'full';
    session.paceChanged();
    await clock.advance(0);
    expect(gateway.calls).toEqual(['tenureInfo']);
    await clock.advance(2_000);
    expect(gateway.calls).toHaveLength(3);
    session.close();
    expect([pollPace({ mode: 'none', online: true, saveData: false }), pollPace({ mode: 'full', online: true, saveData: true })]).toEqual([30_000, 30_000]);
  });

  it.each([[true, 36, 45], [false, 55, 90]])('a gateway that counts requests (%s) is asked %i to %i times a minute in all', async (isCounted, least, most) => {
    const made = setup({}, FIRST_HEIGHT + 10);
    const { gateway, clock, options } = made;
    const times: number[] = [];
    Object.defineProperty(gateway, 'use', { get: () => ({ isCounted, requests: times.filter((time) => time > clock.monotonic() - 60_000).length }) });
    gateway.change = (_, answer) => (times.push(clock.monotonic()), answer);
    const session = await GatewaySession.open(options, { signal });
    const minutes: number[] = [];
    for (let minute = 0; minute < 4; minute += 1) {
      const before = times.length;
      for (let i = 0; i < 10; i += 1) {
        await clock.advance(6_000);
        gateway.tip += 1;
      }
      minutes.push(times.length - before);
    }
    expect(minutes.slice(1).every((count) => count >= least && count <= most)).toBe(true);
    session.close();
  });

  it('that break a rule are faults, and three in a row end it', async () => {
    const { gateway, clock, told } = await opened();
    const errors = [new RequestError('malformed', 'x', { field: 'tip_height' }), new PeerFault('block-id', 'lie', { asked: 'a' }), new RequestError('timeout', 'x')];
    gateway.change = () => Promise.reject(errors.shift()!);
    await clock.advance(60_000);
    expect(told.faults).toEqual([{ code: 'malformed', weight: 'offence', data: { field: 'tip_height' } }, { code: 'block-id', weight: 'lie', data: { asked: 'a' } }]);
    expect(told.closed).toEqual(['timeout']);
    expect(clock.waiting).toBe(0);
  });

  it('rest while the gateway wants that, without an end', async () => {
    const { gateway, clock, told, session } = await opened();
    gateway.calls.length = 0;
    gateway.change = () => Promise.reject(new RequestError('rate-limited', 'x', { seconds: 40 }));
    await clock.advance(130_000);
    expect(gateway.calls).toHaveLength(4);
    expect([told.closed, told.faults]).toEqual([[], []]);
    session.close();
  });
});

describe('the end', () => {
  it('is told once, also by the signal of its owner; nothing is asked after it', async () => {
    const owner = new AbortController();
    const { clock, session, told, gateway } = await opened({ ending: owner.signal });
    owner.abort(new Error('over'));
    session.close('again');
    expect(told.closed).toEqual([undefined]);
    expect(clock.waiting).toBe(0);
    gateway.calls.length = 0;
    expect(await failure(session.getBlocks(50, 5, { headersOnly: true, signal }))).toMatchObject({ code: 'disconnected' });
    expect(await failure(session.proveTarget(1, { signal }))).toMatchObject({ code: 'disconnected' });
    expect(gateway.calls).toEqual([]);
    expect(told.announced).toEqual([]);
  });

  it('ends what is asked', async () => {
    const { session } = await opened({ prove: (_, __, options) => new Promise((_resolve, reject) => options.signal.addEventListener('abort', () => reject(options.signal.reason as Error))) });
    const asked = failure(session.proveTarget(1, { signal }));
    await settle();
    session.close();
    expect(await asked).toMatchObject({ code: 'disconnected' });
  });
});

describe('questions of the sync', () => {
  it('are handed to the chain, which gets the session', async () => {
    const calls: unknown[] = [];
    const { session } = await opened({
      prove: async (atLeast, its) => (calls.push([atLeast, its.id]), { height: 7, id: 'a', proven: true }),
      manifest: async (height, its) => (calls.push([height, its.id]), { value: Uint8Array.of(1), size: 3 }),
    });
    expect(await session.proveTarget(5, { signal })).toEqual({ height: 7, id: 'a', proven: true });
    expect(await session.getManifest(undefined, { signal })).toEqual({ value: Uint8Array.of(1), size: 3 });
    expect(await failure(session.getChunk(7, 0))).toMatchObject({ code: 'refused' });
    expect(calls).toEqual([[5, session.id], [undefined, session.id]]);
    session.close();
  });

  it('gives blocks as items with the Bitcoin height of their tenure, asked once a tenure', async () => {
    const { session, gateway } = await opened();
    gateway.calls.length = 0;
    const { value, size } = await session.getBlocks(60, 20, { headersOnly: false, signal });
    expect(value.map(({ height, id, parent, block }) => [height, id, parent, block.burnHeight])).toEqual(chainA.headers.filter(({ height }) => height >= 60 && height < 80).map((it) => [it.height, it.block_id, it.parent_block_id, it.burn_height]));
    const tenures = new Set(value.map(({ block }) => block.header.consensusHash));
    expect(gateway.calls.filter((call) => call.startsWith('sortition'))).toHaveLength(tenures.size);
    expect(size).toBe(2 * 500 + 1000 * 19);
    await session.getBlocks(60, 20, { headersOnly: true, signal });
    expect(gateway.calls.filter((call) => call.startsWith('sortition'))).toHaveLength(tenures.size);
    expect(await session.burnHeightOf('ab'.repeat(20), { signal })).toBeUndefined();
    session.close();
  });
});
