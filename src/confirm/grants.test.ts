import { beforeEach, describe, expect, it } from 'vitest';
import { Grants } from './grants.ts';

const DAY = 86_400_000;
const A = 'https://a.example';
const B = 'https://b.example';
const address = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';

let now = 1_700_000_000_000;
let entries: Map<string, string>;
const place = () => ({
  get length() {
    return entries.size;
  },
  key: (at: number) => Array.from(entries.keys())[at] ?? null,
  getItem: (key: string) => entries.get(key) ?? null,
  setItem: (key: string, text: string) => void entries.set(key, text),
  removeItem: (key: string) => void entries.delete(key),
});
const open = () => new Grants(place, () => now);

beforeEach(() => {
  now = 1_700_000_000_000;
  entries = new Map([['petrel-other', 'x']]);
});

describe('grants', () => {
  it('W10: hold for one site and one network, until they are revoked', () => {
    open().grant(A, 'main-albatross', [address]);
    const grants = open();
    expect(grants.kind).toBe('stored');
    expect(grants.get(A, 'main-albatross')).toEqual({ host: A, network: 'main-albatross', addresses: [address], granted: now, used: now });
    expect([grants.get(B, 'main-albatross'), grants.get(A, 'test-albatross'), grants.get('http://a.example', 'main-albatross')]).toEqual([undefined, undefined, undefined]);
    // Names cannot run into each other.
    grants.grant('https://a.example:1', 'x', []);
    expect(grants.list().map(({ host }) => host)).toEqual([A, 'https://a.example:1']);
    grants.revoke(A, 'main-albatross');
    expect(open().get(A, 'main-albatross')).toBeUndefined();
    expect(entries.get('petrel-other')).toBe('x');
  });

  it('end after 30 days without use', () => {
    const grants = open();
    grants.grant(A, 'n', [address]);
    grants.grant(B, 'n', [address]);
    now += 29 * DAY;
    grants.touch(A, 'n');
    grants.touch('https://c.example', 'n');
    now += 2 * DAY;
    expect(grants.list().map(({ host }) => host)).toEqual([A]);
    expect(entries.size).toBe(2);
    now += 30 * DAY;
    expect(grants.get(A, 'n')).toBeUndefined();
  });

  it('ignore what is no grant, and what comes from a wrong clock', () => {
    const grants = open();
    for (const text of ['', '{', '[]', '{}', '{"addresses":[5],"granted":1,"used":1}', '{"addresses":[],"granted":"1","used":1}']) {
      entries.set('petrel-grant:["https://a.example","n"]', text);
      expect(grants.list()).toEqual([]);
    }
    entries.set('petrel-grant:{}', '{"addresses":[],"granted":1,"used":1}');
    expect(grants.list()).toEqual([]);
    grants.grant(A, 'n', []);
    now -= DAY;
    expect(grants.get(A, 'n')).toBeUndefined();
  });

  it('that do not fit any more stop nothing', () => {
    const full = new Grants(
      () => ({
        ...place(),
        length: 0,
        setItem: () => {
          throw new DOMException('full', 'QuotaExceededError');
        },
      }),
      () => now,
    );
    full.grant(A, 'n', [address]);
    expect(full.get(A, 'n')).toBeUndefined();
  });

  it('are in memory where site data is blocked', () => {
    const grants = new Grants(() => {
      throw new DOMException('blocked', 'SecurityError');
    }, () => now);
    grants.grant(A, 'n', [address]);
    expect([grants.kind, grants.list().length, grants.get(A, 'n')?.addresses]).toEqual(['memory', 1, [address]]);
    grants.revoke(A, 'n');
    expect(grants.list()).toEqual([]);
  });
});
