import { expect, it } from 'vitest';
import { proofsApi } from './proofs-api.ts';

it('asks the questions of the chain, with time for a batch to end', async () => {
  const asked: unknown[] = [];
  const api = proofsApi((...question) => {
    asked.push(question);
    return Promise.resolve('answer');
  });
  const { signal } = new AbortController();
  expect(await api.proveAccount('NQ07', { minLevel: 'proven', waitForLevel: true, signal })).toBe('answer');
  await api.proveStaker('NQ07');
  await api.proveValidator('NQ07');
  await api.proveTransaction('ab', { height: 7, timeout: 5 });
  await api.proveTransaction('ab');
  await api.proveBlock(9);
  const patient = { timeout: 180_000, signal: undefined };
  const plain = { minLevel: undefined, waitForLevel: undefined };
  expect(asked).toEqual([
    ['proveAccount', ['NQ07', { minLevel: 'proven', waitForLevel: true }], { timeout: 180_000, signal }],
    ['proveStaker', ['NQ07', plain], patient],
    ['proveValidator', ['NQ07', plain], patient],
    ['proveTransaction', ['ab', 7, plain], { timeout: 5, signal: undefined }],
    ['proveTransaction', ['ab', undefined, plain], patient],
    ['proveBlock', [9, plain], patient],
  ]);
});
