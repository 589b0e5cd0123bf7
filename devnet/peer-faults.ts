import { blockHeaderMessage } from '../src/chains/albatross/wire/blocks.ts';
import { toHex } from '../src/base/bytes.ts';
import { headerMessageOf } from '../src/chains/albatross/wire/gossip.ts';
import { encode } from '../src/base/postcard/codec.ts';
import { changed, type PeerFault } from './peer-fault.ts';
import { PROOF_FAULTS } from './proof-faults.ts';
import { forWire } from './serve.ts';

/** Announcements per block in a flood. */
const FLOOD = 300;
/** Bytes; above the largest allowed response (10 MiB). */
const OVERSIZE = 10_485_760 + 1024;

export const PEER_FAULTS: Readonly<Record<string, PeerFault>> = {
  ...PROOF_FAULTS,
  stall: { says: 'never answers a request', answer: () => 'stall' },
  'stall-block': { says: 'never answers a request for a block or for missing blocks', answer: (kind) => (kind === 'block' || kind === 'missing-blocks' ? 'stall' : undefined) },
  garbage: {
    says: 'announces and answers bytes that do not decode',
    answer: (_kind, _body, { random }) => ({ raw: Uint8Array.from([0, 0, 9, ...random.bytes(60)]) }),
    // The message has no variant 7.
    announce: (_block, { random }) => [Uint8Array.from([7, ...random.bytes(200)])],
  },
  truncated: {
    says: 'cuts its answers to blocks and missing blocks short',
    answer: (kind) => (kind === 'block' || kind === 'missing-blocks' ? { raw: Uint8Array.from([0, 0, 1, 7]) } : undefined),
  },
  oversized: { says: 'answers with more than 10 MiB', answer: () => ({ raw: new Uint8Array(OVERSIZE) }) },
  'rate-limited': { says: 'answers every request but that for the head with ExceedsRateLimit', answer: (kind) => (kind === 'head' ? undefined : { error: 'rate-limited' }) },
  'no-receiver': { says: 'answers every request with NoReceiver', answer: () => ({ error: 'no-receiver' }) },
  flood: {
    says: `announces ${FLOOD} made-up blocks with every block`,
    announce: (block, { view, random }) => {
      const honest = headerMessageOf(block.block);
      const { policy } = view;
      const micro = policy.isMacro(block.height) ? view.at(block.height - 1) : block;
      const message = micro && headerMessageOf(micro.block);
      if (!honest || !message) return [];
      // Micro blocks at the following heights, on unknown parents. It skips the heights of macro blocks, where a micro block would
      // be a provable lie.
      const heights = Array.from({ length: policy.blocksPerBatch - 1 }, (_, i) => block.height + 1 + i).filter((height) => !policy.isMacro(height));
      const bogus = Array.from({ length: FLOOD }, (_, i) => {
        const header = { ...message.header, blockNumber: heights[i % heights.length]!, parentHash: toHex(random.bytes(32)) };
        return encode(blockHeaderMessage, { ...message, header } as typeof message);
      });
      return [...bogus, encode(blockHeaderMessage, honest)];
    },
  },
  mute: { says: 'announces nothing', announce: () => [] },
  'wrong-block': {
    says: 'answers a request for one block with another',
    answer: changed('block', (_value, body, { view }) => {
      const other = [view.head, view.macroHead, view.electionHead, view.at(view.policy.genesisNumber)].find((block) => block && block.hash !== body.hash);
      return other && { body: { ok: true, value: forWire(other.block, false) } };
    }),
  },
  'not-found': { says: 'knows no block it is asked for', answer: changed('block', () => ({ body: { ok: false, error: 'TargetHashNotFound' } })) },
  'empty-blocks': { says: 'answers missing blocks with none', answer: changed('missing-blocks', () => ({ body: { ok: true, value: { blocks: [] } } })) },
  'unlinked-blocks': {
    says: 'leaves one block out of the missing blocks',
    answer: changed('missing-blocks', (value) => (value.ok && value.value.blocks.length > 2 ? { body: { ok: true, value: { blocks: value.value.blocks.filter((_, i) => i !== 1) } } } : undefined)),
  },
  'short-blocks': {
    says: 'leaves the last of the missing blocks out',
    answer: changed('missing-blocks', (value) => (value.ok && value.value.blocks.length > 1 ? { body: { ok: true, value: { blocks: value.value.blocks.slice(0, -1) } } } : undefined)),
  },
  'early-blocks': {
    says: 'starts the missing blocks after another block than a locator',
    answer: changed('missing-blocks', (value) => (value.ok && value.value.blocks.length > 1 ? { body: { ok: true, value: { blocks: value.value.blocks.slice(1) } } } : undefined)),
  },
  'too-many-blocks': {
    says: 'sends more than a batch of missing blocks',
    answer: changed('missing-blocks', (value, _body, { view }) => {
      const first = value.ok ? value.value.blocks[0] : undefined;
      if (!first) return undefined;
      const blocks = [];
      for (let height = first.header.blockNumber; height <= view.head.height && blocks.length < 2 * view.policy.blocksPerBatch; height++) {
        const found = view.at(height);
        if (found) blocks.push(forWire(found.block, false));
      }
      // On a short chain, repeat the last block.
      while (blocks.length <= view.policy.blocksPerBatch) blocks.push(blocks.at(-1) ?? first);
      return { body: { ok: true, value: { blocks } } };
    }),
  },
  'with-bodies': {
    says: 'sends bodies nobody asked for',
    answer: changed('missing-blocks', (value) =>
      value.ok
        ? { body: { ok: true, value: { blocks: value.value.blocks.map((block) => (block.type === 'micro' ? { ...block, body: { equivocationProofs: [], transactions: [] } } : { ...block, body: { transactions: [] } })) } } }
        : undefined,
    ),
  },
  'head-lie': {
    says: 'names heads that do not exist',
    answer: changed('head', (value, _body, { random }) => ({ body: { ...value, blockHash: toHex(random.bytes(32)), macroHash: toHex(random.bytes(32)), electionHash: toHex(random.bytes(32)) } })),
  },
  'epochs-gap': {
    says: 'leaves an election block out of the macro chain',
    answer: changed('macro-chain', (value) => (value.ok && value.value.epochs.length > 1 ? { body: { ok: true, value: { ...value.value, epochs: value.value.epochs.filter((_, i) => i !== 0) } } } : undefined)),
  },
  'epochs-unknown': {
    says: 'names election blocks that do not exist',
    answer: changed('macro-chain', (value, _body, { random }) => (value.ok ? { body: { ok: true, value: { ...value.value, epochs: [...value.value.epochs.slice(0, -1), toHex(random.bytes(32))] } } } : undefined)),
  },
  'too-many-epochs': {
    says: 'names more election blocks than asked for',
    answer: changed('macro-chain', (_value, body, { random }) => ({
      body: { ok: true, value: { epochs: Array.from({ length: body.maxEpochs + 1 }, () => toHex(random.bytes(32))), checkpoint: undefined } },
    })),
  },
  'wrong-checkpoint': {
    says: 'names a checkpoint at a height that cannot have one',
    answer: changed('macro-chain', (value, _body, { view, random }) =>
      value.ok ? { body: { ok: true, value: { epochs: value.value.epochs, checkpoint: { blockNumber: view.electionHead.height + 1, hash: toHex(random.bytes(32)) } } } } : undefined,
    ),
  },
  'zkp-none': { says: 'knows nothing of zero-knowledge proofs', prove: () => undefined },
  'zkp-stale': { says: 'has the zero-knowledge proof of an epoch ago', prove: (_, { view }) => view.proven('stale') },
  'zkp-forged': { says: 'has a forged zero-knowledge proof of the newest election block', prove: (_, { view }) => view.proven('forged') },
  'zkp-short': { says: 'cuts the last byte off a zero-knowledge proof', prove: ({ message, block }) => ({ message: { ...message, proof: message.proof?.subarray(0, -1) }, block }) },
  'zkp-empty': { says: 'says that there is no proof of an election block after genesis', prove: ({ message, block }) => ({ message: { ...message, proof: undefined }, block }) },
  'zkp-no-block': { says: 'sends a zero-knowledge proof without its election block', prove: ({ message }) => ({ message, block: undefined }) },
  'zkp-number': {
    says: 'names another height than the proven block has',
    prove: ({ message, block }, { view }) => ({ message: { ...message, blockNumber: message.blockNumber + view.policy.blocksPerEpoch }, block }),
  },
  'zkp-other-block': {
    says: 'sends the proof of an epoch ago with the newest election block',
    prove: ({ message, block }, { view }) => ({ message: { ...message, proof: view.proven('stale')?.message.proof ?? view.proven('forged')?.message.proof }, block }),
  },
  'zkp-other-genesis': {
    says: "sends a good proof that does not start at the network's genesis block",
    prove: ({ message, block }, { view }) => ({ message: { ...message, proof: block && view.proofFromElsewhere(block) }, block }),
  },
  'unknown-locators': { says: 'knows no locator it is given', answer: changed('macro-chain', () => ({ body: { ok: false, error: 'UnknownLocators' } })) },
};
