import { describe, expect, it } from 'vitest';
import { fakeTransaction } from '../../../test/support/question-client.ts';
import type { TransactionView } from '../../client/types.ts';
import { KeyPair } from '../../keys/key-pair.ts';
import { PrivateKey } from '../../keys/private-key.ts';
import { TransactionBuilder } from '../../keys/transaction-builder.ts';
import { Address } from '../../keys/address.ts';
import { byDay } from './by-day.ts';
import { historyCsv } from './csv.ts';
import { type HistoryRow, historyRow, rowHas } from './history-row.ts';

const keys = KeyPair.derive(PrivateKey.fromHex('07'.repeat(32)));
const me = keys.publicKey.toAddress();
const ME = me.toUserFriendlyAddress();
const OTHER = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';

function view(data: string | Uint8Array, fields: Partial<TransactionView> = {}): TransactionView {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  const transaction = TransactionBuilder.newBasicWithData(me, Address.fromUserFriendlyAddress(OTHER), bytes, 12_345n, 10n, 300, 7);
  transaction.sign(keys, undefined);
  return { ...fakeTransaction('ab'.repeat(32)), sender: ME, recipient: OTHER, value: 12_345, fee: 10, timestamp: Date.UTC(2026, 0, 2, 3, 4, 5), bytes: transaction.serialize(), ...fields };
}

describe('a row of the history', () => {
  it('is seen from one of its addresses', () => {
    const transaction = view('lunch');
    expect(historyRow(transaction, ME)).toMatchObject({ kind: 'out', direction: 'out', other: OTHER, value: 12_345n, fee: 10n, message: 'lunch' });
    expect(historyRow(transaction, OTHER)).toMatchObject({ kind: 'in', direction: 'in', other: ME, fee: 0n });
    expect(historyRow(transaction, ME)).toBe(historyRow(transaction, ME));
    expect(historyRow({ ...transaction, sender: OTHER }, OTHER)).toMatchObject({ kind: 'self', direction: 'none' });
    expect(historyRow({ ...transaction, kind: 'reward', bytes: new Uint8Array() }, OTHER)).toMatchObject({ kind: 'reward', direction: 'in', message: '' });
  });

  it('shows data that is no clean text as hex', () => {
    expect(historyRow(view(Uint8Array.of(0xff, 0)), ME).message).toBe('0xff00');
    expect(historyRow(view('abc\u202edef'), ME).message).toMatch(/^0x616263/u);
    expect(historyRow(view('zwei\nZeilen'), ME).message).toBe('zwei\nZeilen');
    expect(historyRow({ ...view('x'), bytes: Uint8Array.of(9) }, ME).message).toBe('');
  });

  it('says when it is about stake', () => {
    const transaction = TransactionBuilder.newAddStake(me, me, 100n, 0n, 300, 7);
    transaction.sign(keys, undefined);
    expect(historyRow(view('', { bytes: transaction.serialize() }), ME)).toMatchObject({ kind: 'stake', message: '' });
  });

  it('is found by address, label, message, amount and hash', () => {
    const row = historyRow(view('Lunch with Ada'), ME);
    const found = (texts: readonly string[]) => texts.filter((text) => rowHas(row, text, 'Bakery', '0.12345'));
    const there = ['', 'lunch w', 'u66m jnld', 'U66MJNLD', 'bakery', '0.123', 'abab'];
    expect(found(there)).toEqual(there);
    expect(found(['dinner', 'NQ07', '7.7'])).toEqual([]);
  });
});

describe('the history as CSV', () => {
  const line = (row: HistoryRow, label?: string) => historyCsv([row], label === undefined ? {} : { [OTHER]: label }).split('\r\n')[1];

  it('has exact amounts and ISO times', () => {
    expect(line(historyRow(view('lunch'), ME), 'Bakery')).toBe(`2026-01-02T03:04:05.000Z,out,,0.12345,0.00010,${OTHER},Bakery,lunch,final,300,${'ab'.repeat(32)}`);
    expect(line(historyRow(view('x', { executionResult: false, state: 'included' }), ME))).toContain(',out,,0.00000,0.00010,');
  });

  it('holds no formula', () => {
    const cells = [['=1+1', '"\'=1+1"'], ['@SUM(A1)', '"\'@SUM(A1)"'], ['-2', '"\'-2"'], ['+1', '"\'+1"'], ['a"b,c', '"a""b,c"'], ['two\nlines', '"two\nlines"'], ['x;=1+1;-2', '"x;\'=1+1;\'-2"'], ['x\n =1', '"x\n\' =1"'], ['\t x', '"\'\t x"'], ['a;b', 'a;b'], ['1-2=-1', '1-2=-1']] as const;
    for (const [text, cell] of cells) expect(line(historyRow(view(text), ME))).toContain(`,${cell},`);
    expect(line(historyRow(view('x'), ME), '=evil')).toContain('"\'=evil"');
  });
});

it('rows are grouped by day', () => {
  const at = (day: number, hour: number) => ({ time: new Date(2026, 0, day, hour).getTime() });
  expect(byDay([at(3, 23), at(3, 0), at(2, 23), at(1, 5)]).map(({ rows }) => rows.length)).toEqual([2, 1, 1]);
  expect(byDay([])).toEqual([]);
});
