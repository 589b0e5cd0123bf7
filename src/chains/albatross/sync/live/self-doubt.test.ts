import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../../test/support/fake-net.ts';
import { countNetworks } from '../../../../engine/peers/witness-network.ts';
import { SelfDoubt } from './self-doubt.ts';
import type { Caught } from './self-doubt.ts';

/** `name`: peer and subnet, or `peer@subnet`. */
function lie(name: string, code = 'invalid-skip-proof', evidence: Caught['evidence'] = { height: 251, hash: 'aa' }, at = 0): Caught {
  const [peer = name, subnet = name] = name.split('@');
  return { peer, subnet, witness: true, code, evidence, at };
}

/** The verdicts on lies one after another, with these connected peers: `ban`, or `aside` with the pardoned peers. */
function verdicts(lies: readonly Caught[], connected: readonly string[] = [], doubt = new SelfDoubt({ wanted: 3, window: 60_000 })): string[] {
  return lies.map((one) => {
    const verdict = doubt.judge(one, connected);
    return verdict.kind === 'ban' ? 'ban' : `aside +${verdict.pardoned.map(({ peer }) => peer).join('')}`;
  });
}

const names = ['name:a', 'name:b', 'name:c', 'name:d', 'name:e'];
const many = ['p', 'q', 'r', 's', 't', 'u', 'v'];

