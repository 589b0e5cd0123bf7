import { expect, it } from 'vitest';
import { readArguments } from './read-arguments.ts';

const hash = 'AB'.repeat(32);

it('reads a file and options', () => {
  expect(readArguments(['verify', 'a.petrel'])).toEqual({ file: 'a.petrel', network: undefined, trusted: [], minLevel: undefined });
  expect(readArguments(['verify', '--trust', hash, '--level', 'proven', 'a.petrel', '--network', 'n.json', '--trust', '00'.repeat(32)])).toEqual({
    file: 'a.petrel', network: 'n.json', trusted: [hash.toLowerCase(), '00'.repeat(32)], minLevel: 'proven',
  });
});

it.each([[], ['verify'], ['check', 'a'], ['verify', 'a', 'b'], ['verify', 'a', '--trust'], ['verify', 'a', '--trust', 'ab'], ['verify', 'a', '--level', 'witnessed'], ['verify', 'a', '--fast', 'yes']])('takes nothing else: %j', (...words: string[]) =>
  expect(readArguments(words)).toBe(undefined),
);
