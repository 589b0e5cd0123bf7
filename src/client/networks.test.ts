import { expect, it } from 'vitest';
import { checkNetworkParameters } from '../albatross/chain/network-parameters.ts';
import { networkNamed } from './networks.ts';

it('knows unit-albatross, which passes the check of the hub', () => {
  expect(checkNetworkParameters(networkNamed('unit-albatross')).networkId).toBe(7);
});

it('knows no other', () => {
  expect(() => networkNamed('toString')).toThrow(expect.objectContaining({ name: 'ClientError', code: 'unknown-network' }));
});
