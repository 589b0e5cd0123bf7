import { expect, it, vi } from 'vitest';
import { callTable, type HubHandlers } from './hub-api.ts';

const signal = new AbortController().signal;

it('checks a block key before the handler sees it', async () => {
  const getBlock = vi.fn<HubHandlers['getBlock']>(async () => undefined);
  const table = callTable({ getBlock } as unknown as HubHandlers);
  const call = async (...args: unknown[]) => table.get('getBlock')?.(args, signal);
  await call(0);
  await call(0xffff_ffff);
  await call('AB'.repeat(32));
  expect(getBlock.mock.calls).toEqual([[0, signal], [0xffff_ffff, signal], ['ab'.repeat(32), signal]]);
  for (const key of [-1, 1.5, 2 ** 32, NaN, 'ab', '', undefined, null, {}, 5n]) {
    await expect(call(key)).rejects.toMatchObject({ name: 'CallError', code: 'bad-argument' });
  }
});
