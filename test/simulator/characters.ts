import type { RequestBody, RequestKind, ResponseBody } from '../../src/albatross/wire/requests.ts';
import { unitAlbatross } from '../../src/albatross/chain/networks/unit-albatross.ts';
import { policyOf } from '../../src/albatross/chain/policy.ts';
import { toHex } from '../../src/albatross/wire/bytes.ts';
import type { Block, Hash, Validator } from '../../src/albatross/wire/types.ts';
import { withBadSignature } from '../support/fake-chain.ts';
import type { FakeBlock, FakeChain, FakeEra } from '../support/fake-chain.ts';
import type { FakePeerOptions, Twist } from '../support/fake-net.ts';
import type { Chance } from './chance.ts';
import { makerOf } from './truth.ts';

const policy = policyOf(unitAlbatross);

/** What a peer can draw on when it makes up its conduct. */
export interface Setting {
  readonly chance: Chance;
  /** The honest chain as it is now. */
  readonly chain: () => FakeChain;
  /** The chain of the forgers, who have keys of their own but not those of the validators. One for all of a world. */
  readonly forged: () => FakeChain;
}

/** How a peer behaves. */
export interface Conduct {
  readonly options: FakePeerOptions;
  /** The chain it answers from, when that is not the honest one as it grows. */
  readonly chain?: FakeChain;
  /** The chain that it answers from now, for one that changes; asked at each new block, before it announces. */
  readonly serves?: () => FakeChain;
  /** What it announces when the honest chain has a new block. Default: that block. */
  readonly announces?: (block: FakeBlock) => readonly FakeBlock[];
}

export interface Character {
  readonly name: string;
  /** It never says anything untrue; to ban it is an error. */
  readonly honest: boolean;
  readonly make: (setting: Setting) => Conduct;
}

type Twists = { [K in RequestKind]?: Twist<K> };

type Poison = (list: readonly Validator[]) => readonly Validator[];

const poisonersKey = new Uint8Array(32).fill(7);

/** Ways to change the signing keys of a list under the same hash. */
const poisons: { readonly [name: string]: Poison } = {
  all: (list) => list.map((validator) => ({ ...validator, signingKey: poisonersKey })),
  one: (list) => list.map((validator, index) => (index === list.length - 1 ? { ...validator, signingKey: poisonersKey } : validator)),
  // Nobody can sign with these but their true owners.
  turned: (list) => list.map((validator, index) => ({ ...validator, signingKey: list.length > 1 ? list[(index + 1) % list.length]!.signingKey : new Uint8Array(32).fill(8) })),
};

/** A block with the poisoned list, when it has a list. */
function withList(block: Block, poison: Poison): Block {
  return block.type === 'macro' && block.header.validators ? { ...block, header: { ...block.header, validators: poison(block.header.validators) } } : block;
}

/** An era in which the poisoner signs in the turn of those whose keys it has replaced. */
const usurped = ({ era }: FakeChain, poison: Poison): FakeEra => ({ ...era, elect: (epoch) => poison(era.elect(epoch)) });

/** It hands out election blocks with a poisoned list, and signs blocks with the keys that it put into it. */
function poisoner({ chance, chain }: Setting): Conduct {
  const how = chance.pick(Object.keys(poisons));
  const poison = poisons[how]!;
  const twists: Twists = {
    ...missing((blocks) => blocks.map((block) => withList(block, poison))),
    block: (_, honest) => {
      const answer = honest();
      return answer.ok ? { ok: true, value: withList(answer.value, poison) } : answer;
    },
  };
  const announces = (block: FakeBlock): readonly FakeBlock[] => {
    if (block.block.type === 'macro') return [{ ...block, block: withList(block.block, poison) }];
    const now = chain();
    const own = now.head === block && chance.happens(0.5) ? now.fork(block.height - 1, 66, usurped(now, poison)).make() : block;
    // It has no key but its own.
    return [own.block.type === 'micro' && makerOf(own.block) === toHex(poisonersKey.slice(1)) ? own : block];
  };
  return { options: { twists }, announces };
}

/** As the poisoner, and it lives on a chain of its own after each macro block, block by block, and shows no other. */
function usurper({ chain }: Setting): Conduct {
  const poison = poisons['all']!;
  let own = chain();
  const serves = (): FakeChain => {
    const now = chain();
    const { height } = now.head;
    const start = policy.lastMacroBlock(height);
    // The first batch of all is elected by genesis, and a version 2 list cannot be changed.
    const election = now.electionHead;
    if (height === start || election.height === policy.genesisNumber || election.block.header.version > 1) return now;
    if (own.salt !== 67 || own.head.height < start || own.head.height > height || own.at(start).hash !== now.at(start).hash) own = now.fork(start, 67, usurped(now, poison));
    return own.growTo(Math.max(own.head.height, height));
  };
  const twists: Twists = {
    ...missing((blocks) => blocks.map((block) => withList(block, poison))),
    block: (_, honest) => {
      const answer = honest();
      return answer.ok ? { ok: true, value: withList(answer.value, poison) } : answer;
    },
  };
  return { options: { twists }, serves, announces: () => [{ ...own.head, block: withList(own.head.block, poison) }] };
}

