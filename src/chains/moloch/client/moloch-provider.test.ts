import { describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../../../base/bytes.ts';
import { blockAfter, eventOf, makeChain, networkOf } from '../../../../test/support/moloch-chain-maker.ts';
import type { ChainPeer } from '../../../engine/follow/followed-chain.ts';
import { eventId, hashBytes } from '../chain/hash.ts';
import { itemOf, type MolochBlock } from '../chain/moloch-block.ts';
import { checkChainPart, checkEventPart } from '../proofs/compact-proof-rules.ts';
import type { ReceiptVerdict } from '../proofs/verify-receipt.ts';
import type { ProofAnswer } from '../wire/compact-proof.ts';
import { MolochChain } from './moloch-chain.ts';
import { MolochSnapshotError } from './chain-snapshot.ts';
import { molochProvider } from './moloch-provider.ts';
import { molochQuestions } from './moloch-questions.ts';
import { ReturnedList } from './returned-list.ts';

const made = makeChain(9);
const items = made.map(({ item }) => item);
const { signal } = new AbortController();
const idOf = (height: number) => eventId(items[height]!.block.events![0]!);

function open(): MolochChain {
  const nothing = () => Promise.resolve();
  return new MolochChain({ network: networkOf(made[0]!), now: () => Number.MAX_SAFE_INTEGER, sink: { blocks: nothing, replaced: nothing } });
}

async function openAt(height: number, headersOnly = false): Promise<MolochChain> {
  const chain = open();
  await chain.apply(items.slice(1, height + 1).map((item) => (headersOnly ? itemOf({ ...item.block, events: undefined }, item.size) : item)));
  return chain;
}

describe('what a client serves', () => {
  it('blocks, headers and final headers, as far as it holds them', async () => {
    const chain = await openAt(6);
    await chain.push(blockAfter(made[6], { signers: 0 }).item, signal);
    const provider = molochProvider(chain);
    expect(await provider.blocks(2, 3)).toMatchObject({ items: [{ header: { height: 2 } }, { header: { height: 3 } }, { header: { height: 4 } }], more: true });
    expect((await provider.blocks(5, 100)).items).toHaveLength(3);
    expect(await provider.headers(7, 100)).toMatchObject({ items: [{ height: 7 }], more: false });
    expect(await provider.trustedHeaders(5, 100)).toMatchObject({ items: [{ header: { height: 5 }, mmrRoot: items[5]!.block.header.mmrRoot }, { header: { height: 6 } }], more: false });
    expect(await provider.blocks(50, 100)).toEqual({ items: [], more: false });
    expect(await provider.votes(items[6]!.id)).toHaveLength(3);
    expect(await provider.votes('11'.repeat(32))).toEqual([]);
  });

  it('events and proofs, which hold', async () => {
    const provider = molochProvider(await openAt(6));
    expect(await provider.events([idOf(2), '11'.repeat(32)])).toEqual({ events: items[2]!.block.events, missing: ['11'.repeat(32)] });
    const answer = await provider.prove({ kind: 'Event', id: idOf(2) });
    if (answer.kind !== 'Event') throw new Error(answer.kind);
    expect(checkEventPart(answer.proof, items[2]!.block.events![0]!, items[2]!.block.header)).toBeUndefined();
    expect(checkChainPart(answer.proof, items[6]!.block.header)).toBeUndefined();
    expect(await provider.prove({ kind: 'EventAt', height: 2, index: 0 })).toEqual(answer);
    // The newest final block proves itself.
    expect(await provider.prove({ kind: 'Event', id: idOf(6) })).toMatchObject({ proof: { height: 6, mmr: undefined } });
    expect(await provider.prove({ kind: 'Batch', ids: [idOf(2), '11'.repeat(32)] })).toMatchObject({ kind: 'Batch', proofs: [answer.proof] });
    for (const request of [{ kind: 'Event', id: idOf(9) }, { kind: 'EventAt', height: 2, index: 1 }, { kind: 'EventAt', height: 9, index: 0 }] as const) expect(await provider.prove(request)).toEqual({ kind: 'NotFound' });
  });

  it('hole 5: it never answers with a consistency proof', async () => {
    expect(await molochProvider(await openAt(3)).prove({ kind: 'Consistency', from: 1, to: 2 })).toMatchObject({ kind: 'Error' });
  });

  it('a snapshot, which stays the same while it is fetched', async () => {
    const chain = await openAt(6);
    const provider = molochProvider(chain, 600);
    const manifest = (await provider.manifest(undefined))!;
    expect(manifest).toMatchObject({ height: 6, blockHash: items[6]!.id, events: 6 });
    await chain.apply(items.slice(7));
    expect(await provider.manifest(undefined)).toBe(manifest);
    const chunks = await Promise.all(manifest.chunkHashes.map((_, index) => provider.chunk(6, index)));
    expect(chunks.map((chunk) => hashBytes(chunk!.bytes))).toEqual(manifest.chunkHashes);
    expect([await provider.chunk(6, manifest.chunkHashes.length), await provider.chunk(5, 0), await provider.manifest(4)]).toEqual([undefined, undefined, undefined]);
    expect(await provider.snapshot(9)).toMatchObject({ height: 9, blocks: 10, events: 9 });
  });

  it('nothing that is missing: no snapshot at genesis or without events, no block without its body', async () => {
    expect(await molochProvider(open()).manifest(undefined)).toBeUndefined();
    const provider = molochProvider(await openAt(6, true));
    expect(await provider.manifest(undefined)).toBeUndefined();
    expect(await provider.blocks(1, 10)).toEqual({ items: [], more: false });
    expect((await provider.trustedHeaders(1, 10)).items).toHaveLength(6);
  });
});

describe('the chain in one piece', () => {
  it('is carried to another client', async () => {
    const bytes = (await openAt(9)).exportSnapshot();
    const chain = await openAt(4);
    expect(await chain.importSnapshot(bytes, signal)).toMatchObject({ kind: 'adopted' });
    expect(chain.tip()).toEqual({ height: 9, id: items[9]!.id });
    expect(toHex(chain.exportSnapshot())).toBe(toHex(bytes));
  });

  it('is refused with a code, and nothing has changed', async () => {
    const bytes = (await openAt(5)).exportSnapshot();
    const codeOf = async (chain: MolochChain, file: Uint8Array) => {
      const before = chain.tip();
      const error = await chain.importSnapshot(file, signal).then(() => undefined, (reason: unknown) => reason);
      expect(chain.tip()).toEqual(before);
      return error instanceof MolochSnapshotError ? error.code : error;
    };
    expect(await codeOf(await openAt(5), bytes)).toBe('not-newer');
    expect(await codeOf(open(), bytes.subarray(1))).toBe('damaged');
    expect(await codeOf(open(), bytes.with(bytes.length - 1, 9))).toBe('damaged');
    const other = open();
    await other.push(blockAfter(made[0], { branch: 'other' }).item, signal);
    expect(await codeOf(other, bytes)).toBe('not-linked');
    expect(() => open().exportSnapshot()).toThrow(MolochSnapshotError);
  });
});

describe('questions', () => {
  type Asked = { readonly peers?: readonly ChainPeer<MolochBlock>[] };
  const ask = (chain: MolochChain, name: string, args: readonly unknown[], { peers = [] }: Asked = {}) => molochQuestions(chain, new ReturnedList())[name]!(args, { peers, signal });
  const verdictOf = async (chain: MolochChain, bytes: unknown) => (await ask(chain, 'verifyReceipt', [bytes])) as ReceiptVerdict;

  /** A peer that holds the chain, and answers as it is told. */
  const peer = (change: { readonly height?: number; readonly proof?: ProofAnswer } = {}) =>
    ({
      getBlocks: (from: number) => Promise.resolve({ value: [items[change.height ?? from]!], size: 1 }),
      prove: () => Promise.resolve(change.proof ?? { kind: 'Event', proof: { height: 2, index: 0 } }),
    }) as unknown as ChainPeer<MolochBlock>;

  it('a receipt of an event that is held, which another client verifies', async () => {
    const chain = await openAt(6);
    for (const height of [2, 6]) expect(await verdictOf(open(), await ask(chain, 'proveEvent', [idOf(height)]))).toMatchObject({ valid: true, height, finalHeight: 6 });
  });

  it('a receipt of an event that only a peer has: its word is a hint, and hashes prove it', async () => {
    const chain = await openAt(6, true);
    expect(await verdictOf(open(), await ask(chain, 'proveEvent', [idOf(2)], { peers: [peer()] }))).toMatchObject({ valid: true, height: 2 });
    // A liar is passed over.
    const liars = [peer({ height: 3 }), peer({ proof: { kind: 'Event', proof: { height: 5, index: 0 } } as unknown as ProofAnswer }), peer({ proof: { kind: 'NotFound' } })];
    expect(await verdictOf(open(), await ask(chain, 'proveEvent', [idOf(2)], { peers: [...liars, peer()] }))).toMatchObject({ valid: true });
    await expect(ask(chain, 'proveEvent', [idOf(2)], { peers: liars })).rejects.toMatchObject({ code: 'no-answer', data: { asked: 3 } });
  });

  it('refuses with a code', async () => {
    const chain = await openAt(6);
    await expect(ask(chain, 'proveEvent', ['x'])).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(ask(chain, 'proveEvent', [eventId(eventOf(999))])).rejects.toMatchObject({ code: 'no-peers' });
    await expect(ask(chain, 'verifyReceipt', ['x'])).rejects.toMatchObject({ code: 'bad-argument' });
    expect(await verdictOf(chain, concatBytes(Uint8Array.of(1)))).toMatchObject({ valid: false, step: 'format', code: 'bad-magic' });
  });
});
