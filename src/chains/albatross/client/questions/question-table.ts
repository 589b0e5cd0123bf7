// Tests: `test/client/wallet.test.ts`.
import type { Hash } from '../../../../base/hash.ts';
import { fromHex } from '../../../../base/bytes.ts';
import { QuestionError, type QuestionOptions } from '../../../../engine/questions.ts';
import { AddressTextError, parseFriendlyAddress } from '../../transactions/address-text.ts';
import type { AccountQuestionOptions, AccountQuestions } from './account-questions.ts';
import type { ProofFileQuestions } from './proof-file-questions.ts';
import type { SyncQuestions } from './sync-questions.ts';
import type { TransactionQuestions } from './transaction-questions.ts';
import { untilLevel, type UntilLevelOptions } from './until-level.ts';

type Handler = (args: readonly unknown[], signal: AbortSignal | undefined) => unknown;

/** Where the options stand among the arguments of the questions whose answers have a level. */
const optionsAt: ReadonlyMap<string, number> = new Map([
  ['accounts', 1], ['stakers', 1], ['validators', 1], ['elected', 0], ['transaction', 2], ['transactions', 3],
  ['proveAccount', 1], ['proveStaker', 1], ['proveValidator', 1], ['proveTransaction', 2], ['proveBlock', 1],
]);

/** The questions that this chain answers, by name. Each checks its arguments, which come unchecked from a page. */
export function questionTable(accounts: AccountQuestions, transactions: TransactionQuestions, files: ProofFileQuestions, sync: SyncQuestions, levels: UntilLevelOptions): ReadonlyMap<string, Handler> {
  const handlers = handlersOf(accounts, transactions, files, sync);
  for (const [name, at] of optionsAt) {
    const handler = handlers.get(name)!;
    handlers.set(name, (args, signal) => untilLevel(() => handler(args, signal), questionOptions(args[at]), levels, signal));
  }
  return handlers;
}

function handlersOf(accounts: AccountQuestions, transactions: TransactionQuestions, files: ProofFileQuestions, sync: SyncQuestions): Map<string, Handler> {
  return new Map<string, Handler>([
    ['accounts', ([addresses, options], signal) => accounts.accounts(addressList(addresses), accountOptions(options), signal)],
    ['stakers', ([addresses, options], signal) => accounts.stakers(addressList(addresses), accountOptions(options), signal)],
    ['validators', ([addresses, options], signal) => accounts.validators(addressList(addresses), accountOptions(options), signal)],
    ['elected', ([options]) => accounts.elected(questionOptions(options))],
    ['transaction', ([hash, height, options], signal) => transactions.transaction(hashOf(hash), optional(height, heightOf), questionOptions(options), signal)],
    ['transactions', ([address, before, limit, options], signal) => transactions.list(addressOf(address), optional(before, hashOf), limitOf(limit), questionOptions(options), signal)],
    ['receipts', ([address, before, limit], signal) => transactions.receipts(addressOf(address), optional(before, hashOf), limitOf(limit), signal)],
    ['send', ([bytes]) => transactions.send(bytesOf(bytes))],
    ['update', ([hash]) => transactions.update(hashOf(hash))],
    ['updates', ([addresses, hashes, since], signal) => transactions.updates(addressMap(addresses), listOf(hashes).map(hashOf), optional(since, numberOf), signal)],
    ['proveAccount', ([address, options], signal) => files.value('account', addressOf(address), questionOptions(options), signal)],
    ['proveStaker', ([address, options], signal) => files.value('staker', addressOf(address), questionOptions(options), signal)],
    ['proveValidator', ([address, options], signal) => files.value('validator', addressOf(address), questionOptions(options), signal)],
    ['proveTransaction', ([hash, height, options], signal) => files.transaction(hashOf(hash), optional(height, heightOf), questionOptions(options), signal)],
    ['proveBlock', ([key, options], signal) => files.block(typeof key === 'number' ? heightOf(key) : hashOf(key), questionOptions(options), signal)],
    ...sync.table(),
  ]);
}

function wrong(expected: string, came: unknown): QuestionError {
  return new QuestionError('bad-argument', { expected, came: String(came).slice(0, 80) });
}

/** An address as people read it, with or without blanks, or 40 hex digits. */
function addressOf(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw wrong('an address', typeof value);
  if (/^[0-9a-fA-F]{40}$/u.test(value)) return fromHex(value.toLowerCase());
  try {
    return parseFriendlyAddress(value);
  } catch (error) {
    if (error instanceof AddressTextError) throw wrong('an address', value);
    throw error;
  }
}

/** Entries of a list from a page. */
const MAX_LIST = 10_000;

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value) && value.length <= MAX_LIST) return value;
  throw wrong(`a list of at most ${MAX_LIST}`, typeof value);
}

function addressList(value: unknown): readonly Uint8Array[] {
  return listOf(value).map(addressOf);
}

/** By the text that the page gave. */
function addressMap(value: unknown): ReadonlyMap<string, Uint8Array> {
  return new Map(listOf(value).map((text) => [String(text), addressOf(text)]));
}

function numberOf(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong('a number', value);
}

/** Bytes; the most that a transaction can have are checked by its decoder. */
function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw wrong('bytes', typeof value);
}

/** 64 hex digits; upper case is accepted. */
function hashOf(value: unknown): Hash {
  if (typeof value === 'string' && /^[0-9a-fA-F]{64}$/u.test(value)) return value.toLowerCase();
  throw wrong('64 hex digits', value);
}

function heightOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) return value;
  throw wrong('a height', value);
}

function limitOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 500) return value;
  throw wrong('a number from 1 to 500', value);
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

const levels = ['claimed', 'witnessed', 'pinned', 'proven'] as const;

function questionOptions(value: unknown): QuestionOptions {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null) throw wrong('options', value);
  const { minLevel, waitForLevel } = value as { readonly minLevel?: unknown; readonly waitForLevel?: unknown };
  const level = levels.find((known) => known === minLevel);
  if (minLevel !== undefined && level === undefined) throw wrong(levels.join(', '), minLevel);
  if (waitForLevel !== undefined && typeof waitForLevel !== 'boolean') throw wrong('true, false', waitForLevel);
  return { minLevel: level, waitForLevel };
}

function accountOptions(value: unknown): AccountQuestionOptions {
  const asOf = (value as { readonly asOf?: unknown } | undefined)?.asOf;
  const options = questionOptions(value);
  if (asOf !== undefined && asOf !== 'latest' && asOf !== 'final') throw wrong('latest, final', asOf);
  return { ...options, asOf };
}
