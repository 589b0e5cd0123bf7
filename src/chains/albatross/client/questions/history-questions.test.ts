import { expect, it } from 'vitest';
import { QuestionError } from '../../../../engine/questions.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import { AddressPeers } from './address-peers.ts';
import type { ChainGround } from './chain-ground.ts';
import { fairPart, HistoryQuestions } from './history-questions.ts';
import type { ProofAsker } from './proof-asker.ts';

const hashOf = (n: number) => n.toString(16).padStart(64, '0');
const none = new Uint8Array(20);

/** Two peers with these lists of hashes, and proofs of the true ones. `asked`: each question for a proof. */
function setup(lists: Readonly<Record<PeerId, readonly (readonly [hash: string, height: number])[]>>, isTrue: (hash: string) => boolean) {
  const asked: (readonly string[])[] = [];
  const ask = async (question: Parameters<ProofAsker['ask']>[0]): Promise<unknown> => {
    if (question.kind === 'receipts') {
      const peer = Object.keys(lists).find((id) => !question.without!.has(id))!;
      const receipts = lists[peer]!.map(([transactionHash, blockNumber]) => ({ transactionHash, blockNumber }));
      return question.check({ receipts } as never, peer, new AbortController().signal);
    }
    const { hashes } = (question.body as (peer: PeerId) => { readonly hashes: readonly string[] })('any');
    asked.push(hashes);
    if (!hashes.every(isTrue)) throw new QuestionError('no-answer');
    return new Map(hashes.map((hash) => [hash, { entry: hash }]));
  };
  const block = { height: 1000 };
  const chain = { head: block, macroHead: block, electionHead: { height: 900 }, genesis: { height: 0 }, policy: { isElection: () => false, electionBlockAfter: () => 900 } };
  const history = new HistoryQuestions({ asker: { ask } as unknown as ProofAsker, ground: { chain } as unknown as ChainGround, peers: new AddressPeers(), find: () => Promise.resolve(undefined) });
  return { history, asked };
}

it('a list of inventions with greater heights hides nothing of another peer\'s list', async () => {
  const lies = Array.from({ length: 50 }, (_, n) => [hashOf(1000 + n), 4_000_000_000 - n] as const);
  const truths = Array.from({ length: 20 }, (_, n) => [hashOf(n), 999 - n] as const);
  for (const lists of [{ liar: lies, honest: truths }, { honest: truths, liar: lies }]) {
    const { history, asked } = setup(lists, (hash) => hash < hashOf(1000));
    const { receipts, agreed } = await history.receipts(none, 20, undefined, undefined);
    expect(agreed).toBe(false);
    expect(receipts).toHaveLength(40);
    expect((await history.entries(receipts, none, undefined)).size).toBe(20);
    expect(asked.length).toBeLessThanOrEqual(64);
    expect(fairPart(receipts, 20).filter(({ hash }) => hash < hashOf(1000))).toHaveLength(10);
  }
});

it('asks for what two peers name together, and for the rest one by one', async () => {
  const both = [[hashOf(1), 950], [hashOf(2), 940]] as const;
  const { history, asked } = setup({ a: [[hashOf(3), 960], ...both], b: both }, () => true);
  const { receipts } = await history.receipts(none, 20, undefined, undefined);
  expect((await history.entries(receipts, none, undefined)).size).toBe(3);
  expect(asked).toEqual([[hashOf(1), hashOf(2)], [hashOf(3)]]);
  expect(fairPart(receipts, 2).map(({ hash }) => hash)).toEqual([hashOf(1), hashOf(2)]);
});

it('one peer that names a transaction twice is not two peers', async () => {
  const { history } = setup({ a: [[hashOf(1), 950], [hashOf(1), 950]], b: [] }, () => true);
  expect((await history.receipts(none, 20, undefined, undefined)).receipts).toEqual([{ hash: hashOf(1), height: 950, agreed: false, list: 0 }]);
});
