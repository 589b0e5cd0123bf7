import { afterEach, describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../../test/support/fake-chain.ts';
import { FakePeer, seededRandom } from '../../../../../test/support/fake-net.ts';
import type { Twist } from '../../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../../test/support/sync-world.ts';
import type { RequestKind } from '../../wire/requests.ts';

/** Minutes for which all peers refuse. */
const minutes = process.env['PETREL_LONG'] === '1' ? 10 : 2;
/** Maximum requests to one peer in any minute, of all kinds: a head round takes 12, each with a block, and a catch-up has its waits. */
const mostPerMinute = 80;
/** Milliseconds within which a good peer must have brought the client to its head: the longest back-off, and its own requests. */
const mostUntilUsed = 90_000;

/** Ways to refuse, for every kind of request. Each function gets a way to make the peer leave, and returns the peer's answer. */
type Negative = (leave: () => void) => Twist<RequestKind>;
const fails = (fail: 'refused' | 'rate-limited' | 'no-receiver' | 'busy' | 'malformed' | 'too-large'): Negative => () => () => ({ fail });
const says = (error: string): Negative => () => () => ({ ok: false, error }) as never;
const ofAll: Readonly<Record<string, Negative>> = {
  stall: () => () => 'stall',
  'hang up': (leave) => () => {
    leave();
    return 'stall';
  },
  refused: fails('refused'),
  'rate-limited': fails('rate-limited'),
  'no-receiver': fails('no-receiver'),
  busy: fails('busy'),
  malformed: fails('malformed'),
  'too-large': fails('too-large'),
};
const unknown = 'f'.repeat(64);
const negatives: Readonly<Record<'head' | 'block' | 'macro-chain' | 'missing-blocks', Readonly<Record<string, Negative>>>> = {
  head: {
    ...ofAll,
    'unknown head': () => (_, honest) => ({ ...honest() as object, blockHash: unknown }) as never,
    'unknown macro blocks': () => (_, honest) => ({ ...honest() as object, macroHash: unknown, electionHash: unknown }) as never,
    'ahead by unknown blocks': () => (_, honest) => ({ ...(honest() as { blockNumber: number }), blockNumber: 100_001, blockHash: unknown, macroHash: 'e'.repeat(64), electionHash: 'd'.repeat(64) }) as never,
  },
  block: { ...ofAll, TargetHashNotFound: says('TargetHashNotFound'), Other: says('Other') },
  'macro-chain': {
    ...ofAll,
    UnknownLocators: says('UnknownLocators'),
    Other: says('Other'),
    nothing: () => () => ({ ok: true, value: { epochs: [], checkpoint: undefined } }) as never,
    'unknown epochs': () => () => ({ ok: true, value: { epochs: [unknown], checkpoint: undefined } }) as never,
  },
  'missing-blocks': {
    ...ofAll,
    TargetHashNotFound: says('TargetHashNotFound'),
    UnknownLocators: says('UnknownLocators'),
    Other: says('Other'),
    nothing: () => () => ({ ok: true, value: { blocks: [] } }) as never,
  },
};

/** The client's state at the start: without a chain; with a chain behind theirs; following theirs, with every other block announced. */
type Scene = 'fresh' | 'behind' | 'live';
/** The request kinds of each state. */
const scenes: Readonly<Record<Scene, readonly (keyof typeof negatives)[]>> = {
  fresh: ['head', 'block', 'missing-blocks'],
  behind: ['head', 'block', 'macro-chain'],
  live: ['head', 'block', 'missing-blocks'],
};

let world: SyncWorld;
let over = false;
afterEach(async () => {
  over = true;
  await world.clock.advance(31_000);
  await world.end();
});

/** Dials a dropped peer again as the connection pool does: at once at first, then later and later while the connection does not hold. */
function redialling(peers: readonly FakePeer[]): void {
  const random = seededRandom(9);
  const book = new Map(peers.map((peer) => [peer.id, { peer, failures: 0, since: 0 }]));
  world.net.on('left', ({ id }) => {
    const page = book.get(id);
    if (!page || over) return;
    const held = world.clock.monotonic() - page.since;
    page.failures = held >= 30_000 ? 1 : page.failures + 1;
    world.clock.after(random.next() * Math.min(30_000, 1000 * 2 ** (page.failures - 1)), () => {
      if (over) return;
      page.since = world.clock.monotonic();
      world.net.join(page.peer);
    });
  });
}

async function setUp(scene: Scene, kind: keyof typeof negatives, negative: Negative) {
  over = false;
  const chain = new FakeChain().growTo(scene === 'live' ? 250 : 470);
  world = await new SyncWorld(scene === 'behind' ? { stored: { chain: chain.copy(240) } } : {}).start();
  const peers = world.peers(6, chain);
  if (scene === 'live') {
    world.net.join(...peers);
    await world.established();
  }
  redialling(peers);
  for (const peer of peers) peer.twists[kind] = negative(() => world.net.leave(peer.id)) as never;
  if (scene !== 'live') world.net.join(...peers);
  return { chain, peers };
}

describe('when all peers refuse', () => {
  for (const [scene, kinds] of Object.entries(scenes) as [Scene, readonly (keyof typeof negatives)[]][]) {
    for (const kind of kinds) {
      for (const [way, negative] of Object.entries(negatives[kind])) {
        it(`${scene}: ${kind} ${way}: few requests, and a good peer is used`, async () => {
          const { chain, peers } = await setUp(scene, kind, negative);
          const begun = world.clock.monotonic();
          for (let second = 0; second < 60 * minutes; second += 1) {
            if (scene === 'live') {
              chain.growTo(chain.head.height + 1);
              for (const nth of second % 2 === 0 ? [0, 1] : []) void world.net.announce(peers[(second / 2 + nth) % peers.length]!, chain.head);
            }
            await world.clock.advance(1000);
          }
          const worst = busiest(begun);
          const good = new FakePeer('good', chain);
          world.net.join(good);
          await world.clock.untilTrue(() => world.chain.head.height >= chain.head.height, mostUntilUsed).catch(() => undefined);
          expect(worst.count).toBeLessThanOrEqual(mostPerMinute);
          expect(world.chain.head.hash).toBe(chain.head.hash);
        });
      }
    }
  }
});

/** The maximum number of requests to one peer in one minute. */
function busiest(begun: number): { readonly count: number; readonly kinds: Readonly<Record<string, number>> } {
  const buckets = new Map<string, { count: number; kinds: Record<string, number> }>();
  for (const { at, peer, kind } of world.net.requests) {
    if (at < begun) continue;
    const key = `${peer} ${Math.floor((at - begun) / 60_000)}`;
    const bucket = buckets.get(key) ?? { count: 0, kinds: {} };
    bucket.count += 1;
    bucket.kinds[kind] = (bucket.kinds[kind] ?? 0) + 1;
    buckets.set(key, bucket);
  }
  return Array.from(buckets.values()).toSorted((a, b) => b.count - a.count)[0] ?? { count: 0, kinds: {} };
}