/** A block that follows on nothing. */
function orphan({ chance, chain }: Setting): FakeBlock {
  const { block } = chain().head;
  if (block.type === 'macro') return withBadSignature(chain().head);
  const blockNumber = block.header.blockNumber + chance.between(-40, 90);
  return { block: { ...block, header: { ...block.header, blockNumber: Math.max(201, blockNumber), parentHash: toHex(chance.bytes(32)) } }, hash: 'orphan', height: blockNumber };
}

/** The next block as somebody makes it who has no key. */
function unsignedNext(chain: FakeChain, salt: number): FakeBlock {
  return withBadSignature(chain.fork(chain.head.height, salt).make());
}

const anyHash = (chance: Chance): Hash => toHex(chance.bytes(32));

/** Answers each kind of request with `answer` some of the time. */
function sometimes(chance: Chance, share: number, answer: () => 'stall' | { readonly fail: 'malformed' | 'too-large' | 'no-receiver' | 'rate-limited' | 'refused' | 'busy' }): Twists {
  const twist = (_: unknown, honest: () => unknown) => (chance.happens(share) ? answer() : honest());
  return { head: twist, block: twist, 'macro-chain': twist, 'missing-blocks': twist } as Twists;
}

type MissingTwist = (blocks: readonly Block[], body: RequestBody<'missing-blocks'>) => readonly Block[];

const missing = (change: MissingTwist): Twists => ({
  'missing-blocks': (body, honest) => {
    const answer = honest();
    return answer.ok ? { ok: true, value: { blocks: [...change(answer.value.blocks, body)] } } : answer;
  },
});

const asFakeBlock = (block: Block): FakeBlock => ({ block, hash: '', height: block.header.blockNumber });
const forgedSignatures = (blocks: readonly Block[]) => blocks.map((block) => withBadSignature(asFakeBlock(block)).block);

/** Peers that are honest but no help, or not always. */
const weak: readonly Character[] = [
  { name: 'stale', honest: true, make: ({ chance, chain }) => ({ options: {}, chain: chain().copy(Math.max(201, chain().head.height - chance.between(1, 200))), announces: () => [] }) },
  { name: 'at-genesis', honest: true, make: ({ chain }) => ({ options: {}, chain: chain().copy(200), announces: () => [] }) },
  { name: 'mute', honest: true, make: () => ({ options: {}, announces: () => [] }) },
  { name: 'stalling', honest: true, make: ({ chance }) => ({ options: { twists: sometimes(chance, chance.pick([0.3, 0.7, 1]), () => 'stall') } }) },
  { name: 'slow-loris', honest: true, make: ({ chance }) => ({ options: { latency: chance.between(6000, 7990) } }) },
  { name: 'slow', honest: true, make: ({ chance }) => ({ options: { latency: chance.between(500, 4000) } }) },
  // Other Petrel clients: all that there is, or what one has that came an epoch ago.
  { name: 'petrel', honest: true, make: () => ({ options: { witness: false } }) },
  { name: 'young-petrel', honest: true, make: () => ({ options: { witness: false, twists: { 'macro-chain': () => ({ ok: false, error: 'Other' }) } } }) },
  { name: 'light', honest: true, make: () => ({ options: { services: 0 } }) },
  { name: 'refusing', honest: true, make: ({ chance }) => ({ options: { twists: sometimes(chance, chance.pick([0.3, 1]), () => ({ fail: chance.pick(['no-receiver', 'rate-limited', 'refused', 'busy'] as const) })) } }) },
  {
    name: 'withholding',
    honest: true,
    make: ({ chance }) => {
      const share = chance.pick([0.3, 0.7, 1]);
      const withheld = (_: unknown, honest: () => unknown) => (chance.happens(share) ? { ok: false, error: 'TargetHashNotFound' } : honest());
      return { options: { twists: { block: withheld, 'missing-blocks': withheld } as Twists } };
    },
  },
];

