import { expect, it } from 'vitest';
import { SourceShares } from './source-shares.ts';
import { systemRandom } from '../base/system.ts';

const shares = () => new SourceShares({ random: systemRandom, max: 10, share: 6 });

it('a source above its share loses one of its own keys', () => {
  const all = shares();
  for (let n = 0; n < 4; n++) expect(all.add(`honest${n}`, 'honest')).toEqual([]);
  for (let n = 0; n < 1000; n++) for (const gone of all.add(`flood${n}`, 'flood')) expect(gone).toMatch(/^flood/);
  expect(all.size).toBe(10);
  expect([0, 1, 2, 3].every((n) => all.has(`honest${n}`))).toBe(true);
});

it('above the total, the source with the most keys loses one, and no key displaces itself', () => {
  const all = shares();
  for (let n = 0; n < 6; n++) all.add(`large${n}`, 'large');
  for (let n = 0; n < 4; n++) all.add(`small${n}`, 'small');
  expect(all.add('other', 'other')).toEqual([expect.stringMatching(/^large/)]);
  expect(all.has('other')).toBe(true);
  for (let n = 0; n < 100; n++) all.add(`sybil${n}`, `source${n}`);
  expect(all.size).toBe(10);
  expect(all.has('sybil99')).toBe(true);
});

it('a key from two sources stays when one of them is displaced', () => {
  const all = shares();
  all.add('shared', 'flood');
  all.add('shared', 'honest');
  for (let n = 0; n < 1000; n++) all.add(`flood${n}`, 'flood');
  expect(all.has('shared')).toBe(true);
  expect([...all.sourcesOf('shared')]).toEqual(['honest']);
  all.delete('shared');
  expect(all.has('shared')).toBe(false);
  expect(all.size).toBe(6);
});
