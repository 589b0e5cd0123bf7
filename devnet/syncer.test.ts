import { describe, expect, it } from 'vitest';
import { policyOf } from '../src/chains/albatross/chain/policy-of.ts';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { loadGenesis } from '../src/chains/albatross/chain/network-parameters.ts';
import { RequestError } from '../src/engine/peers/peer-net.ts';
import { headerMessageOf } from '../src/chains/albatross/wire/gossip.ts';
import type { RequestKind } from '../src/chains/albatross/wire/requests.ts';
import type { Block, BlockHeaderMessage } from '../src/chains/albatross/wire/types.ts';
import { VirtualClock } from '../test/support/virtual-clock.ts';
import { DevChain } from './chain.ts';
import { inSync, Syncer } from './syncer.ts';
import { unitValidator } from './validators.ts';

const UNIT = [unitValidator(loadGenesis(unitAlbatross).header.validators![0]!)];
const chain = new DevChain({ network: unitAlbatross, seed: 'syncer', genesisValidators: UNIT, electedValidators: UNIT, now: () => 1_800_000_000_000 });
while (chain.head.height < 340) chain.produce();
const other = new DevChain({ network: unitAlbatross, seed: 'syncer, another chain', genesisValidators: UNIT, electedValidators: UNIT, now: () => 1_800_000_000_000 });
while (other.head.height < 420) other.produce();

const at = (height: number) => ({ blockNumber: height, blockHash: chain.at(height)?.hash ?? 'f0'.repeat(32), macroHash: '', electionHash: '' });
const message = (block: Block): BlockHeaderMessage => headerMessageOf(block)!;

type Answers = Partial<Record<RequestKind, unknown>>;

/** A syncer, and a client `c` with these answers: each is a value to return or an error to throw. */
function scene(answers: Answers) {
  const clock = new VirtualClock();
  const asked: RequestKind[] = [];
  const told: unknown[] = [];
  const syncer = new Syncer({
    clock,
    view: chain,
    chain,
    ask: (_remote, kind) => {
      asked.push(kind);
      const answer = answers[kind];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as never);
    },
    expel: (_remote, reason) => told.push(reason),
    checked: (_remote, kind, live, height) => told.push([kind, live, height]),
    refused: (_remote, reason) => told.push(reason),
  });
  return { syncer, clock, asked, told };
}

it('counts a client as in sync from one batch behind to two batches ahead', () => {
  const policy = policyOf(unitAlbatross);
  expect([[340, 296], [340, 297], [340, 340], [340, 404], [340, 405], [200, 200], [200, 264], [232, 200], [233, 200]].map(([ours, theirs]) => inSync(policy, ours!, theirs!)))
    .toEqual([false, true, true, true, false, true, true, true, false]);
});

describe('a client without the services of a full node', () => {
  it('is asked for its head, and is live when that is in sync', async () => {
    const { syncer, told, asked } = scene({ head: at(330) });
    await syncer.joined('c', 0);
    expect([asked, told]).toEqual([['head'], [['head', true, 330]]]);
    expect(syncer.counts).toEqual({ live: 1, incompatible: 0, outdated: 0 });
    syncer.left('c');
    expect(syncer.counts).toEqual({ live: 0, incompatible: 0, outdated: 0 });
  });

  for (const code of ['no-receiver', 'rate-limited', 'malformed', 'too-large', 'refused', 'timeout'] as const) {
    it(`is dropped at once: ${code}`, async () => {
      const { syncer, told } = scene({ head: new RequestError(code, '') });
      await syncer.joined('c', 8);
      expect(told).toEqual([`head:${code}`]);
    });
  }

  it('that lost the connection by which it was asked, but has another one, is asked again at the next look', async () => {
    const answers: Answers = { head: new RequestError('disconnected', '') };
    const { syncer, clock, asked, told } = scene(answers);
    syncer.start();
    await syncer.joined('c', 0);
    expect([told, syncer.counts]).toEqual([[], { live: 0, incompatible: 1, outdated: 0 }]);
    answers.head = at(340);
    await clock.advance(60_000);
    expect([asked, told]).toEqual([['head', 'head'], [['head', true, 340]]]);
    syncer.stop();
  });

  it('is asked again every 60 s until it is in sync', async () => {
    const answers: Answers = { head: at(200) };
    const { syncer, clock, asked, told } = scene(answers);
    syncer.start();
    await syncer.joined('c', 0);
    await clock.advance(59_999);
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    answers.head = at(340);
    await clock.advance(60_000);
    expect(told).toEqual([['head', false, 200], ['head', false, 200], ['head', true, 340]]);
    // A head round asks live clients, and no error counts there.
    answers.head = new RequestError('no-receiver', '');
    await clock.advance(60_000);
    expect(asked).toHaveLength(4);
    expect(syncer.counts.live).toBe(1);
    syncer.stop();
  });

  it('is not expelled for an answer that arrives after it left', async () => {
    const { syncer, told } = scene({ head: new RequestError('timeout', '') });
    const joined = syncer.joined('c', 0);
    syncer.left('c');
    await joined;
    expect(told).toEqual([]);
  });
});

