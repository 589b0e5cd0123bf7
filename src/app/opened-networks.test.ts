import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { noteNetwork, openedChains, openedNetworks } from './opened-networks.ts';

let items: Map<string, string>;
beforeEach(() => {
  items = new Map();
  vi.stubGlobal('sessionStorage', { getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => void items.set(key, value) });
});
afterEach(() => void vi.unstubAllGlobals());

it('keeps the networks of this tab with their seeds, oldest first', () => {
  expect([...openedNetworks()]).toEqual([]);
  noteNetwork({ network: 'unit-albatross', seeds: ['/a', '/b'] });
  noteNetwork({ network: '/own.json', seeds: undefined });
  expect([...openedNetworks()]).toEqual([['unit-albatross', ['/a', '/b']], ['/own.json', []]]);
  // Opened again without seeds: the way back to them stays.
  noteNetwork({ network: 'unit-albatross', seeds: undefined });
  expect([...openedNetworks()]).toEqual([['/own.json', []], ['unit-albatross', ['/a', '/b']]]);
  noteNetwork({ network: 'unit-albatross', seeds: ['/c'] });
  expect(openedNetworks().get('unit-albatross')).toEqual(['/c']);
});

it('forgets the oldest beyond sixteen', () => {
  for (let i = 0; i < 20; i += 1) noteNetwork({ network: `/${i}.json`, seeds: undefined });
  expect([...openedNetworks().keys()]).toEqual(Array.from({ length: 16 }, (_, i) => `/${i + 4}.json`));
});

it('ignores what is not of its form, and works where nothing can be kept', () => {
  noteNetwork({ network: 'unit-albatross', seeds: ['/a'] });
  const key = 'petrel-networks';
  for (const text of ['{', '[]', 'null', '"x"']) {
    items.set(key, text);
    expect([...openedNetworks()]).toEqual([]);
  }
  items.set(key, '{"a":["/a"],"b":"/b","c":[1],"d":null}');
  expect([...openedNetworks()]).toEqual([['a', ['/a']]]);
  const blocked = () => {
    throw new DOMException('blocked', 'SecurityError');
  };
  vi.stubGlobal('sessionStorage', { getItem: blocked, setItem: blocked });
  noteNetwork({ network: 'unit-albatross', seeds: ['/a'] });
  expect([...openedNetworks()]).toEqual([]);
});

it('keeps the chain of each, and forgets it with its network', () => {
  noteNetwork({ network: '/own.json', seeds: undefined, chain: 'moloch' });
  noteNetwork({ network: '@own.json', seeds: undefined, chain: 'hotstuff2' });
  noteNetwork({ network: '/own.json', seeds: ['/a'] });
  expect(Object.fromEntries(openedChains())).toEqual({ '/own.json': 'moloch', '@own.json': 'hotstuff2' });
  for (let i = 0; i < 16; i += 1) noteNetwork({ network: `/${i}.json`, seeds: undefined, chain: 'albatross' });
  expect(openedChains().has('/own.json')).toBe(false);
  expect(openedChains().size).toBe(16);
  items.set('petrel-network-chains', '[');
  expect(openedChains().size).toBe(0);
});
