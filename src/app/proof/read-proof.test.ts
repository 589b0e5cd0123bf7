import { afterEach, describe, expect, it, vi } from 'vitest';
import { readKeptProofFiles } from '../../../test/support/kept-proof-files.ts';
import { fromHex } from '../../base/bytes.ts';
import { decodeProofFile, encodeProofFile, type ProofFile } from '../../chains/albatross/proof-file/proof-file.ts';
import type { Client } from '../../client/types.ts';
import type { CheckProof } from '../../verify/checked-proof.ts';
import type { VerifiedProof } from '../../verify/verify.ts';
import { loadCodeTexts } from '../chains/load-code-texts.ts';
import { openQuestions, proofVerdict, refusalText, stepText } from './proof-texts.ts';
import { needsOwnChain, ownLevel, proofSteps, type ReadProof, readProof, type RefusalCode } from './read-proof.ts';

const kept = readKeptProofFiles(1);
const bytesOf = (name: string) => fromHex(kept.find((file) => file.name === name)?.bytes ?? '');
const good = bytesOf('version 1: account at a checkpoint, from genesis');
const named = bytesOf('version 1: staker, from a named block');
const signal = new AbortController().signal;
const read = (bytes: Uint8Array) => readProof(new File([bytes as Uint8Array<ArrayBuffer>], 'a.petrel'), signal);
const changed = (bytes: Uint8Array, change: (file: ProofFile) => Partial<ProofFile>) => {
  const file = decodeProofFile(bytes);
  return encodeProofFile({ ...file, ...change(file) });
};
const proofOf = (result: ReadProof): VerifiedProof => {
  if (result.kind !== 'verified') throw new Error(result.kind);
  return result.proof;
};