describe('SelfDoubt', () => {
  it.each([
    ['one liar', [lie('a')], many, ['ban']],
    ['one liar, again and again', [lie('a'), lie('a', 'invalid-seed'), lie('a', 'wrong-block')], many, ['ban', 'ban', 'ban']],
    ['one liar with many names', [lie('a@x'), lie('b@x'), lie('c@x'), lie('d@x')], ['x', 'y'], ['ban', 'ban', 'ban', 'ban']],
    ['the only peer there is', [lie('a')], ['a'], ['ban']],
    ['two of eight', [lie('a'), lie('b')], many, ['ban', 'ban']],
    ['three that send the same', [lie('a'), lie('b'), lie('c'), lie('d')], many, ['ban', 'ban', 'aside +ab', 'aside +']],
    ['three that break one rule on different blocks', [251, 252, 253].map((height) => lie(`${height}`, 'invalid-skip-proof', { height, hash: `${height}` })), many, ['ban', 'ban', 'aside +251252']],
    ['three that break other rules', [lie('a'), lie('b', 'invalid-seed'), lie('c', 'wrong-parent-hash')], many, ['ban', 'ban', 'ban']],
    ['both of two peers', [lie('a'), lie('b', 'invalid-seed')], ['a', 'b'], ['ban', 'aside +a']],
    ['half of four', [lie('a'), lie('b', 'invalid-seed')], ['a', 'b', 'c', 'd'], ['ban', 'ban']],
    ['most of five, each with its own', [lie('a'), lie('b', 'invalid-seed'), lie('c', 'wrong-block')], ['a', 'b', 'c', 'd', 'e'], ['ban', 'ban', 'aside +ab']],
    ['the same answer to the same question', ['a', 'b', 'c'].map((name) => lie(name, 'malformed', { request: 'zkp' })), many, ['ban', 'ban', 'aside +ab']],
    ['answers to different questions', ['zkp', 'head', 'chain'].map((request) => lie(request, 'malformed', { request })), many, ['ban', 'ban', 'aside +zkphead']],
    ['the seed of the only operator, and all names', [lie('seed@operator:n'), ...names.map((name) => lie(name))], ['operator:n', ...names], ['ban', 'ban', 'ban', 'aside +seedname:aname:b', 'aside +seedname:aname:bname:c', 'aside +seedname:aname:bname:cname:d']],
    ['the same, and the seed last', [...names.map((name) => lie(name)), lie('seed@operator:n')], ['operator:n', ...names], [...names.map(() => 'ban'), `aside +${names.join('')}`]],
    ['one operator and one of many names', [lie('seed@operator:n'), lie('name:a')], ['operator:n', ...names], ['ban', 'ban']],
    ['all names, where a seed is honest', names.map((name) => lie(name)), ['operator:n', ...names], names.map(() => 'ban')],
    ['many names, where two addresses are honest', names.map((name) => lie(name)), ['198.51.100', '203.0.113', names[0]!], names.map(() => 'ban')],
    ['all names, where there is nobody else', names.map((name) => lie(name)), names, names.map(() => 'ban')],
    ['two names that were not judged yet', [lie('a@name:?'), lie('b@name:?')], ['name:?'], ['ban', 'ban']],
    ['witnesses whom the proof from genesis refutes', ['a', 'b', 'c', 'd'].map((name) => lie(name, 'false-witness')), [], ['ban', 'ban', 'ban', 'ban']],
    ['another chain than the one that is proven', ['a', 'b', 'c', 'd'].map((name) => lie(name, 'other-final-block')), [], ['ban', 'ban', 'ban', 'ban']],
  ])('%s', (_, lies, connected, expected) => {
    expect(verdicts(lies, connected)).toEqual(expected);
  });

  it('an error of ours in one rule never has nodes of more than two networks banned at once, in whatever order they are caught', () => {
    const random = seededRandom(10);
    for (let world = 0; world < 500; world += 1) {
      const nodes = Array.from({ length: 8 }, (_, index) => lie(random.next() < [0, 0.4, 0.9, 1][world % 4]! ? `${index}@name:${index}` : `${index}`));
      const banned = new Set<Caught>();
      const doubt = new SelfDoubt({ wanted: 3, window: 60_000 });
      for (const node of nodes.toSorted(() => random.next() - 0.5)) {
        const verdict = doubt.judge(node, nodes.filter((other) => !banned.has(other)).map(({ subnet }) => subnet));
        if (verdict.kind === 'ban') banned.add(node);
        else for (const pardoned of verdict.pardoned) banned.delete(pardoned);
        expect(countNetworks(Array.from(banned, ({ subnet }) => subnet), 3)).toBeLessThanOrEqual(2);
      }
      const onlyNames = nodes.every(({ subnet }) => subnet.startsWith('name:'));
      expect(banned.size).toBe(onlyNames ? nodes.length : 0);
    }
  });

  it('is not raised by Petrel clients, and does not ban them for what witnesses send too', () => {
    const petrel = (name: string) => ({ ...lie(name), witness: false });
    expect(verdicts([petrel('a'), petrel('b'), petrel('c'), petrel('d')], ['x'])).toEqual(['ban', 'ban', 'ban', 'ban']);
    expect(verdicts([petrel('a'), lie('b'), lie('c'), lie('d'), petrel('e')], many)).toEqual(['ban', 'ban', 'ban', 'aside +abc', 'aside +']);
  });

  it('forgets lies after a minute', () => {
    const at = (name: string, time: number) => lie(name, undefined, undefined, time);
    expect(verdicts([at('a', 0), at('b', 30_000), at('c', 60_000)], many)).toEqual(['ban', 'ban', 'ban']);
    expect(verdicts([at('a', 0), at('b', 30_000), at('c', 59_999)], many)).toEqual(['ban', 'ban', 'aside +ab']);
  });

  it('stays for its rule until it is dropped', () => {
    const doubt = new SelfDoubt({ wanted: 3, window: 60_000 });
    verdicts([lie('a'), lie('b'), lie('c')], many, doubt);
    const later = (name: string, code?: string) => lie(name, code, { height: 299, hash: 'cc' }, 500_000);
    expect(verdicts([later('d'), later('e', 'invalid-seed')], many, doubt)).toEqual(['aside +', 'ban']);
    doubt.forget();
    expect(verdicts([later('d'), later('a')], many, doubt)).toEqual(['ban', 'ban']);
  });

  it('covers every rule when most peers were caught, whatever rule came first', () => {
    const doubt = new SelfDoubt({ wanted: 3, window: 60_000 });
    expect(verdicts([lie('a'), lie('b'), lie('c'), lie('d', 'invalid-seed')], many, doubt)).toEqual(['ban', 'ban', 'aside +ab', 'ban']);
    expect(verdicts([lie('e')], ['p'], doubt)).toEqual(['aside +abcd']);
    expect(verdicts([lie('q', 'wrong-block', {}, 500_000)], many, doubt)).toEqual(['aside +']);
  });

  it('does not count earlier lies of peers that are heard again', () => {
    const doubt = new SelfDoubt({ wanted: 3, window: 60_000 });
    verdicts([lie('p'), lie('a'), lie('b'), lie('c')], many, doubt);
    doubt.spend(new Set(['a', 'b', 'c']));
    expect(verdicts([lie('a')], many, doubt)).toEqual(['aside +']);
    expect(verdicts([lie('d', 'invalid-seed'), lie('e', 'invalid-seed')], ['a'], doubt)).toEqual(['aside +pa', 'aside +pad']);
  });

  it('does not pardon a peer that was proven a liar meanwhile', () => {
    expect(verdicts([lie('a'), lie('a', 'false-witness'), lie('b'), lie('c'), lie('d')], many)).toEqual(['ban', 'ban', 'ban', 'ban', 'aside +bc']);
  });

  it('remembers 64 lies', () => {
    const doubt = new SelfDoubt({ wanted: 200, window: 60_000 });
    verdicts(Array.from({ length: 1000 }, (_, index) => ({ ...lie(`${index}`), witness: false })), many, doubt);
    verdicts([lie('a')], [], doubt);
    const verdict = doubt.judge(lie('b'), []);
    expect(verdict.kind === 'aside' && verdict.pardoned.length).toBe(64);
  });
});
