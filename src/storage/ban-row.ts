import type { KeptBan } from '../engine/peers/peer-book.ts';
import type { LieSender } from '../engine/peers/peer-net.ts';

/** Bans kept, the latest ones. A thousand identities cost an attacker nothing, so keeping more would not help. */
const MAX_BANS = 256;
/** Maximum characters of a text; hashes have 64. */
const MAX_TEXT = 128;
/** Maximum number of facts in the evidence. */
const MAX_FACTS = 16;
/** Characters of an address at most; as for the setting `seeds`. The id of a peer may be its address. */
const MAX_ADDRESS = 256;

/** JSON in UTF-8. */
export function encodeBans(bans: readonly KeptBan[]): Uint8Array {
  const latest = bans.toSorted((a, b) => b.at - a.at).slice(0, MAX_BANS);
  return new TextEncoder().encode(JSON.stringify(latest));
}

/** The bans of the row, each field checked; invalid items are skipped. */
export function decodeBans(bytes: Uint8Array): readonly KeptBan[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return [];
  }
  return Array.isArray(value) ? value.slice(0, MAX_BANS).flatMap((item: unknown) => banOf(item) ?? []) : [];
}

function banOf(value: unknown): KeptBan | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { peer, code, evidence, at, until, lies, past, sender, address } = value as Readonly<Record<string, unknown>>;
  if (!isText(peer, MAX_ADDRESS) || !isText(code) || !isCount(at) || !isCount(until) || !isCount(lies) || typeof evidence !== 'object' || evidence === null) return undefined;
  if (address !== undefined && !isText(address, MAX_ADDRESS)) return undefined;
  if (past !== undefined && !isText(past)) return undefined;
  if (sender !== undefined && !isSender(sender)) return undefined;
  const facts = Object.entries(evidence).slice(0, MAX_FACTS);
  if (!facts.every(([name, fact]) => isText(name) && (isText(fact) || isCount(fact)))) return undefined;
  return { peer, code, evidence: Object.fromEntries(facts) as KeptBan['evidence'], at, until, lies, past, sender, address };
}

function isSender(value: unknown): value is LieSender {
  if (typeof value !== 'object' || value === null) return false;
  const { subnet, witness } = value as Readonly<Record<string, unknown>>;
  return isText(subnet, MAX_ADDRESS) && typeof witness === 'boolean';
}

function isText(value: unknown, most = MAX_TEXT): value is string {
  return typeof value === 'string' && value.length <= most;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
