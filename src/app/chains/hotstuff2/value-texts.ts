/** The texts of the panel that reads a value of the state. */
export const valueTexts = {
  title: 'Read a value of the chain',
  gist: 'checked against the newest final block',
  key: 'Key',
  placeholder: 'Key: a text, or hex after 0x',
  read: 'Read',
  noHex: (key: string) => `${key} is no hex: after 0x come pairs of the digits 0 to 9 and a to f.`,
  hint: 'The chain keeps values under keys. This browser holds them all; together they have the state root of the newest final block.',
  absent: (key: string) => `There is nothing under ${key}.`,
  empty: 'an empty value',
  standsOn: (height: string, level: string) => `In the state of final block ${height}: ${level}.`,
  ofValue: (key: string) => `of the value under ${key}`,
} as const;
