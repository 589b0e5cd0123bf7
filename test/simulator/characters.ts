import type { RequestBody, RequestKind, ResponseBody } from '../../src/chains/albatross/wire/requests.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { policyOf } from '../../src/chains/albatross/chain/policy-of.ts';
import { blockHash } from '../../src/chains/albatross/chain/hashes.ts';
import { toHex } from '../../src/base/bytes.ts';
import type { Block, Validator } from '../../src/chains/albatross/wire/types.ts';
import type { Hash } from '../../src/base/hash.ts';
import { withBadSignature } from '../support/fake-chain.ts';
import type { FakeBlock, FakeChain, FakeEra } from '../support/fake-chain.ts';
import type { FakePeerOptions, Twist } from '../support/fake-net.ts';
import type { Chance } from './chance.ts';
import { makerOf } from './truth.ts';

const policy = policyOf(unitAlbatross);

/** The inputs for a peer's conduct. */
export interface Setting {
  readonly chance: Chance;
  /** The honest chain as it is now. */
  readonly chain: () => FakeChain;
  /** The forgers' chain. They have their own keys, but not those of the validators. All forgers of a world share this chain. */
  readonly forged: () => FakeChain;
}

/** How a peer behaves. */
export interface Conduct {
  readonly options: FakePeerOptions;
  /** The chain that it answers from. Default: the honest chain as it grows. */
  readonly chain?: FakeChain;
  /** The chain that it answers from now, if that changes. Called at each new block, before the peer announces. */
  readonly serves?: () => FakeChain;
  /** The address that it claims; its witness network follows from that, as in the hub. Default: a network of its own. */
  readonly address?: string;
  /** Bytes that it appends to its announcements. */
  readonly padding?: () => Uint8Array;
  /** The machine that it runs on, if several peers share one. */
  readonly machine?: string;
  /** The blocks that it announces when the honest chain has a new block. Default: that block. */
  readonly announces?: (block: FakeBlock) => readonly FakeBlock[];
}

export interface Character {
  readonly name: string;
  /** It never lies; a ban of this peer is a failure. */
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
  // Each key belongs to another validator of the list (or, with one validator, to none), so only that validator could sign.
  turned: (list) => list.map((validator, index) => ({ ...validator, signingKey: list.length > 1 ? list[(index + 1) % list.length]!.signingKey : new Uint8Array(32).fill(8) })),
};

/** A block with the poisoned list, if it has a list. */
function withList(block: Block, poison: Poison): Block {
  return block.type === 'macro' && block.header.validators ? { ...block, header: { ...block.header, validators: poison(block.header.validators) } } : block;
}

/** An era in which the poisoner signs in place of the validators whose keys it replaced. */
const usurped = ({ era }: FakeChain, poison: Poison): FakeEra => ({ ...era, elect: (epoch) => poison(era.elect(epoch)) });

/** Serves election blocks with a poisoned list, and signs blocks with the keys that it put into the list. */
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
    // It has only its own key.
    return [own.block.type === 'micro' && makerOf(own.block) === toHex(poisonersKey.slice(1)) ? own : block];
  };
  return { options: { twists }, announces };
}

