import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeptBuild } from './kept-build.ts';

const ORIGIN = 'https://petrel.example';

/** The used part of `CacheStorage`. */
class FakeCaches {
  readonly all = new Map<string, Map<string, Response>>();
  async open(name: string) {
    const cache = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, cache);
    return { put: async (url: string, response: Response) => void cache.set(url, response), match: async (url: string) => cache.get(url)?.clone() };
  }
  async delete(name: string) {
    return this.all.delete(name);
  }
  async keys() {
    return [...this.all.keys()];
  }
}

const integrity = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/**
 * A server with these files. It makes the checks that a browser's fetch makes, because Node's fetch does not make them for a fake server.
 */
function serverOf(files: Record<string, string | Response>, asked: string[] = []) {
  return async (request: Request): Promise<Response> => {
    asked.push(`${request.cache} ${new URL(request.url).pathname}`);
    const found = files[new URL(request.url).pathname.slice(1)];
    const response = found instanceof Response ? found.clone() : found === undefined ? new Response('<html>', { status: 404 }) : new Response(found);
    if (request.integrity && integrity(await response.clone().text()) !== request.integrity) throw new TypeError('Failed to fetch');
    return response;
  };
}

const files = [
  { url: 'index.html', integrity: integrity('page') },
  { url: 'assets/hub-1234.js', integrity: integrity('hub') },
];

function buildOf(server: ReturnType<typeof serverOf>, caches = new FakeCaches()) {
  return { caches, build: new KeptBuild({ files, origin: ORIGIN, caches: caches as unknown as CacheStorage, fetch: server }) };
}

describe('the kept files of a build (issue 11.12)', () => {
  const good = { 'index.html': 'page', 'assets/hub-1234.js': 'hub' };

  it('come from the server, whatever is already stored under their names', async () => {
    const { caches, build } = buildOf(serverOf(good));
    await build.store();
    const [name] = await caches.keys();
    for (const cache of [name!, 'workbox-precache-v2-https://petrel.example/']) {
      for (const { url } of files) await (await caches.open(cache)).put(`${ORIGIN}/${url}`, new Response('poison'));
    }
    await build.store();
    await build.discardOthers();
    expect(await caches.keys()).toEqual([name]);
    for (const { url } of files) expect(await (await build.answer(files.find((file) => file.url === url)!)).text()).toBe(good[url as keyof typeof good]);
  });

  it.each([
    ['another page for what it does not have', { ...good, 'assets/hub-1234.js': '<html>' }],
    ['nothing', { 'index.html': 'page' }],
    ['an error with the right bytes', { ...good, 'assets/hub-1234.js': new Response('hub', { status: 500 }) }],
  ])('are refused where the server answers with %s: the previous build stays', async (_, said) => {
    const { build } = buildOf(serverOf(said));
    await expect(build.store()).rejects.toBeInstanceOf(Error);
  });

  it('are requested anew where the browser has cached a wrong copy', async () => {
    const asked: string[] = [];
    const server = serverOf(good, asked);
    const { build } = buildOf(async (request) => (request.cache === 'default' ? Promise.reject(new TypeError('integrity')) : server(request)));
    await build.store();
    expect(asked.toSorted()).toEqual(['reload /assets/hub-1234.js', 'reload /index.html']);
  });

  it('serve the page with any settings, and each file only under its own address', () => {
    const { build } = buildOf(serverOf(good));
    const asked = (url: string, mode: RequestMode = 'no-cors', method = 'GET') => build.fileFor({ url, mode, method })?.url;
    expect(asked(`${ORIGIN}/?network=x`, 'navigate')).toBe('index.html');
    expect(asked(`${ORIGIN}/assets/hub-1234.js`)).toBe('assets/hub-1234.js');
    for (const url of [`${ORIGIN}/assets/hub-1234.js?other`, `${ORIGIN}/assets/none.js`, 'https://other.example/assets/hub-1234.js', `${ORIGIN}/networks/mine.json`]) expect(asked(url)).toBeUndefined();
    expect(asked(`${ORIGIN}/elsewhere`, 'navigate')).toBeUndefined();
    expect(asked(`${ORIGIN}/assets/hub-1234.js`, 'no-cors', 'POST')).toBeUndefined();
  });

  it('that were evicted come from the server, if they are unchanged there', async () => {
    const { caches, build } = buildOf(serverOf({ ...good, 'index.html': 'later' }));
    await caches.open('unused');
    expect(await (await build.answer(files[1]!)).text()).toBe('hub');
    await expect(build.answer(files[0]!)).rejects.toBeInstanceOf(TypeError);
  });

  describe('of other chains', () => {
    const all = { ...good, 'assets/moloch.js': 'moloch' };
    const withLater = [...files, { url: 'assets/moloch.js', integrity: integrity('moloch'), later: true }];
    const open = (caches: FakeCaches, files = withLater, asked: string[] = []) => new KeptBuild({ files, origin: ORIGIN, caches: caches as unknown as CacheStorage, fetch: serverOf(all, asked) });
    const stored = (caches: FakeCaches) => [...caches.all.values()].flatMap((cache) => [...cache.keys()]).map((url) => url.slice(ORIGIN.length + 1)).toSorted();

    it('are stored once a page has used one of them, and from then on with every build', async () => {
      const caches = new FakeCaches();
      const asked: string[] = [];
      const build = open(caches, withLater, asked);
      await build.store();
      await build.discardOthers();
      expect(stored(caches)).toEqual(['assets/hub-1234.js', 'index.html']);
      // Before they are stored, they are served from the server, by their hash.
      expect(await (await build.answer(withLater[2]!)).text()).toBe('moloch');
      await build.storeOtherChains();
      await build.storeOtherChains();
      expect(stored(caches)).toEqual(['assets/hub-1234.js', 'assets/moloch.js', 'index.html']);
      expect(asked.filter((path) => path.endsWith('moloch.js'))).toHaveLength(2);
      const newer = open(caches, withLater.slice(1));
      await newer.store();
      await newer.discardOthers();
      expect(stored(caches)).toEqual(['assets/hub-1234.js', 'assets/moloch.js']);
    });

    it('that cannot be fetched leave the build as it is, and come when they can', async () => {
      const caches = new FakeCaches();
      const build = open(caches, [...withLater, { url: 'assets/gone.js', integrity: integrity('gone'), later: true }]);
      await build.store();
      await expect(build.storeOtherChains()).rejects.toBeInstanceOf(Error);
      expect(stored(caches)).toContain('index.html');
    });
  });
});
