import { toHex } from '../../../base/bytes.ts';
import { quotedText } from '../../../chains/stacks/wire/clarity-text.ts';
import type { ClarityValue } from '../../../chains/stacks/wire/clarity-value.ts';
import { principalText } from '../../../chains/stacks/wire/principal.ts';
import { formatNumber } from '../../../page/format.ts';

/** A value as the page shows it: a line, or a kind with parts of its own. */
export type ClarityShown = { readonly line: string } | { readonly kind: string; readonly parts: readonly (readonly [name: string, value: ClarityValue])[] };

/** Whole digits in groups of three, as the reader's locale writes them; also beyond what a plain number holds. */
const digits = (value: bigint) => value.toLocaleString();

/** What of a value is shown in its own line, and what below it. */
export function clarityShown(value: ClarityValue): ClarityShown {
  switch (value.type) {
    case 'int':
      return { line: digits(value.value) };
    case 'uint':
      return { line: `u${digits(value.value)}` };
    case 'buffer':
      return { line: value.bytes.length === 0 ? 'an empty buffer' : `0x${toHex(value.bytes)}` };
    case 'bool':
      return { line: String(value.value) };
    case 'none':
      return { line: 'none' };
    case 'principal':
      return { line: principalText(value.principal) };
    case 'ascii':
    case 'utf8':
      return { line: quotedText(value.text) };
    case 'ok':
    case 'err':
    case 'some': {
      const inner = clarityShown(value.value);
      return 'line' in inner ? { line: `${value.type} ${inner.line}` } : { kind: `${value.type}, ${inner.kind}`, parts: inner.parts };
    }
    case 'list':
      return value.items.length === 0 ? { line: 'an empty list' } : { kind: `list of ${formatNumber(value.items.length)}`, parts: value.items.map((item, index) => [String(index + 1), item] as const) };
    case 'tuple':
      return { kind: 'tuple', parts: value.fields.map(({ name, value: inner }) => [name, inner] as const) };
  }
}