describe('a file', () => {
  it('is verified, and each step has a text', async () => {
    const proof = proofOf(await read(good));
    expect([proof.level, needsOwnChain(proof)]).toEqual(['proven', false]);
    expect(proofVerdict(proof, undefined)).toMatchObject({ tone: 'good', title: 'Proven from genesis', text: expect.stringMatching(/^The account had [\d,.]+ NIM\. This is as of block \d+, /u) });
    expect(proofSteps.map((step) => stepText(step, proof, good.length)).join(' ')).toMatch(/3\.9 kB.*Local network.*genesis block 200.*signed by two thirds.*state root/u);
    expect(openQuestions(proof, undefined)[0]).toContain('development network');
  });

  it('of every kind has a verdict of its own', async () => {
    const verdicts = new Set<string>();
    const names = ['genesis', 'version 1: staker, from a named block', 'version 1: no staker, from a named block', 'version 1: validator, from a named block', 'version 1: no validator, from a named block', 'recorded: entry 9 of epoch 1 at 328'];
    for (const { bytes } of kept.filter(({ name }) => names.includes(name))) verdicts.add(proofVerdict(proofOf(await read(fromHex(bytes))), 'proven').text.replaceAll(/[\d,.:]+/gu, '#'));
    expect(verdicts.size).toBe(6);
  });

  it.each<[RefusalCode, Uint8Array, string]>([
    ['not-a-proof-file', Uint8Array.of(1, 2, 3), 'format'],
    ['snapshot', new TextEncoder().encode('petrelsn\u0001'), 'format'],
    ['damaged', good.slice(0, 200), 'format'],
    ['newer-format', good.with(8, 2), 'format'],
    ['unknown-network', good.with(9, 0), 'network'],
    ['too-large', new Uint8Array(8_388_609), 'format'],
    ['wrong-anchor', changed(named, ({ anchor }) => ({ anchor: { ...anchor, hash: 'ff'.repeat(32) } as never })), 'start'],
    ['refused-block', changed(good, () => ({ anchor: decodeProofFile(named).anchor })), 'blocks'],
    ['wrong-proof', changed(good, ({ statement }) => ({ statement: { ...statement, address: new Uint8Array(20) } as never })), 'path'],
  ])('with the fault %s is refused at its step', async (code, bytes, step) => {
    const result = await read(bytes);
    expect(result).toMatchObject({ kind: 'refused', code, step });
    expect(result.kind === 'refused' && refusalText(result.code, result.data)).toMatch(/^\p{Lu}.*\.$/u);
  });

  it('that the browser cannot read is refused, and what is not needed any more is broken off', async () => {
    expect(await readProof({ size: 5, arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) }, signal)).toMatchObject({ kind: 'refused', code: 'unreadable' });
    const abort = new AbortController();
    const reading = readProof(new File([good as Uint8Array<ArrayBuffer>], 'a'), abort.signal);
    abort.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('a file of another chain', () => {
  afterEach(() => void vi.unstubAllGlobals());
  const verdict = { ok: true, chain: 'other', value: [], steps: [] } as const;
  const check = vi.fn<CheckProof>(async () => verdict);
  const kinds = [{ chain: 'other', magic: 'OTHER', maxBytes: 9_000_000, load: async () => check }];
  const read = (text: string, size = 0) => readProof(new File([text.padEnd(size)], 'a'), signal, kinds);
  const openedWith = (network: object) => {
    vi.stubGlobal('location', new URL('http://localhost/?network=@n.json'));
    vi.stubGlobal('sessionStorage', { getItem: () => JSON.stringify(network) });
  };

  it('is checked against the network of the page, if that is of its chain', async () => {
    openedWith({ chain: 'other', name: 'n' });
    expect(await read('OTHER\u0001')).toEqual({ kind: 'checked', proof: verdict, codes: await loadCodeTexts('other') });
    expect(check).toHaveBeenLastCalledWith(new TextEncoder().encode('OTHER\u0001'), { network: { chain: 'other', name: 'n' }, signal });
    openedWith({ name: 'of Albatross' });
    await read('OTHER');
    expect(check).toHaveBeenLastCalledWith(expect.anything(), { network: undefined, signal });
  });

  it('has the bound of its kind, and a file of no kind that of Albatross', async () => {
    openedWith({});
    expect(await read('OTHER', 8_500_000)).toMatchObject({ kind: 'checked' });
    expect(await read('OTHER', 9_000_001)).toMatchObject({ kind: 'refused', code: 'too-large', data: { limit: 9_000_000 } });
    expect(await read('none', 8_500_000)).toMatchObject({ kind: 'refused', code: 'too-large', data: { limit: 8_388_608 } });
  });
});

describe('a block that only the file names', () => {
  const client = (block: object | undefined, genesisHash?: string) => ({ getStatus: async () => ({ network: { genesisHash: genesisHash ?? kept[0]!.bytes.slice(18, 82) } }), getBlock: vi.fn<() => Promise<unknown>>(async () => block) }) as unknown as Pick<Client, 'getStatus' | 'getBlock'>;
  const options = { signal, timeout: 1000 };

  it('counts as far as this browser’s own chain has verified it', async () => {
    const proof = proofOf(await read(named));
    expect(needsOwnChain(proof)).toBe(true);
    expect(proofVerdict(proof, undefined)).toMatchObject({ tone: 'pending', title: 'Not proven yet', text: expect.stringMatching(/^If election block 712 is on the chain: the staker had/u) });
    expect(await ownLevel(client({ place: 'chain', finality: 'final', trust: 'proven' }), proof, options)).toBe('proven');
    expect(proofVerdict(proof, 'proven').tone).toBe('good');
    expect(await ownLevel(client({ place: 'chain', finality: 'final', trust: 'witnessed' }), proof, options)).toBe('witnessed');
    expect(proofVerdict(proof, 'witnessed')).toMatchObject({ tone: 'pending', title: expect.stringContaining('own chain') });
  });

  it('does not count if that chain does not have it, is another one, or cannot say', async () => {
    const proof = proofOf(await read(named));
    for (const block of [undefined, { place: 'unlinked', finality: 'final', trust: 'proven' }, { place: 'chain', finality: 'pending', trust: 'proven' }, { place: 'chain', finality: 'final', trust: 'claimed' }]) expect(await ownLevel(client(block), proof, options)).toBeUndefined();
    expect(await ownLevel(client({ place: 'chain', finality: 'final', trust: 'proven' }, 'ff'.repeat(32)), proof, options)).toBeUndefined();
    expect(await ownLevel({ getStatus: () => Promise.reject(new Error('closed')) } as unknown as Client, proof, options)).toBeUndefined();
  });
});