describe('a live client', () => {
  it('is dropped when it answers a block request with a different block', async () => {
    const { syncer, told } = scene({ head: at(341), block: { ok: true, value: chain.head.block } });
    await syncer.joined('c', 0);
    await syncer.look();
    expect(told.at(-1)).toBe('block:other-block');
  });

  it('that announces a too old block becomes outdated, and the next look asks for its macro chain', async () => {
    const { syncer, asked, told } = scene({ head: at(340), 'macro-chain': { ok: true, value: { epochs: [], checkpoint: undefined } } });
    await syncer.joined('c', 0);
    syncer.announced('c', message(chain.at(250)!.block));
    syncer.announced('c', message(other.at(308)!.block));
    expect(syncer.counts.live).toBe(1);
    syncer.announced('c', message(other.at(307)!.block));
    expect(syncer.counts.outdated).toBe(1);
    await syncer.look();
    expect([asked, told.slice(1)]).toEqual([['head', 'macro-chain'], [['announcement', false, 307], ['macro-chain', true, undefined]]]);
  });

  it('that announces a too new block is asked for its macro chain at once', async () => {
    const { syncer, asked, told } = scene({ head: at(340), 'macro-chain': new RequestError('no-receiver', '') });
    await syncer.joined('c', 0);
    syncer.announced('c', message(other.at(404)!.block));
    expect(asked).toEqual(['head']);
    syncer.announced('c', message(other.at(405)!.block));
    await expect.poll(() => told.at(-1)).toBe('macro-chain:no-receiver');
  });
});

it('a header that a client passes on is refused if it cannot be valid', () => {
  const { syncer, told } = scene({});
  const { block } = chain.at(339)!;
  const micro = message(block);
  const changed = { ...micro, header: { ...micro.header, timestamp: micro.header.timestamp + 1 } } as BlockHeaderMessage;
  const copy = message({ ...block, justification: { type: 'micro', signature: new Uint8Array(64) } } as Block);
  expect([micro, changed, copy, message(other.at(339)!.block)].map((heard) => syncer.announced('c', heard))).toEqual(['ignore', 'reject', 'reject', 'ignore']);
  expect(told).toEqual(['invalid', 'other-copy']);
});

describe('a client with the services of a history node', () => {
  const chainOf = (epochs: number, checkpoint?: number) => ({ ok: true, value: { epochs: Array.from({ length: epochs }, () => 'aa'.repeat(32)), checkpoint: checkpoint === undefined ? undefined : { blockNumber: checkpoint, hash: 'bb'.repeat(32) } } });
  for (const [what, answer, result] of [
    ['nothing new', chainOf(0), ['macro-chain', true, undefined]],
    ['a newer checkpoint', chainOf(0, 360), ['macro-chain', false, 360]],
    ['newer epochs', chainOf(2, 1), ['macro-chain', false, undefined]],
    ['no locator known', { ok: false, error: 'UnknownLocators' }, ['macro-chain', false, undefined]],
    ['too many epochs', chainOf(1001), 'macro-chain:too-many-epochs'],
    ['a checkpoint where there is none', chainOf(0, 361), 'macro-chain:bad-checkpoint'],
    ['a checkpoint of another epoch', chainOf(0, 488), 'macro-chain:bad-checkpoint'],
    ['no answer', new RequestError('timeout', ''), 'macro-chain:timeout'],
  ] as const) {
    it(`${what}: ${JSON.stringify(result)}`, async () => {
      const { syncer, told, asked } = scene({ 'macro-chain': answer });
      await syncer.joined('c', 27);
      expect([asked, told]).toEqual([['macro-chain'], [result]]);
    });
  }
});
