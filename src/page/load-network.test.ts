import { afterEach, expect, it, vi } from 'vitest';
import { chainOfNetwork, keepNetworkFile, loadNetwork } from './load-network.ts';
import { codeTexts } from './code-texts.ts';

afterEach(() => void vi.unstubAllGlobals());

it('gives a code for each fault of a network file, and each code has a text', async () => {
  vi.stubGlobal('location', new URL('http://localhost/?network=x'));
  vi.stubGlobal('sessionStorage', { getItem: () => null });
  const answers: Readonly<Record<string, () => Promise<Response>>> = {
    '/gone.json': async () => new Response('', { status: 404 }),
    '/torn.json': async () => new Response('{'),
    '/cut.json': async () => Promise.reject(new TypeError('no network')),
    '/half.json': async () => new Response(new ReadableStream({ start: (body) => body.error(new DOMException('signal timed out', 'TimeoutError')) })),
    '/null.json': async () => new Response('null'),
    '/list.json': async () => new Response('[1]'),
    '/deep.json': async () => new Response(`{"settings":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
    '/name.json': async () => new Response('"unit-albatross"'),
    '/large.json': async () => new Response(JSON.stringify({ name: 'x'.repeat(1_000_000) })),
    '/said-large.json': async () => new Response('{}', { headers: { 'content-length': '1000001' } }),
  };
  vi.stubGlobal('fetch', (url: URL) => answers[url.pathname]!());
  const cases = {
    '@mine.json': 'chosen-elsewhere', '//elsewhere.example/n.json': 'other-server', '/gone.json': 'not-there', '/torn.json': 'not-json', '/cut.json': 'not-fetched',
    '/half.json': 'not-fetched', '/null.json': 'no-parameters', '/list.json': 'no-parameters', '/deep.json': 'too-deep', '/name.json': 'no-parameters', '/large.json': 'file-too-large', '/said-large.json': 'file-too-large',
  };
  for (const [name, reason] of Object.entries(cases)) await expect(loadNetwork(name)).rejects.toMatchObject({ code: 'network-file', data: { reason } });
  for (const reason of [...Object.values(cases), 'not-kept']) expect(codeTexts).toHaveProperty(reason);
});

it('keeps each chosen file by its name', async () => {
  const items = new Map<string, string>();
  vi.stubGlobal('sessionStorage', { getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => void items.set(key, value) });
  const names = [await keepNetworkFile(new File(['{"name":"first"}'], 'a.json')), await keepNetworkFile(new File(['{"name":"second"}'], 'b.json'))];
  expect(names).toEqual(['@a.json', '@b.json']);
  expect(await Promise.all(names.map(loadNetwork))).toEqual([{ name: 'first' }, { name: 'second' }]);
  await expect(loadNetwork('@c.json')).rejects.toMatchObject({ data: { reason: 'chosen-elsewhere' } });
});

it('a file of any chain is kept and given to the hub as it is', async () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('sessionStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) });
  const network = { chain: 'hotstuff2', name: 'own', genesisHash: 'ab', validators: [{ key: '00' }] };
  const name = await keepNetworkFile(new File([JSON.stringify(network)], 'own.json'));
  const loaded = await loadNetwork(name);
  expect(loaded).toEqual(network);
  expect([loaded, 'unit-albatross' as const, { chain: 7 } as never, {} as never].map(chainOfNetwork)).toEqual(['hotstuff2', 'albatross', 'albatross', 'albatross']);
});

it('a file that was fetched last is there when its server is not', async () => {
  const items = new Map<string, string>();
  let answer = async () => new Response('{"name":"own"}');
  vi.stubGlobal('location', new URL('http://localhost/'));
  vi.stubGlobal('fetch', () => answer());
  vi.stubGlobal('localStorage', { getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => void items.set(key, value) });
  expect(await loadNetwork('/own.json')).toEqual({ name: 'own' });
  answer = async () => Promise.reject(new TypeError('no network'));
  expect(await loadNetwork('/own.json')).toEqual({ name: 'own' });
  await expect(loadNetwork('/other.json')).rejects.toMatchObject({ data: { reason: 'not-fetched' } });
  // A server that answers is believed, and a wrong file is not kept.
  answer = async () => new Response('', { status: 404 });
  await expect(loadNetwork('/own.json')).rejects.toMatchObject({ data: { reason: 'not-there' } });
  answer = async () => new Response('{');
  await expect(loadNetwork('/own.json')).rejects.toMatchObject({ data: { reason: 'not-json' } });
  answer = async () => Promise.reject(new TypeError('no network'));
  expect(await loadNetwork('/own.json')).toEqual({ name: 'own' });
  for (const damaged of ['{', '7', 'null', '["/own.json"]', '["/own.json", 7]']) {
    items.set('petrel-fetched-network', damaged);
    await expect(loadNetwork('/own.json')).rejects.toMatchObject({ data: { reason: 'not-fetched' } });
  }
});
