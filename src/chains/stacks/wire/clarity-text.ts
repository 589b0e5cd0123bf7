import { toHex } from '../../../base/bytes.ts';
import type { ClarityValue } from './clarity-value.ts';
import { principalText } from './principal.ts';

/**
 * A value as the language writes it: `u5`, `0x00ff`, `(some true)`, `(list u1 u2)`, `(tuple (id u3))`, `"text"`, `u"text"`, an address. Of texts, only
 * quotation marks and backslashes are escaped, and line ends as \n and \r. For people: a value is not read back from it.
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
      return quoted(value.text);
    case 'utf8':
      return `u${quoted(value.text)}`;
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/gu, String.raw`\$&`).replaceAll('\n', String.raw`\n`).replaceAll('\r', String.raw`\r`)}"`;
}
