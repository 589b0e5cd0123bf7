import { afterEach, expect, it, vi } from 'vitest';
import { givenFile } from '../given-file.ts';
import { takeLaunchedFile } from './take-launched-file.ts';

afterEach(() => vi.unstubAllGlobals());

it('opens the files with which the system starts the app, and asks for them once', async () => {
  vi.stubGlobal('location', { hash: '' });
  const told = vi.fn<() => void>();
  const stop = givenFile.subscribe(told);
  let consume: (launch: { readonly files?: readonly { getFile(): Promise<File> }[] }) => void = () => undefined;
  const setConsumer = vi.fn<(consumer: typeof consume) => void>((consumer) => void (consume = consumer));
  takeLaunchedFile({ setConsumer });
  takeLaunchedFile({ setConsumer });
  expect(setConsumer).toHaveBeenCalledTimes(1);
  consume({});
  consume({ files: [{ getFile: () => Promise.reject(new DOMException('gone', 'NotFoundError')) }] });
  const file = new File(['x'], 'a.petrel');
  consume({ files: [{ getFile: async () => file }] });
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1));
  expect([givenFile.get(), location.hash]).toEqual([file, '#/proof']);
  stop();
});
