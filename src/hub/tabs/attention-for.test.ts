import { expect, it } from 'vitest';
import { assumedPresence, readPresence, type Presence } from '../../bridge/life/presence.ts';
import { attentionFor } from './attention-for.ts';

const page = (changes: Partial<Presence> = {}): Presence => ({ ...assumedPresence, ...changes });
const hidden = page({ visible: false });
const frozen = page({ visible: false, frozen: true });

it.each([
  ['no page', [], 'full'],
  ['a visible one', [page()], 'full'],
  ['a visible one among others', [hidden, frozen, page()], 'full'],
  ['hidden ones', [hidden, hidden], 'low'],
  ['a hidden one among frozen ones', [frozen, hidden], 'low'],
  ['one that saves data', [page({ saveData: true }), page()], 'low'],
  ['frozen ones', [frozen, frozen], 'none'],
  ['one that was frozen while visible', [page({ frozen: true })], 'none'],
] as const)('%s: %s', (_, pages, mode) => {
  expect(attentionFor(pages).mode).toBe(mode);
});

it('is online as long as one awake page reports it', () => {
  const offline = page({ online: false });
  expect(attentionFor([offline, page()]).online).toBe(true);
  expect(attentionFor([offline, offline]).online).toBe(false);
  expect(attentionFor([offline, frozen]).online).toBe(false);
  expect(attentionFor([frozen]).online).toBe(true);
});

it('refuses a report that is not four booleans', () => {
  expect(readPresence({ ...hidden, more: 1 })).toEqual(hidden);
  for (const bad of [undefined, null, 1, [], {}, { ...hidden, visible: 1 }, { ...hidden, frozen: undefined }, { ...hidden, online: 'yes' }, { visible: true, frozen: false, online: true }]) expect(readPresence(bad)).toBeUndefined();
});
