import '../src/network/node-web-socket.ts';
import { createHash } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { block as blockCodec } from '../src/chains/albatross/wire/blocks.ts';
import { encode } from '../src/base/postcard/codec.ts';
import type { Block } from '../src/chains/albatross/wire/types.ts';
import type { Hash } from '../src/base/hash.ts';
import { createAlbatrossNode } from '../src/chains/albatross/net/node.ts';
import type { AlbatrossNode } from '../src/chains/albatross/net/node-types.ts';
import { systemClock, systemRandom } from '../src/base/system.ts';
import { answerHead } from '../test/support/answer-head.ts';
import { createDevnet, type Devnet } from './devnet.ts';

/** Requests of one client that are under way. */
const AT_ONCE = 32;

/** With `PETREL_LONG=1` the size of a network some years old. */
const HISTORY = process.env['PETREL_LONG'] === '1' ? { epochs: 1300, validators: 60 } : { epochs: 50, validators: 12 };
/** Epochs in one answer: of the long history, what nodes give at most. */
const PAGE = Math.min(1000, HISTORY.epochs - 30);

let open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const { close } of open.toReversed()) await close();
  open = [];
});

async function nodeOf(devnet: Devnet): Promise<AlbatrossNode> {
  const { genesisHash, seeds } = devnet.network;
  const node = await createAlbatrossNode({ genesisHash, seeds, services: 0, requiredServices: 8, desiredPeers: seeds.length, clock: systemClock, random: systemRandom });
  answerHead(node, devnet.chain);
  open.push({ close: () => node.stop() });
  const joined = new Promise<void>((resolve) => node.events.on('joined', () => node.peers().length === devnet.peers.length && resolve()));
  await node.start();
  await joined;
  await Promise.all(devnet.peers.map(({ index }) => devnet.waitFor('joined', ({ peer, remote }) => peer === index && remote === node.peerId)));
  return node;
}

/** Digest of the block as it is served without its body: header and justification. */
function digest(block: Block): string {
  return createHash('sha256').update(encode(blockCodec, { ...block, body: undefined })).digest('hex');
}

/** Digests of all election blocks after genesis. Fetches their hashes from one peer, and the blocks from all peers in turn. */
async function fetchAll(devnet: Devnet, node: AlbatrossNode): Promise<readonly string[]> {
  const peerAt = (i: number): string => devnet.peers[i % devnet.peers.length]!.id;
  const hashes: Hash[] = [];
  for (;;) {
    const answer = await node.request(peerAt(0), 'macro-chain', { locators: [hashes.at(-1) ?? devnet.network.genesisHash], maxEpochs: PAGE });
    if (!answer.ok || answer.value.epochs.length === 0) break;
    hashes.push(...answer.value.epochs);
  }
  const digests: string[] = [];
  // Not all at once: on a loaded machine a peer would wait for its requests longer than it waits for any.
  for (let from = 0; from < hashes.length; from += AT_ONCE) {
    const answers = await Promise.all(hashes.slice(from, from + AT_ONCE).map((hash, i) => node.request(peerAt(from + i), 'block', { hash, includeBody: false }, { timeout: 120_000 })));
    digests.push(...answers.map((answer) => (answer.ok ? digest(answer.value) : 'none')));
  }
  return digests;
}

it('serves the election blocks of many epochs to three clients at once', async () => {
  // With 8 peers no client has to wait for the next rate window of 200 blocks per peer.
  const devnet = await createDevnet({ port: 0, peers: 8, blockTime: 0, seed: 'long history', ...HISTORY });
  open.push(devnet);
  const nodes = await Promise.all([nodeOf(devnet), nodeOf(devnet), nodeOf(devnet)]);
  const { policy } = devnet.chain;
  const elections = Array.from({ length: HISTORY.epochs }, (_, i) => digest(devnet.chain.at(policy.electionBlockOf(i + 1))!.block));
  expect(await Promise.all(nodes.map((node) => fetchAll(devnet, node)))).toEqual([elections, elections, elections]);
});
