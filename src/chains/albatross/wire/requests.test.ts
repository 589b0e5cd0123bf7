import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangeArbitraries } from '../../../../test/support/arbitraries.ts';
import { block } from './blocks.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decode } from '../../../base/postcard/codec.ts';
import { DecodeError } from '../../../base/postcard/errors.ts';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse, encodeResponseError, requests } from './requests.ts';
import type { InboundRequestErrorName, RequestBody, RequestKind, ResponseBody } from './requests.ts';
import type { BitSet, MacroBlock, MicroBlock } from './types.ts';

const hash = '4f8f18fcfe98ccacee0745b6aa69365cd28c836f962d577de57f04aa17fe54a1';
const other = '79ec03e9fc624a9ebffe66bc724349cf993104a24d6296bb13240174488046cb';
const address = 'e18d595a8d0364703937c1fd9ea67d8a4e64046a';
const kinds = Object.keys(requests) as RequestKind[];
const real = JSON.parse(readFileSync(new URL('../../../../test/vectors/blocks.json', import.meta.url), 'utf8')) as { micro201: string; macro232: string };

// Captured between official clients and a node (Albatross network reference, 3.7; interop reference, section 5).
const captured: { readonly [K in RequestKind]: readonly (readonly [string, RequestBody<K>])[] } = {
  head: [['a503', {}]],
  'macro-chain': [[`910301${hash}e807`, { locators: [hash], maxEpochs: 1000 }]],
  block: [[`9f03${hash}00`, { hash, includeBody: false }]],
  'missing-blocks': [[`a303${other}0001${hash}00`, { targetHash: other, includeBody: false, locators: [hash], direction: 'forward' }]],
  zkp: [
    ['a70380f8d20101', { blockNumber: 3_456_000, requestElectionBlock: true }],
    ['a703ca87b90101', { blockNumber: 3_032_010, requestElectionBlock: true }],
  ],
  subscribe: [[`b3030001${address}`, { operation: 'subscribe', addresses: [fromHex(address)] }]],
  'transactions-proof': [
    [`ab0301${hash}00`, { hashes: [hash], blockNumber: undefined }],
    [`ab0302${hash}${other}01ca0d`, { hashes: [hash, other], blockNumber: 1738 }],
  ],
  receipts: [[`ad03${address}0000`, { address: fromHex(address), max: undefined, startAt: undefined }]],
  'trie-proof': [[`af03012814${address}`, { keys: [address] }]],
  'blocks-proof': [['b103c80e01c804', { electionHead: 1864, blocks: [584] }]],
  // Not captured: no client that we know sends them.
  'mempool-hashes': [['b70301', { transactionType: 'regular' }]],
  'mempool-transactions': [[`b90301${hash}`, { hashes: [hash] }]],
};

/** The decoded value, or the code of the refusal. */
function read(decoding: () => unknown): unknown {
  try {
    return decoding();
  } catch (error) {
    return (error as DecodeError).code;
  }
}

