import { describe, expect, it } from 'vitest';
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { loadGenesis } from '../src/chains/albatross/chain/network-parameters.ts';
import { blockHeaderMessage } from '../src/chains/albatross/wire/blocks.ts';
import { blockOfHeaderMessage } from '../src/chains/albatross/wire/gossip.ts';
import { decode } from '../src/base/postcard/codec.ts';
import { decodeResponse, encodeResponse, type RequestBody, type ResponseBody } from '../src/chains/albatross/wire/requests.ts';
import { DevChain } from './chain.ts';
import { makeHistory } from './history.ts';
import { accountKey } from '../src/chains/albatross/proofs/trie-keys.ts';
import { transactionHash } from '../src/chains/albatross/transactions/transaction-hash.ts';
import { genesisAccounts } from './ledger/genesis-accounts.ts';
import { signedTransfer } from './ledger/signed-transfer.ts';
import { PEER_FAULTS } from './peer-faults.ts';
import { PeerView } from './peer-view.ts';
import { Prover, type ProvenBlock } from './prover.ts';
import { seededRandom } from './seeded-random.ts';
import { serveZkp } from '../src/chains/albatross/serve/serve.ts';
import { serve, SERVED_KINDS, type AskedKind } from './serve.ts';
import { unitTrapdoor } from './unit-trapdoor.ts';
import { deriveValidator, unitValidator } from './validators.ts';

const NOW = 1_800_000_000_000;
const UNIT = [unitValidator(loadGenesis(unitAlbatross).header.validators![0]!)];
const chain = new DevChain({ network: unitAlbatross, seed: 'peer faults', genesisValidators: UNIT, electedValidators: UNIT, now: () => NOW });
makeHistory(chain, 3, NOW, 1000);
const { address: RICH, privateKey } = genesisAccounts(unitAlbatross).funded[0]!;
const transfers = [1, 2, 3].map((value) => signedTransfer(privateKey, { to: new Uint8Array(20), value, validityStartHeight: 584, network: 7 }));
chain.add(chain.next({ transactions: transfers }));
while (chain.head.height < 584 + 40) chain.produce();
const random = seededRandom('peer faults', 'test');
const view = new PeerView({ chain, random, attacker: deriveValidator('peer faults', 'attacker'), now: () => NOW, zkp: { prover: new Prover(chain, unitTrapdoor(), 'peer faults'), mode: () => undefined } });

const at = (height: number): string => chain.at(height)!.hash;
const BODIES: { readonly [K in AskedKind]: RequestBody<K> } = {
  head: {},
  block: { hash: at(600), includeBody: false },
  'macro-chain': { locators: [at(200)], maxEpochs: 1000 },
  'missing-blocks': { targetHash: at(610), includeBody: false, locators: [at(600), at(584)], direction: 'forward' },
  subscribe: { operation: 'subscribe', addresses: [] },
  zkp: { blockNumber: 200, requestElectionBlock: true },
  'transactions-proof': { hashes: [transactionHash(transfers[1]!)], blockNumber: 616 },
  receipts: { address: RICH, max: undefined, startAt: undefined },
  'trie-proof': { keys: [accountKey(RICH)] },
  'blocks-proof': { electionHead: 584, blocks: [328] },
  'mempool-hashes': { transactionType: 'regular' },
  'mempool-transactions': { hashes: [] },
};
const proven = view.proven()!;
/** The kinds that a peer answers without its mempool. */
const KINDS = [...SERVED_KINDS, 'zkp'] as const;
const honestly = (kind: (typeof KINDS)[number]) => (kind === 'zkp' ? serveZkp(proven, BODIES.zkp) : serve(view, kind, BODIES[kind]));

const encodeResponseOf = (has: ProvenBlock | undefined) => has && Buffer.from(encodeResponse('zkp', serveZkp(has, BODIES.zkp))).toString('hex');

describe('honest answers', () => {
  it('end missing blocks at the next macro block, and refuse too many locators', () => {
    const answer = serve(view, 'missing-blocks', { ...BODIES['missing-blocks'], targetHash: at(624), locators: [at(590)] });
    expect(answer.ok && answer.value.blocks.map(({ header }) => header.blockNumber)).toEqual(Array.from({ length: 26 }, (_, i) => 591 + i));
    const locators = Array.from({ length: 101 }, () => at(600));
    expect(serve(view, 'missing-blocks', { ...BODIES['missing-blocks'], locators })).toEqual({ ok: false, error: 'TooManyLocators' });
    expect(serve(view, 'macro-chain', { locators, maxEpochs: 1 })).toEqual({ ok: false, error: 'TooManyLocators' });
  });

  it('name epochs and checkpoint as a full node does', () => {
    expect(serve(view, 'macro-chain', BODIES['macro-chain'])).toEqual({ ok: true, value: { epochs: [at(328), at(456), at(584)], checkpoint: { blockNumber: 616, hash: at(616) } } });
    // The newest epoch is not in the answer, so there is no checkpoint.
    expect(serve(view, 'macro-chain', { locators: [at(328)], maxEpochs: 1 })).toEqual({ ok: true, value: { epochs: [at(456)], checkpoint: undefined } });
    expect(serve(view, 'macro-chain', { locators: [at(600), at(616)], maxEpochs: 10 })).toEqual({ ok: true, value: { epochs: [], checkpoint: undefined } });
  });

  it('cannot contain the blocks that a made-up history left out', () => {
    expect(serve(view, 'missing-blocks', { ...BODIES['missing-blocks'], targetHash: at(456), locators: [at(328)] })).toEqual({ ok: true, value: { blocks: [] } });
  });
});

describe('faults of behaviour', () => {
  for (const [name, fault] of Object.entries(PEER_FAULTS)) {
    it(`${name}: ${fault.says}`, () => {
      const context = { view, random };
      const changed = KINDS.filter((kind) => {
        const answer = fault.answer?.(kind, BODIES[kind], context);
        if (answer === undefined) return false;
        if (answer === 'stall' || 'raw' in answer || 'error' in answer) return true;
        // The faulty answer can be sent, and differs from the honest one.
        const honest = encodeResponse(kind, honestly(kind));
        const sent = encodeResponse(kind, answer.body as ResponseBody<typeof kind>);
        expect(decodeResponse(kind, sent)).toEqual({ ok: true, value: answer.body });
        return !Buffer.from(sent).equals(honest);
      });
      const announced = fault.announce?.(chain.head, context);
      const otherwise = fault.prove && encodeResponseOf(fault.prove(proven, context));
      expect(changed.length > 0 || fault.forgets !== undefined || announced !== undefined || (fault.prove !== undefined && otherwise !== encodeResponseOf(proven))).toBe(true);
    });
  }

  it('flood announces hundreds of blocks, whose only visible fault is an unknown parent', () => {
    const messages = PEER_FAULTS['flood']?.announce?.(chain.head, { view, random }) ?? [];
    expect(messages.length).toBeGreaterThan(200);
    const blocks = messages.map((bytes) => blockOfHeaderMessage(decode(blockHeaderMessage, bytes)));
    expect(blocks.filter(({ type, header }) => (type === 'macro') !== chain.policy.isMacro(header.blockNumber))).toEqual([]);
    expect(new Set(blocks.map(({ header }) => header.parentHash)).size).toBe(messages.length);
  });
});
