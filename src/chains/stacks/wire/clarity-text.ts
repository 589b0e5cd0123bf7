import { toHex } from '../../../base/bytes.ts';
import type { ClarityValue } from './clarity-value.ts';
import { principalText } from './principal.ts';

/**
 * A value as the language writes it: `u5`, `0x00ff`, `(some true)`, `(list u1 u2)`, `(tuple (id u3))`, `"text"`, `u"text"`, an address. Texts as `quotedText` has
 * them. For people: a value is not read back from it.
 */
export function clarityText(value: ClarityValue): string {
  switch (value.type) {
    case 'int':
      return String(value.value);
    case 'uint':
      return `u${value.value}`;
    case 'buffer':
      return `0x${toHex(value.bytes)}`;
    case 'bool':
      return String(value.value);
    case 'principal':
      return principalText(value.principal);
    case 'ok':
    case 'err':
    case 'some':
      return `(${value.type} ${clarityText(value.value)})`;
    case 'none':
      return 'none';
    case 'list':
      return `(list${value.items.map((item) => ` ${clarityText(item)}`).join('')})`;
    case 'tuple':
      return `(tuple${value.fields.map(({ name, value: inner }) => ` (${name} ${clarityText(inner)})`).join('')})`;
    case 'ascii':
      return quotedText(value.text);
    case 'utf8':
      return `u${quotedText(value.text)}`;
  }
}

/** Control and format characters but the joiners of letters and pictures, and ends of lines and paragraphs. */
const INVISIBLE = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const escapes: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r` };

/**
 * A text in quotation marks. Anybody may have written it, so that nothing in it may move the cursor of a terminal or turn the direction of what stands beside it: such
 * characters are written as their number, `\u{1b}`, line ends as \n and \r; quotation marks and backslashes have a backslash before them.
 */
export function quotedText(text: string): string {
  const marked = text.replaceAll(/["\\]/gu, String.raw`\$&`);
  return `"${marked.replaceAll(INVISIBLE, (it) => escapes[it] ?? String.raw`\u{${it.codePointAt(0)!.toString(16)}}`)}"`;
}
