import { expect, it } from 'vitest';
import { draftOf } from './draft.ts';

const address = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const empty = { recipient: '', amount: '', message: '', rate: 'free' };

it('a form begins with an address or a link, or with any other text, so that the person sees what is wrong', () => {
  expect(draftOf('')).toEqual(empty);
  expect(draftOf(address.replaceAll(' ', ''))).toEqual({ ...empty, recipient: address });
  expect(draftOf(`nimiq:${address.replaceAll(' ', '')}?amount=12.5&message=hi`)).toEqual({ ...empty, recipient: address, amount: '12.50000', message: 'hi' });
  expect(draftOf('NQ46 U66M')).toEqual({ ...empty, recipient: 'NQ46 U66M' });
});
