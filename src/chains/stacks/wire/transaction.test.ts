import { describe, expect, it } from 'vitest';
import { codesOf, fuzzedWith } from '../../../../test/support/stacks-fuzz.ts';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { ByteReader } from './byte-reader.ts';
import { readTransaction } from './transaction.ts';

const address = `1a${'5c'.repeat(20)}`;
const name = '03666f6f';
const standard = `05${address}`;
const contract = `06${address}${name}`;
const single = `00${'11'.repeat(20)}${'00'.repeat(16)}00${'22'.repeat(65)}`;
const several = `01${'11'.repeat(20)}${'00'.repeat(16)}0000000200${'02'.repeat(33)}02${'33'.repeat(65)}0001`;
const authorisations = [`04${single}`, `04${several}`, `05${single}${several}`];
const conditions = ['00000000', `00000001000101${'00'.repeat(8)}`, `000000020102${address}${address}${name}${name}01${'00'.repeat(8)}0203${address}${name}${address}${name}${name}0a0310`];
const tenureChange = `07${'aa'.repeat(20)}${'bb'.repeat(20)}${'cc'.repeat(20)}${'dd'.repeat(32)}0000000501${'ee'.repeat(20)}`;
const payloads: readonly (readonly [string, string])[] = [
  ['token-transfer', `00${standard}${'00'.repeat(8)}${'00'.repeat(34)}`],
  ['token-transfer', `00${contract}${'00'.repeat(8)}${'00'.repeat(34)}`],
  ['smart-contract', `01${name}0000000428292829`],
  ['contract-call', `02${address}${name}${name}0000000201${'00'.repeat(16)}${contract}`],
  ['poison-microblock', `03${'00'.repeat(264)}`],
  ['coinbase', `04${'00'.repeat(32)}`],
  ['coinbase-alt', `05${'00'.repeat(32)}${contract}`],
  ['versioned-contract', `0602${name}0000000428292829`],
  ['tenure-change', tenureChange],
  ['nakamoto-coinbase', `08${'00'.repeat(32)}09${'00'.repeat(80)}`],
  ['nakamoto-coinbase', `08${'00'.repeat(32)}0a${standard}${'00'.repeat(80)}`],
];
const whole = (authorisation: string, condition: string, payload: string) => fromHex(`0000000001${authorisation}0302${condition}${payload}`);
const read = (bytes: Uint8Array) => {
  const reader = new ByteReader(bytes);
  const transaction = readTransaction(reader);
  reader.end('the transaction');
  return transaction;
};

describe('a transaction', () => {
  it.each(payloads)('%s ends where it should, under every authorisation and condition, and nowhere else', (kind, payload) => {
    for (const authorisation of authorisations) {
      for (const condition of conditions) {
        const bytes = whole(authorisation, condition, payload);
        expect(read(bytes)).toMatchObject({ bytes, kind });
        for (let length = 0; length < bytes.length; length += 7) expect([length, codesOf(read, bytes.slice(0, length))]).toEqual([length, 'truncated']);
      }
    }
  });

  it('tells what a tenure change says', () => {
    expect(read(whole(authorisations[0]!, conditions[0]!, tenureChange)).tenureChange).toEqual({
      tenure: 'aa'.repeat(20), previousTenure: 'bb'.repeat(20), burnView: 'cc'.repeat(20), previousTenureEnd: 'dd'.repeat(32), previousTenureBlocks: 5, cause: 1, publicKeyHash: 'ee'.repeat(20),
    });
  });

  it.each([
    ['authorisation', `06${single}`, conditions[0]!, payloads[0]![1]],
    ['hash mode', `0404${single.slice(2)}`, conditions[0]!, payloads[0]![1]],
    ['field', authorisations[1]!.replace(`02${'33'.repeat(65)}`, `04${'33'.repeat(65)}`), conditions[0]!, payloads[0]![1]],
    ['condition', authorisations[0]!, `00000001030101${'00'.repeat(8)}`, payloads[0]![1]],
    ['condition principal', authorisations[0]!, `00000001000401${'00'.repeat(8)}`, payloads[0]![1]],
    ['payload', authorisations[0]!, conditions[0]!, `09${'00'.repeat(300)}`],
    ['principal', authorisations[0]!, conditions[0]!, `0007${'00'.repeat(300)}`],
    ['recipient', authorisations[0]!, conditions[0]!, `08${'00'.repeat(32)}03${'00'.repeat(80)}`],
  ])('with an unknown %s is refused', (_what, authorisation, condition, payload) => {
    expect(codesOf(read, whole(authorisation, condition, payload))).toBe('type');
  });

  it('never throws anything but a coded error', () => {
    const [, payload] = payloads[3]!;
    expect(toHex(whole(authorisations[2]!, conditions[2]!, payload)).length).toBeGreaterThan(900);
    for (const [, it] of payloads) expect(fuzzedWith(read, whole(authorisations[2]!, conditions[2]!, it), runs(300, 100_000).numRuns).size).toBeGreaterThan(1);
  }, longTimeout);
});
