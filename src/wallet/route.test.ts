import { expect, it } from 'vitest';
import { hrefs, parseRoute } from './route.ts';

it('opens what the links name, and the overview for anything else', () => {
  for (const page of ['receive', 'settings', 'add'] as const) expect(parseRoute(hrefs[page])).toEqual({ page });
  expect(parseRoute(hrefs.sendTo('nimiq:NQ46?amount=1&message=a/b'))).toEqual({ page: 'send', to: 'nimiq:NQ46?amount=1&message=a/b' });
  expect(parseRoute('#/send')).toEqual({ page: 'send', to: '' });
  expect(parseRoute('#/send/%E0%A4%A')).toEqual({ page: 'send', to: '%E0%A4%A' });
  expect(parseRoute(hrefs.payment('ab'.repeat(32)))).toEqual({ page: 'payment', hash: 'ab'.repeat(32) });
  expect(parseRoute(hrefs.backup('ab'.repeat(16)))).toEqual({ page: 'backup', id: 'ab'.repeat(16) });
  for (const hash of ['', '#', '#/', '#/nothing', '#/payment/12', '#/backup/../x', '#x']) expect(parseRoute(hash)).toEqual({ page: 'overview' });
});
