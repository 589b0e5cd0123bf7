import type { TransactionView } from '../../client/types.ts';
import { toHex } from '../../base/bytes.ts';
import { Transaction } from '../../keys/transaction.ts';

/** A transaction as the owner of one address sees it. */
export interface HistoryRow {
  readonly hash: string;
  /** `self`: to the same address. `reward`: of a validator. `stake`: to or from the staking contract. */
  readonly kind: 'in' | 'out' | 'self' | 'reward' | 'stake';
  /** Whether value comes in or goes out. */
  readonly direction: 'in' | 'out' | 'none';
  /** The other address. */
  readonly other: string;
  /** Luna. */
  readonly value: bigint;
  readonly fee: bigint;
  /** The data as text; hex after `0x` where it is no clean text. Empty of staking transactions. */
  readonly message: string;
  /** Unix milliseconds. */
  readonly time: number;
  readonly height: number;
  readonly state: TransactionView['state'];
  /** Only the fee was paid. */
  readonly failed: boolean;
}

/** Types of accounts in transactions. */
const STAKING = 3;

const rows = new WeakMap<TransactionView, Map<string, HistoryRow>>();

/** The same row for the same transaction and address: decoding happens once. */
export function historyRow(transaction: TransactionView, address: string): HistoryRow {
  const ofAddresses = rows.get(transaction) ?? new Map<string, HistoryRow>();
  rows.set(transaction, ofAddresses);
  const row = ofAddresses.get(address) ?? makeRow(transaction, address);
  ofAddresses.set(address, row);
  return row;
}

function makeRow(view: TransactionView, address: string): HistoryRow {
  const { hash, sender, recipient, state, blockHeight, timestamp, executionResult } = view;
  const [outgoing, incoming] = [sender === address, recipient === address];
  const content = view.kind === 'reward' ? undefined : contentOf(view.bytes);
  const kind = view.kind === 'reward' ? 'reward' : content?.staking ? 'stake' : outgoing && incoming ? 'self' : incoming ? 'in' : 'out';
  return {
    hash,
    kind,
    direction: outgoing === incoming ? 'none' : incoming ? 'in' : 'out',
    other: outgoing ? recipient : sender,
    value: BigInt(view.value),
    fee: outgoing ? BigInt(view.fee) : 0n,
    message: content?.staking ? '' : messageOf(content?.data),
    time: timestamp,
    height: blockHeight,
    state,
    failed: !executionResult,
  };
}

/** Undefined for bytes that this release cannot read: the row then shows no message. */
function contentOf(bytes: Uint8Array): { readonly data: Uint8Array; readonly staking: boolean } | undefined {
  try {
    const transaction = Transaction.deserialize(bytes);
    return { data: transaction.data, staking: Number(transaction.recipientType) === STAKING || Number(transaction.senderType) === STAKING };
  } catch {
    return undefined;
  }
}

/** Characters that change how the text around them looks, or that cannot be seen. */
const unclean = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029\ufffd]/u;

function messageOf(data: Uint8Array | undefined): string {
  if (!data || data.length === 0) return '';
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data);
    if (!unclean.test(text.replaceAll(/[\n\t]/gu, ' '))) return text;
  } catch {
    // No UTF-8.
  }
  return `0x${toHex(data)}`;
}

/** Whether a row has the text in its address, label, message, amount or hash. `amount`: how it is shown. */
export function rowHas(row: HistoryRow, search: string, label: string, amount: string): boolean {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return true;
  const compact = wanted.replaceAll(/\s/gu, '');
  return [label, row.message, amount].some((text) => text.toLowerCase().includes(wanted)) || [row.other.replaceAll(' ', ''), amount.replaceAll(/\s/gu, ''), row.hash].some((text) => text.toLowerCase().includes(compact));
}
