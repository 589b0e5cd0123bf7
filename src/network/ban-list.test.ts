import { describe, expect, it } from 'vitest';
import { BanList } from './ban-list.ts';
import { SettlingClock } from '../../test/support/settling-clock.ts';

describe('BanList', () => {
  it('bans for a time and with a reason', async () => {
    const clock = new SettlingClock();
    const bans = new BanList(clock);
    bans.add('peer', 1000, 'liar');
    expect(bans.get('peer')).toEqual({ key: 'peer', of: 'peer', code: 'liar', until: 1000 });
    expect(bans.get('other')).toBeUndefined();
    await clock.advance(1000);
    expect(bans.get('peer')).toBeUndefined();
    expect(bans.all()).toEqual([]);
  });

  it('does not let a shorter ban shorten a longer one', () => {
    const bans = new BanList(new SettlingClock());
    bans.add('peer', 1000, 'liar');
    bans.add('peer', 10, 'again');
    expect(bans.get('peer')?.code).toBe('liar');
    bans.add('peer', 2000, 'worse');
    expect(bans.get('peer')).toMatchObject({ code: 'worse', until: 2000 });
  });

  it('lifts the bans on account of a peer, and no others', () => {
    const bans = new BanList(new SettlingClock());
    bans.add('peer', 1000, 'liar');
    bans.add('127.0.0.1:1', 1000, 'liar', 'peer');
    bans.add('127.0.0.1:2', 1000, 'liar', 'other');
    bans.pardon('peer');
    expect(bans.all().map(({ key }) => key)).toEqual(['127.0.0.1:2']);
  });

  it('is bounded, and drops the ban that ends first', () => {
    const bans = new BanList(new SettlingClock());
    for (let i = 0; i < 1025; i++) bans.add(`peer ${i}`, 5000 - i, 'flood');
    expect(bans.all()).toHaveLength(1024);
    expect(bans.get('peer 1024')).toBeUndefined();
    expect(bans.get('peer 0')).toBeDefined();
  });
});
