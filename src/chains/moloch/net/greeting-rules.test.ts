import { expect, it } from 'vitest';
import { refuseGreeting, type Expected, type Greeting } from './greeting-rules.ts';

const NOW = 1_700_000_000_000;
const filled = (value: number) => new Uint8Array(32).fill(value);
const hex = (value: number) => `0${value}`.repeat(32);
const greeting: Greeting = { version: { major: 1, minor: 0, patch: 0 }, chainId: 'moloch-devnet', key: hex(1), time: NOW, genesis: hex(9), nonce: filled(2) };
const expected: Expected = { chainId: 'moloch-devnet', genesis: hex(9), ownKey: hex(3), ownNonce: filled(4), now: NOW, takeNonce: () => true };
const { genesis: _genesis, nonce: _nonce, ...plain } = greeting;

it.each<[string, Partial<Greeting>]>([
  ['the same version', {}],
  ['version 1.9.0', { version: { major: 1, minor: 9, patch: 0 } }],
  ['a clock that is 60 s ahead', { time: NOW + 60_000 }],
  ['a clock that is 60 s behind', { time: NOW - 60_000 }],
])('accepts %s, in both profiles', (_, change) => {
  expect(refuseGreeting({ ...greeting, ...change }, expected)).toBeUndefined();
  expect(refuseGreeting({ ...plain, ...change }, expected)).toBeUndefined();
});

it.each<[string, Partial<Greeting>, string, string]>([
  ['version 2.0.0', { version: { major: 2, minor: 0, patch: 0 } }, 'Protocol', 'version'],
  ['version 0.9.0', { version: { major: 0, minor: 9, patch: 0 } }, 'Protocol', 'version'],
  ['another chain', { chainId: 'moloch-devnet2' }, 'Chain', 'chain'],
  ['a clock that is more than 60 s ahead', { time: NOW + 60_001 }, 'Timeout', 'clock'],
  ['a clock that is more than 60 s behind', { time: NOW - 60_001 }, 'Timeout', 'clock'],
  ['our own key', { key: hex(3) }, 'Misbehaviour', 'reflected'],
])('refuses %s, in both profiles', (_, change, reason, text) => {
  expect(refuseGreeting({ ...greeting, ...change }, expected)).toEqual({ reason, text });
  expect(refuseGreeting({ ...plain, ...change }, expected)).toEqual({ reason, text });
});

it('refuses another genesis, our own nonce and one that was used before', () => {
  expect(refuseGreeting({ ...greeting, genesis: hex(8) }, expected)).toEqual({ reason: 'Chain', text: 'genesis' });
  expect(refuseGreeting({ ...greeting, nonce: filled(4) }, expected)).toEqual({ reason: 'Misbehaviour', text: 'reflected' });
  expect(refuseGreeting(greeting, { ...expected, takeNonce: () => false })).toEqual({ reason: 'Misbehaviour', text: 'replay' });
});

it('notes the nonce only of a greeting that is right otherwise', () => {
  const takeNonce = () => {
    throw new Error('noted');
  };
  expect(refuseGreeting({ ...greeting, chainId: 'other' }, { ...expected, takeNonce })).toEqual({ reason: 'Chain', text: 'chain' });
});
