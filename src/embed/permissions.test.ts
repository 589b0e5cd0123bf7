import { describe, expect, it } from 'vitest';
import { keptIn } from './kept.ts';
import { Permissions } from './permissions.ts';

const DAY = 86_400_000;
const ONE = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const OTHER = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';

function setUp() {
  const texts = new Map<string, string>();
  const kept = keptIn(() => ({ getItem: (name) => texts.get(name) ?? null, setItem: (name, text) => void texts.set(name, text) }));
  const time = { now: 1_800_000_000_000 };
  const of = (host: string, network = 'main-albatross') => new Permissions({ kept, host, network, now: () => time.now });
  return { texts, time, of };
}

describe('what a host may do', () => {
  it('holds for its origin and network only, and in all its frames', () => {
    const { of } = setUp();
    of('https://a.example').grantAccounts([ONE]);
    expect(of('https://a.example').accounts).toEqual([ONE]);
    expect(of('https://b.example').accounts).toEqual([]);
    expect(of('https://a.example', 'test-albatross').accounts).toEqual([]);
    expect(of('https://a.example:8443').accounts).toEqual([]);
  });

  it('ends when it is revoked, or not used for 30 days', () => {
    const { of, time } = setUp();
    const permissions = of('https://a.example');
    permissions.grantAccounts([ONE]);
    time.now += 29 * DAY;
    permissions.use();
    time.now += 29 * DAY;
    expect(permissions.accounts).toEqual([ONE]);
    time.now += 2 * DAY;
    expect(permissions.accounts).toEqual([]);
    permissions.grantAccounts([ONE]);
    permissions.revokeAccounts();
    expect(of('https://a.example').accounts).toEqual([]);
  });

  it('keeps a block apart from the accounts', () => {
    const { of, texts } = setUp();
    const permissions = of('https://a.example');
    permissions.grantAccounts([ONE]);
    permissions.block(true);
    expect(of('https://a.example')).toMatchObject({ blocked: true, accounts: [ONE] });
    permissions.block(false);
    permissions.revokeAccounts();
    expect([...texts.values()]).toEqual(['[]']);
  });

  it('lets a host ask about 20 addresses of its own choice, and about shared ones', () => {
    const { of } = setUp();
    const permissions = of('https://a.example');
    for (let i = 0; i < 20; i++) expect(permissions.mayRead(`address ${i}`)).toBe(true);
    expect(permissions.mayRead(ONE)).toBe(false);
    expect(permissions.mayRead('address 3')).toBe(true);
    permissions.grantAccounts([ONE]);
    expect(permissions.mayRead(ONE)).toBe(true);
  });

  it('reads nothing from damaged records', () => {
    const { of, texts } = setUp();
    const good = { host: 'https://a.example', network: 'main-albatross', accounts: [ONE, 'NQ00 wrong', 5, OTHER], blocked: false, used: 1_800_000_000_000 };
    for (const text of ['', '{', '5', '{"0":1}', JSON.stringify([null, 5, { ...good, used: 'x' }, { ...good, accounts: 'all' }])]) {
      texts.set('petrel-widget-grants', text);
      expect(of('https://a.example').accounts).toEqual([]);
    }
    texts.set('petrel-widget-grants', JSON.stringify([good]));
    expect(of('https://a.example').accounts).toEqual([ONE, OTHER]);
  });

  it('tells of changes', () => {
    const permissions = setUp().of('https://a.example');
    let told = 0;
    const stop = permissions.subscribe(() => (told += 1));
    permissions.grantAccounts([ONE]);
    permissions.mayRead(OTHER);
    permissions.mayRead(OTHER);
    stop();
    permissions.revokeAccounts();
    expect(told).toBe(2);
  });
});

it('what the frame keeps lasts as long as the frame where the browser refuses storage', () => {
  const denied = keptIn(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  expect(denied.kind).toBe('memory');
  denied.set('a', '1');
  expect(denied.get('a')).toBe('1');
  const full = keptIn(() => ({ getItem: () => 'old', setItem: () => { throw new DOMException('full', 'QuotaExceededError'); } }));
  full.set('a', 'new');
  expect(full.get('a')).toBe('new');
  expect(full.kind).toBe('stored');
});
