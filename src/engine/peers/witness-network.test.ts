import { array, assert, constantFrom, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { countNetworks, distinctNetworks, ipv6Network, isCheapNetwork, nameNetwork, onlyCheap, operatorNetwork } from './witness-network.ts';

const names = ['a.example', 'b.example', 'c.example', 'd.example'].map(nameNetwork);

it('issue 11.1: names count as one in total, or as less than half of many', () => {
  expect(countNetworks([], 3)).toBe(0);
  for (const wanted of [1, 2, 3, 4]) expect(countNetworks(names, wanted)).toBe(1);
  expect(countNetworks(names, 5)).toBe(2);
  expect(countNetworks(names, 7)).toBe(3);
  expect(countNetworks([...names, '1.2.3.0/24', '1.2.3.0/24', operatorNetwork('x')], 3)).toBe(3);
  expect(countNetworks([names[0]!, names[0]!], 7)).toBe(1);
  expect([onlyCheap([]), onlyCheap(names), onlyCheap([...names, '1.2.3.0/24']), onlyCheap([operatorNetwork('a.example')])]).toEqual([false, true, false, false]);
});

it('issue 11.1: names and IPv6 networks together count as one in total', () => {
  const cheap = [...names, ipv6Network('2a01:4f8'), ipv6Network('2001:470')];
  expect(cheap.every(isCheapNetwork)).toBe(true);
  expect(countNetworks(cheap, 3)).toBe(1);
  expect(countNetworks([...cheap, '198.51.100.0/24'], 3)).toBe(2);
  expect(onlyCheap(cheap)).toBe(true);
});

it('issue 11.1: when two or more are required, cheap networks are never the majority of a sufficient set', () => {
  const network = constantFrom(...names, nameNetwork('e.example'), '1.2.3.0/24', '1.2.4.0/24', operatorNetwork('x'), ipv6Network('2001:db8'), ipv6Network('2001:470'));
  assert(
    property(array(network, { maxLength: 16 }), integer({ min: 2, max: 16 }), (networks, wanted) => {
      if (countNetworks(networks, wanted) < wanted) return true;
      const others = new Set(networks.filter((one) => !isCheapNetwork(one))).size;
      return others * 2 >= wanted;
    }),
  );
});

it('issue 12: beside a name that is not judged yet, all names are one network', () => {
  const networks = [...names, nameNetwork(undefined)];
  expect(distinctNetworks(names).size).toBe(4);
  expect(distinctNetworks(networks).size).toBe(1);
  expect(distinctNetworks([...networks, '1.2.3.0/24', ipv6Network('2001:db8')]).size).toBe(3);
  expect(countNetworks(networks, 9)).toBe(1);
  expect(onlyCheap([nameNetwork(undefined)])).toBe(true);
});
