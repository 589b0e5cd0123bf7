import { expect, it } from 'vitest';
import { FollowedWorld, WorldChain, worldItem } from '../../../test/support/followed-world.ts';
import { HeadTeller } from './head-teller.ts';

function setup() {
  const world = new FollowedWorld();
  const chain = new WorldChain(world);
  const told: string[] = [];
  const network = { name: 'world', genesisHash: '', genesisHeight: 0, development: true, details: { chain: 'world' } };
  const teller = new HeadTeller<unknown, unknown>({
    chain: { network, tip: () => chain.tip(), head: () => chain.head(), view: (tip) => chain.view(tip) },
    established: () => false,
    tell: ({ head, adopted, reverted }) => told.push(`${head.latest.height}/${head.final.height} +${adopted.map(({ height }) => height).join(',')} -${reverted.map(({ height }) => height).join(',')}`),
  });
  return { chain, teller, told };
}
const items = (from: number, to: number, branch = 'a', parentBranch = 'a') => Array.from({ length: to - from + 1 }, (_, index) => worldItem(from + index, { branch, parentBranch: index === 0 ? parentBranch : branch }));

it('tells a block once, although the sync applies it again when it is final', () => {
  const { chain, teller, told } = setup();
  expect(teller.head.known).toBe(false);
  for (const item of items(1, 3)) {
    chain.push(item);
    teller.moved([item], []);
  }
  chain.apply(items(1, 5));
  teller.moved(items(1, 5), []);
  chain.finalize(chain.head());
  teller.moved([], []);
  expect(told).toEqual(['1/0 +1 -', '2/0 +2 -', '3/0 +3 -', '5/5 +4,5 -', '5/5 + -']);
  expect(teller.head.known).toBe(true);
});

it('tells what the sync replaced as reverted, although the chain does not say so', () => {
  const { chain, teller, told } = setup();
  for (const item of items(1, 3)) chain.push(item);
  teller.moved(items(1, 3), []);
  chain.apply([worldItem(1), ...items(2, 2, 'b')]);
  teller.moved([worldItem(1), ...items(2, 2, 'b')], []);
  expect(told.at(-1)).toBe('2/2 +2 -2,3');
});

it('tells a branch that wins, loses and wins again each time', () => {
  const { chain, teller, told } = setup();
  const [a] = items(1, 1);
  const [b] = items(1, 1, 'b');
  chain.push(a!);
  teller.moved([a!], []);
  for (const [next, last] of [[b, a], [a, b]] as const) {
    chain.items = [next!];
    teller.moved([next!], [last!]);
  }
  expect(told).toEqual(['1/0 +1 -', '1/0 +1 -1', '1/0 +1 -1']);
});

it('starts over', () => {
  const { chain, teller, told } = setup();
  chain.apply(items(1, 3));
  teller.moved(items(1, 3), []);
  const before = teller.head.latest;
  chain.items = [];
  chain.final = 0;
  teller.replaced(before);
  teller.repeat();
  chain.apply(items(1, 2));
  teller.moved(items(1, 2), []);
  expect(told).toEqual(['3/3 +1,2,3 -', '0/0 + -3', '0/0 + -', '2/2 +1,2 -']);
});