/** Peers that lie. */
const liars: readonly Character[] = [
  { name: 'truncated', honest: false, make: ({ chance }) => ({ options: { twists: sometimes(chance, chance.pick([0.1, 1]), () => ({ fail: 'malformed' })) } }) },
  { name: 'oversized', honest: false, make: ({ chance }) => ({ options: { twists: sometimes(chance, chance.pick([0.1, 1]), () => ({ fail: 'too-large' })) } }) },
  { name: 'wrong-block', honest: false, make: ({ chain, chance }) => ({ options: { twists: { block: (_, honest) => (chance.happens(0.5) ? { ok: true, value: chain().at(201).block } : honest()) } } }) },
  {
    name: 'wrong-head',
    honest: false,
    make: ({ chance }) => {
      const lie = chance.pick<(head: ResponseBody<'head'>) => ResponseBody<'head'>>([
        (head) => ({ ...head, blockNumber: head.blockNumber + chance.pick([1, 64, 100_000]) }),
        (head) => ({ ...head, blockHash: anyHash(chance) }),
        (head) => ({ ...head, macroHash: anyHash(chance) }),
        (head) => ({ ...head, electionHash: anyHash(chance) }),
        (head) => ({ ...head, blockNumber: 0 }),
        (head) => ({ ...head, blockNumber: policy.electionBlockAfter(head.blockNumber), electionHash: head.macroHash, blockHash: head.macroHash }),
        (head) => ({ ...head, blockNumber: head.blockNumber + 32, macroHash: head.blockHash }),
      ]);
      return { options: { twists: { head: (_, honest) => lie(honest()) } } };
    },
  },
  { name: 'forger', honest: false, make: (setting) => ({ options: {}, chain: setting.forged(), announces: () => [setting.forged().head] }) },
  { name: 'poisoner', honest: false, make: poisoner },
  { name: 'usurper', honest: false, make: usurper },
  { name: 'bad-signatures', honest: false, make: () => ({ options: { twists: missing(forgedSignatures) }, announces: (block) => [withBadSignature(block)] }) },
  { name: 'invalid-blocks', honest: false, make: ({ chain }) => ({ options: {}, announces: (block) => [block, unsignedNext(chain(), 55)] }) },
  {
    name: 'unlinked',
    honest: false,
    make: ({ chance }) => ({
      options: {
        twists: missing(
          chance.pick<MissingTwist>([(blocks) => blocks.toReversed(), (blocks) => blocks.slice(1), (blocks) => blocks.slice(0, -1), (blocks) => [...blocks, ...blocks], () => [], (blocks) => blocks.filter((_, index) => index % 2 === 0)]),
        ),
      },
    }),
  },
  {
    name: 'macro-liar',
    honest: false,
    make: ({ chance }) => {
      type Value = Extract<ResponseBody<'macro-chain'>, { ok: true }>['value'];
      const lie = chance.pick<(value: Value) => Value | undefined>([
        (value) => ({ ...value, epochs: [...value.epochs, anyHash(chance)], checkpoint: undefined }),
        (value) => ({ ...value, epochs: value.epochs.slice(1) }),
        (value) => ({ ...value, epochs: value.epochs.toReversed() }),
        (value) => ({ ...value, epochs: Array.from({ length: 1001 }, () => anyHash(chance)) }),
        (value) => ({ ...value, checkpoint: { blockNumber: value.checkpoint?.blockNumber ?? 232, hash: anyHash(chance) } }),
        () => ({ epochs: [], checkpoint: undefined }),
        (value) => ({ ...value, checkpoint: { blockNumber: 201, hash: anyHash(chance) } }),
        () => undefined,
      ]);
      return {
        options: {
          twists: {
            'macro-chain': (_, honest) => {
              const answer = honest();
              const value = answer.ok ? lie(answer.value) : undefined;
              return value ? { ok: true, value } : { ok: false, error: 'UnknownLocators' };
            },
            ...(chance.happens(0.5) ? { head: (_: unknown, honest: () => ResponseBody<'head'>) => ({ ...honest(), blockNumber: honest().blockNumber + 128 }) } : {}),
          },
        },
      };
    },
  },
  { name: 'flooder', honest: false, make: (setting) => ({ options: {}, announces: () => Array.from({ length: setting.chance.pick([5, 40]) }, () => orphan(setting)) }) },
  {
    name: 'old-news',
    honest: true,
    make: ({ chain, chance }) => ({ options: {}, announces: () => Array.from({ length: 6 }, () => chain().at(chance.between(Math.max(201, chain().head.height - 100), chain().head.height))) }),
  },
  {
    name: 'new-version',
    honest: false,
    make: ({ chain }) => ({
      options: {},
      announces: (block) => {
        if (block.block.type !== 'macro') return [block];
        return [chain().fork(block.height - 1, 44).make({ version: 9 })];
      },
    }),
  },
];

/** All who can be met besides peers that are honest and able. */
export const characters: readonly Character[] = [...weak, ...liars];
export const usurpers: Character = liars.find(({ name }) => name === 'usurper')!;
export const forger: Character = liars.find(({ name }) => name === 'forger')!;