describe('requests', () => {
  it.each(kinds)('%s as captured', (kind) => {
    for (const [hex, body] of captured[kind]) {
      expect(toHex(encodeRequest(kind, body))).toBe(hex);
      expect(decodeRequest(fromHex(hex))).toEqual({ kind, body });
      // The reference tolerates trailing bytes.
      expect(decodeRequest(fromHex(`${hex}00ff`))).toEqual({ kind, body });
    }
  });

  it('of other types', () => {
    // RequestTrieDiff, 218, and a message without a response: 210 in its one-way form.
    expect(decodeRequest(fromHex(`b503${hash}`))).toEqual({ unknownType: 218, oneWay: false });
    expect(decodeRequest(fromHex('a403'))).toEqual({ unknownType: 210, oneWay: true });
  });

  it('invalid requests', () => {
    for (const hex of ['', 'a5', 'a58300', '9f03', `9f03${hash}02`, `910365${hash}`]) expect(() => decodeRequest(fromHex(hex))).toThrow(DecodeError);
  });

  it('any bytes give a request or a DecodeError', () => {
    const wire = fc.constantFrom('9103', '9f03', 'a303', 'a503', 'a703', 'b303', '').map(fromHex);
    fc.assert(
      fc.property(wire, fc.uint8Array({ maxLength: 200 }), (type, rest) => {
        let outcome: unknown;
        try {
          outcome = decodeRequest(Uint8Array.from([...type, ...rest]));
        } catch (error) {
          outcome = error;
        }
        expect(outcome instanceof DecodeError || !(outcome instanceof Error)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('responses', () => {
  it('head, as captured', () => {
    const body = { blockNumber: 200, blockHash: hash, macroHash: hash, electionHash: hash };
    const hex = `00c801${hash.repeat(3)}`;
    expect(toHex(encodeResponse('head', body))).toBe(hex);
    expect(fromHex(hex)).toHaveLength(99);
    expect(decodeResponse('head', fromHex(hex))).toEqual({ ok: true, value: body });
  });

  it('empty macro chain, outdated proof, subscription, as captured', () => {
    expect(decodeResponse('macro-chain', fromHex('00000000'))).toEqual({ ok: true, value: { ok: true, value: { epochs: [], checkpoint: undefined } } });
    expect(toHex(encodeResponse('macro-chain', { ok: true, value: { epochs: [], checkpoint: undefined } }))).toBe('00000000');
    expect(decodeResponse('zkp', fromHex('0001ca87b901'))).toEqual({ ok: true, value: { type: 'outdated', blockNumber: 3_032_010 } });
    expect(toHex(encodeResponse('zkp', { type: 'outdated', blockNumber: 3_032_010 }))).toBe('0001ca87b901');
    expect(decodeResponse('subscribe', fromHex('0000'))).toEqual({ ok: true, value: { ok: true, value: undefined } });
    expect(toHex(encodeResponse('subscribe', { ok: true, value: undefined }))).toBe('0000');
  });

  it('block without body', () => {
    // Ok, Ok, then the block with its last byte, the presence of a body, set to none.
    const withBody = fromHex(real.micro201);
    const hex = `0000${toHex(withBody.subarray(0, withBody.length - 3))}00`;
    const decoded = decodeResponse('block', fromHex(hex));
    if (!decoded.ok || !decoded.value.ok) throw new Error('not a block');
    const block = decoded.value.value as MicroBlock;
    expect(block).toMatchObject({ type: 'micro', body: undefined, header: { blockNumber: 201 } });
    expect(toHex(encodeResponse('block', { ok: true, value: block }))).toBe(hex);
    expect(toHex(encodeResponse('missing-blocks', { ok: true, value: { blocks: [block, block] } }))).toBe(`000002${hex.slice(4).repeat(2)}`);
  });

  it('application errors by 2.x index, unknown ones as Other', () => {
    expect(decodeResponse('block', fromHex('000100'))).toEqual({ ok: true, value: { ok: false, error: 'TargetHashNotFound' } });
    expect(decodeResponse('missing-blocks', fromHex('000104'))).toEqual({ ok: true, value: { ok: false, error: 'FailedToGetBlocks' } });
    expect(decodeResponse('macro-chain', fromHex('000101'))).toEqual({ ok: true, value: { ok: false, error: 'TooManyLocators' } });
    expect(decodeResponse('subscribe', fromHex('000103'))).toEqual({ ok: true, value: { ok: false, error: 'Other' } });
    // An unknown variant may carry a payload.
    expect(decodeResponse('block', fromHex('0001630badf00d'))).toEqual({ ok: true, value: { ok: false, error: 'Other' } });
    expect(toHex(encodeResponse('missing-blocks', { ok: false, error: 'Other' }))).toBe('000105');
  });

  it('errors of the network layer', () => {
    const expected: Record<InboundRequestErrorName, string> = {
      malformed: '0100', 'no-receiver': '0101', dropped: '0102', timeout: '0103', 'rate-limited': '0104', other: '0105',
    };
    for (const [name, hex] of Object.entries(expected) as [InboundRequestErrorName, string][]) {
      expect(toHex(encodeResponseError(name))).toBe(hex);
      for (const kind of kinds) expect(decodeResponse(kind, fromHex(hex))).toEqual({ ok: false, error: name });
    }
    expect(decodeResponse('head', fromHex('018001'))).toEqual({ ok: false, error: 'other' });
  });

  it.each(kinds)('%s is encoded and decoded, and (issue 11.8) only a refusal may have trailing bytes', (kind) => {
    fc.assert(
      fc.property(exchangeArbitraries[kind].response as fc.Arbitrary<ResponseBody<typeof kind>>, (value) => {
        const bytes = encodeResponse(kind, value);
        expect(decodeResponse(kind, bytes)).toEqual({ ok: true, value });
        const padded = () => decodeResponse(kind, Uint8Array.from([...bytes, 1, 2, 3]));
        expect(read(padded)).toEqual('ok' in value && !value.ok ? { ok: true, value } : 'trailing-bytes');
      }),
      { numRuns: 30 },
    );
  });

  it('issue 11.8: the decoder reads no more items than were requested', () => {
    const hash = 'ab'.repeat(32);
    const chain = (epochs: number) => encodeResponse('macro-chain', { ok: true, value: { epochs: Array.from({ length: epochs }, () => hash), checkpoint: undefined } });
    const overLimit = expect.objectContaining({ name: 'DecodeError', code: 'length-over-limit' }) as unknown;
    const asked = { locators: [hash], maxEpochs: 1000 };
    expect(decodeResponse('macro-chain', chain(1000), asked)).toMatchObject({ ok: true, value: { ok: true, value: { epochs: { length: 1000 } } } });
    // Refused at the count, before one of them is read.
    expect(() => decodeResponse('macro-chain', chain(65_535), asked)).toThrow(expect.objectContaining({ code: 'length-over-limit', offset: 2 }));
    expect(() => decodeResponse('macro-chain', chain(1), { ...asked, maxEpochs: 0 })).toThrow(overLimit);

    const micro = decode(block, fromHex(real.micro201)) as MicroBlock;
    const bare: MicroBlock = { ...micro, body: undefined };
    for (const [value, includeBody, fits] of [[micro, false, false], [micro, true, true], [bare, false, true]] as const) {
      const one = () => decodeResponse('block', encodeResponse('block', { ok: true, value }), { hash, includeBody });
      const many = () => decodeResponse('missing-blocks', encodeResponse('missing-blocks', { ok: true, value: { blocks: [value] } }), { targetHash: hash, locators: [], includeBody, direction: 'forward' });
      const said = fits ? one : 'length-over-limit';
      expect([one, many].map(read).map((answer) => (typeof answer === 'string' ? answer : one))).toEqual([said, said]);
    }
    const blocks = (count: number) => encodeResponse('missing-blocks', { ok: true, value: { blocks: Array.from({ length: count }, () => bare) } });
    const question = { targetHash: hash, locators: [], includeBody: false, direction: 'forward' } as const;
    expect(decodeResponse('missing-blocks', blocks(32), question, { maxBlocks: 32 })).toMatchObject({ ok: true });
    expect(() => decodeResponse('missing-blocks', blocks(33), question, { maxBlocks: 32 })).toThrow(overLimit);
  });

  it('issue 11.8: words beyond the slots, which nodes serve unchanged, are dropped, whatever they contain; longer numbers are refused', () => {
    const whole = decode(block, fromHex(real.macro232)) as MacroBlock;
    const macro: MacroBlock = { ...whole, body: undefined };
    const { justification } = macro;
    if (justification === undefined) throw new Error('not signed');
    const { words } = justification.sig.signers;
    const sixtyFour = Array.from({ length: 64 }, (_, at) => words[at] ?? 0n);
    const signedBy = (signers: BitSet): MacroBlock => ({ ...macro, justification: { ...justification, sig: { ...justification.sig, signers } } });
    const skipBy = (signers: BitSet): MicroBlock => {
      const micro = decode(block, fromHex(real.micro201)) as MicroBlock;
      return { ...micro, body: undefined, justification: { type: 'skip', proof: { ...justification.sig, signers } } };
    };
    const ask = { targetHash: hash, locators: [], includeBody: false, direction: 'forward' } as const;
    for (const signers of [{ words: [...words, 0n] }, { words: [...words, 1n, 0n] }, { words: sixtyFour.with(63, 2n ** 64n - 1n) }, { words: sixtyFour, zeroWords: 5000 }]) {
      for (const make of [signedBy, skipBy]) {
        expect(decodeResponse('block', encodeResponse('block', { ok: true, value: make(signers) }), { hash, includeBody: false })).toEqual({ ok: true, value: { ok: true, value: make({ words }) } });
        const blocks = encodeResponse('missing-blocks', { ok: true, value: { blocks: [make(signers), make({ words })] } });
        expect(decodeResponse('missing-blocks', blocks, ask)).toEqual({ ok: true, value: { ok: true, value: { blocks: [make({ words }), make({ words })] } } });
      }
      const proof = { type: 'proof', proof: { blockNumber: 232, proof: undefined } } as const;
      expect(decodeResponse('zkp', encodeResponse('zkp', { ...proof, block: signedBy(signers) }))).toEqual({ ok: true, value: { ...proof, block: signedBy({ words }) } });
    }
    // The signers are at the end of a macro block.
    const padded = encodeResponse('block', { ok: true, value: signedBy({ words: sixtyFour, zeroWords: 2 }) });
    expect(decodeResponse('block', padded.with(padded.length - 1, 1))).toEqual({ ok: true, value: { ok: true, value: signedBy({ words }) } });
    expect(() => decodeResponse('block', padded.with(padded.length - 1, 0x80))).toThrow(expect.objectContaining({ code: 'unexpected-end' }));
    expect(() => decodeResponse('block', Uint8Array.of(...padded.subarray(0, -1), 0x80, 0))).toThrow(expect.objectContaining({ code: 'non-canonical-varint' }));
  });

  it('a claim of 2^32 blocks or hashes in ten bytes is refused', () => {
    for (const kind of ['missing-blocks', 'macro-chain'] as const) {
      expect(() => decodeResponse(kind, fromHex('0000808080801001020304'))).toThrow(expect.objectContaining({ code: 'length-over-limit', offset: 2 }));
    }
  });
});

it('has the type ids and limits of 2.x', () => {
  expect(kinds.map((kind) => [kind, requests[kind].typeId, requests[kind].perWindow])).toEqual([
    ['macro-chain', 200, 20], ['block', 207, 200], ['missing-blocks', 209, 200], ['head', 210, 50], ['zkp', 211, 1000], ['subscribe', 217, 10],
    ['transactions-proof', 213, 1000], ['receipts', 214, 20], ['trie-proof', 215, 50], ['blocks-proof', 216, 50], ['mempool-hashes', 219, 1000], ['mempool-transactions', 220, 1000],
  ]);
});
