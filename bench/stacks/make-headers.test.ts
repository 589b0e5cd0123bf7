import { expect, it } from 'vitest';
import { checkLink } from '../../src/chains/stacks/chain/block-rules.ts';
import { verifySigners } from '../../src/chains/stacks/chain/signer-rules.ts';
import { decodeHeader } from '../../src/chains/stacks/wire/header.ts';
import { verifyHere } from '../../test/support/verify-here.ts';
import { makeHeaders } from './make-headers.ts';
import { dayOf } from './measure-traffic.ts';

it('the headers that are measured pass the rules, and those without signatures do not', async () => {
  const { headers, bytes, set } = makeHeaders(3, 5, 2);
  expect(bytes.map(decodeHeader)).toEqual(headers);
  expect([checkLink(headers[0]!, headers[1]!), checkLink(headers[1]!, headers[2]!), checkLink(headers[0]!, headers[2]!)]).toEqual([undefined, undefined, 'parent']);
  expect(await verifySigners(headers[1]!, set, verifyHere)).toMatchObject({ ok: true, weight: { signed: 5, total: 5 } });
  expect(await verifySigners(headers[2]!, set, verifyHere)).toEqual({ ok: false, code: 'signature' });
});

it('a day has its polls and one header a block', () => {
  expect(dayOf('', 10, { poll: 100, pollBody: 60, sortition: 500, around: 40, header: 1000, headers: 1 })).toEqual({ name: '', polls: 8640, blocks: 17_280, tenures: 144, total: 8640 * 100 + 17_280 * 1040 + 144 * 1540 });
});