/** Like the poisoner, but after each macro block it builds a chain of its own, block by block, and shows only that chain. */
function usurper({ chain }: Setting): Conduct {
  const poison = poisons['all']!;
  let own = chain();
  const serves = (): FakeChain => {
    const now = chain();
    const { height } = now.head;
    const start = policy.lastMacroBlock(height);
    // Genesis elects the validators of the first epoch, and a version 2 list cannot be changed.
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

/** A block with an unknown parent. */
function orphan({ chance, chain }: Setting): FakeBlock {
  const { block } = chain().head;
  if (block.type === 'macro') return withBadSignature(chain().head);
  const blockNumber = block.header.blockNumber + chance.between(-40, 90);
  return { block: { ...block, header: { ...block.header, blockNumber: Math.max(201, blockNumber), parentHash: toHex(chance.bytes(32)) } }, hash: 'orphan', height: blockNumber };
}

/** The next block, with an invalid signature. */
function unsignedNext(chain: FakeChain, salt: number): FakeBlock {
  return withBadSignature(chain.fork(chain.head.height, salt).make());
}

const anyHash = (chance: Chance): Hash => toHex(chance.bytes(32));

/**
 * A different skip block with the same proof. The proof does not cover the changed fields: the history root in either version, and
 * the state root in version 1.
 */
function skipVariant({ block, ...rest }: FakeBlock, chance: Chance): FakeBlock {
  if (block.type !== 'micro' || block.justification?.type !== 'skip') return { block, ...rest };
  const { header } = block;
  const changed = { ...header, historyRoot: anyHash(chance), ...(header.version === 1 && chance.happens(0.5) ? { stateRoot: anyHash(chance) } : {}) };
  const variant = { ...block, header: changed };
  return { block: variant, hash: blockHash(variant), height: rest.height };
}

/** Serves and announces skip blocks with other roots, in place of the true one or beside it. */
function skipVarier({ chance, chain }: Setting): Conduct {
  const share = chance.pick([0.5, 1]);
  const vary = (block: Block): Block => (chance.happens(share) ? skipVariant(asFakeBlock(block), chance).block : block);
  return {
    options: { twists: missing((blocks) => blocks.map(vary)) },
    announces: (block) => {
      const { height } = block;
      const near = [block, ...[1, 2, 3].flatMap((back) => (height - back > policy.genesisNumber && height <= chain().head.height ? [chain().at(height - back)] : []))];
      const skip = near.find((other) => other.block.type === 'micro' && other.block.justification?.type === 'skip');
      if (!skip) return [block];
      const variants = Array.from({ length: chance.pick([1, 3, 12]) }, () => skipVariant(skip, chance));
      return chance.happens(0.5) ? [...variants, block] : variants;
    },
  };
}

/** Spellings of one IPv4 address; a URL parser reads all of them as the same. */
const disguises = ['/ip4/198.51.100.7', '/dns4/198.51.25607', '/dns4/198.3367943', '/dns4/3325256711', '/dns/0xc6.0x33.0x64.0x7', '/dns4/198.51.100.7.', '/ip6/::ffff:198.51.100.7', '/dns4/0306.063.0144.07'] as const;

/** Like the forger, with one of the spellings of one address. */
function disguised({ chance, forged }: Setting): Conduct {
  return { options: {}, chain: forged(), announces: () => [forged().head], machine: 'disguised', address: `${chance.pick(disguises)}/tcp/443/ws` };
}

/** Like the forger, with a host name or an IPv6 network of its own, which is free of charge. */
function nameSquatter({ chance, forged }: Setting): Conduct {
  const announces = () => [forged().head];
  if (chance.happens(0.3)) {
    const network = `${chance.pick(['2001:470', '2a01:4f8', '2a00:1098'])}:${chance.between(1, 9999)}`;
    return { options: {}, chain: forged(), announces, machine: network, address: `/ip6/${network}::1/tcp/443/ws` };
  }
  const name = `${chance.pick(['a', 'node', 'bücher'])}${chance.below(1000)}`;
  const host = chance.pick([`${name}.squat${chance.below(1000)}.com`, `${name}.github.io`, `198-51-100-${chance.below(250)}.nip.io`, `${name}.squat${chance.below(1000)}.co.uk`]);
  return { options: {}, chain: forged(), announces, machine: host, address: `/dns4/${host}/tcp/443/wss` };
}

/** Answers with `answer` in this share of the requests of each kind. */
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

/** Honest peers that serve nothing, or not always. */
const weak: readonly Character[] = [
  { name: 'stale', honest: true, make: ({ chance, chain }) => ({ options: {}, chain: chain().copy(Math.max(201, chain().head.height - chance.between(1, 200))), announces: () => [] }) },
  { name: 'at-genesis', honest: true, make: ({ chain }) => ({ options: {}, chain: chain().copy(200), announces: () => [] }) },
  { name: 'mute', honest: true, make: () => ({ options: {}, announces: () => [] }) },
  { name: 'stalling', honest: true, make: ({ chance }) => ({ options: { twists: sometimes(chance, chance.pick([0.3, 0.7, 1]), () => 'stall') } }) },
  { name: 'slow-loris', honest: true, make: ({ chance }) => ({ options: { latency: chance.between(6000, 7990) } }) },
  { name: 'slow', honest: true, make: ({ chance }) => ({ options: { latency: chance.between(500, 4000) } }) },
  // Other Petrel clients: one that serves the whole chain, and one that came an epoch ago and has only newer blocks.
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
  { name: 'padder', honest: false, make: ({ chance }) => ({ options: {}, announces: (block) => Array.from({ length: chance.pick([1, 20]) }, () => block), padding: () => chance.bytes(chance.between(1, 9)) }) },
  { name: 'disguised', honest: false, make: disguised },
  { name: 'name-squatter', honest: false, make: nameSquatter },
  { name: 'skip-varier', honest: false, make: skipVarier },
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

/** All characters apart from the honest peers that always serve. */
export const characters: readonly Character[] = [...weak, ...liars];
export const usurpers: Character = liars.find(({ name }) => name === 'usurper')!;
/** Characters for a conspiracy with a forged chain. All peers of a conspiracy have the same character. */
export const forgers: readonly Character[] = liars.filter(({ name }) => ['forger', 'disguised', 'name-squatter'].includes(name));
