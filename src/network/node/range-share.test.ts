import { describe, expect, it } from 'vitest';
import { fullRanges } from './range-share.ts';

const crowd = (count: number) => Array.from({ length: count }, (_, i) => `9.8.${i}.0/24`);

describe('fullRanges', () => {
  it('takes a third of the peers from one /16 or /32, but at least one', () => {
    expect([...fullRanges([...crowd(1), '9.9.1.0/24'], 6)]).toEqual([]);
    expect([...fullRanges([...crowd(2), '9.9.1.0/24'], 6)]).toEqual(['9.8.0.0/16']);
    expect([...fullRanges(crowd(169), 512)]).toEqual([]);
    expect([...fullRanges(crowd(170), 512)]).toEqual(['9.8.0.0/16']);
    expect([...fullRanges(['2a01:4f8::/32', '2a01:4f8::/32'], 6)]).toEqual(['2a01:4f8::/32']);
    expect([...fullRanges(crowd(1), 1)]).toEqual(['9.8.0.0/16']);
  });

  it('applies no range limit to local peers and to names', () => {
    expect([...fullRanges(['192.168.1.0/24', '192.168.2.0/24', '192.168.3.0/24', 'example.com', 'example.com', 'a peer id'], 3)]).toEqual([]);
  });
});
