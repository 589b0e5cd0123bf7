import { anything, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainA, epoch2Headers, fromBase64, mainnetHeaders, tenureTips } from '../../../../test/support/stacks-vectors.ts';
import { codesOf } from '../../../../test/support/stacks-fuzz.ts';
import { runs } from '../../../../test/support/runs.ts';
import { toHex } from '../../../base/bytes.ts';
import { encodeEpoch2Header } from './epoch2-header.ts';
import { encodeHeader } from './header.ts';
import { headerOfJson, tipHeaderOfJson } from './header-json.ts';

const byHeight = new Map(chainA.headers.map((it) => [it.height, it]));
const epoch2 = new Set(epoch2Headers.map((it) => it.header));
const [nakamotoTip, epoch2Tip] = ['Nakamoto', 'Epoch2'].map((kind) => Object.values(tenureTips).find((it) => kind in it)!);
const codeOf = (value: unknown) => codesOf(() => tipHeaderOfJson(value), new Uint8Array());

describe('the JSON of a tenure tip', () => {
  it('is written again to the bytes of the recorded header, of both epochs', () => {
    const kinds = new Set<string>();
    for (const json of Object.values(tenureTips)) {
      const tip = tipHeaderOfJson(json);
      kinds.add(tip.kind);
      expect(tip.kind === 'epoch2' ? epoch2.has(toHex(encodeEpoch2Header(tip.header))) : encodeHeader(tip.header)).toEqual(tip.kind === 'epoch2' ? true : fromBase64(byHeight.get(tip.header.chainLength)!.header_b64));
    }
    expect(kinds).toEqual(new Set(['epoch2', 'nakamoto']));
  });

  it('of the main network too', () => {
    const { json, header } = mainnetHeaders.find((it) => it.json)!;
    expect(toHex(encodeHeader(headerOfJson(json)))).toBe(header);
  });

  const header = nakamotoTip!['Nakamoto']!;
  it.each<readonly [string, unknown]>([
    ['type', undefined],
    ['type', []],
    ['type', {}],
    ['type', { Nakamoto: 1 }],
    ['type', { Nakamoto: { ...header, chain_length: '1' } }],
    ['type', { Nakamoto: { ...header, burn_spent: 2 ** 53 } }],
    ['type', { Nakamoto: { ...header, consensus_hash: 'AA'.repeat(20) } }],
    ['type', { Nakamoto: { ...header, signer_signature: 1 } }],
    ['type', { Nakamoto: { ...header, signer_signature: ['00'] } }],
    ['length', { Nakamoto: { ...header, signer_signature: Array.from({ length: 4001 }, () => '00'.repeat(65)) } }],
    ['type', { Nakamoto: { ...header, pox_treatment: '0' } }],
    ['trailing', { Nakamoto: { ...header, pox_treatment: `${String(header['pox_treatment'])}00` } }],
    ['version', { Nakamoto: { ...header, problematic_txs: [[1, 2]] } }],
    ['version', { Nakamoto: { ...header, version: 2 } }],
    ['version', { Nakamoto: { ...header, version: 256 } }],
    ['type', { Epoch2: { ...epoch2Tip!['Epoch2'], total_work: 1 } }],
    ['number', { Epoch2: { ...epoch2Tip!['Epoch2'], parent_microblock_sequence: 65_536 } }],
  ])('is refused with %s', (code, value) => {
    expect(codeOf(value)).toBe(code);
  });

  it('never makes the reader throw anything but a coded error', () => {
    assert(property(anything(), constantFrom(...Object.keys(header)), (value, name) => {
      for (const it of [value, { Nakamoto: value }, { Epoch2: value }, { Nakamoto: { ...header, [name]: value } }]) expect(() => codeOf(it)).not.toThrow();
    }), runs(100, 20_000));
    expect(codeOf(nakamotoTip)).toBeUndefined();
  });
});
