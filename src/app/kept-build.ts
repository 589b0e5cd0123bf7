/** One file of a build. */
export interface KeptFile {
  /** Path below the origin, without leading slash. */
  readonly url: string;
  /** Hash of its bytes, as in a script's `integrity` attribute: `sha256-…`. */
  readonly integrity: string;
  /** Only pages that follow another chain than Albatross load it. It is stored once such a page was open. */
  readonly later?: boolean | undefined;
}

export interface KeptBuildOptions {
  readonly files: readonly KeptFile[];
  readonly origin: string;
  readonly caches: CacheStorage;
  fetch(request: Request): Promise<Response>;
}

/** The relevant part of a request to the service worker. */
export type AskedFor = Pick<Request, 'method' | 'mode' | 'url'>;

/** The pages of the build, by path. The widget's frame is none of them: it is not there without its host. */
const pages: ReadonlyMap<string, string> = new Map([['/', 'index.html'], ['/wallet', 'wallet.html'], ['/confirm', 'confirm.html']]);

/** An empty cache of this name says that this browser has used another chain than Albatross. It outlives the build. */
const OTHER_CHAINS = 'petrel/other-chains';

/**
 * The files of one build in its own cache. Anything that lies in a cache before the build is stored is neither trusted nor kept. Each file
 * comes from the server, and is accepted only if its hash is the build's.
 */
export class KeptBuild {
  readonly #options: KeptBuildOptions;
  readonly #byUrl: ReadonlyMap<string, KeptFile>;

  constructor(options: KeptBuildOptions) {
    this.#options = options;
    this.#byUrl = new Map(options.files.map((file) => [file.url, file]));
  }

  /** Rejects if a file cannot be fetched with the build's hash; the previous build then stays in force. */
  async store(): Promise<void> {
    const { caches, files } = this.#options;
    const name = await this.#name();
    await caches.delete(name);
    const all = (await caches.keys()).includes(OTHER_CHAINS);
    await this.#put(files.filter(({ later }) => all || !later));
  }

  /**
   * Stores the files of the other chains too, of this build and of those that follow. Rejects if one cannot be fetched with the build's hash; it then comes
   * from the server when it is asked for.
   */
  async storeOtherChains(): Promise<void> {
    const { caches, files } = this.#options;
    await caches.open(OTHER_CHAINS);
    const cache = await caches.open(await this.#name());
    const stored = await Promise.all(files.map((file) => cache.match(this.#urlOf(file))));
    await this.#put(files.filter(({ later }, index) => later && stored[index] === undefined));
  }

  async #put(files: readonly KeptFile[]): Promise<void> {
    const cache = await this.#options.caches.open(await this.#name());
    await Promise.all(files.map(async (file) => cache.put(this.#urlOf(file), await this.#load(file))));
  }

  /** Deletes the caches of all other builds, and any other cache of this origin but the mark for other chains. */
  async discardOthers(): Promise<void> {
    const { caches } = this.#options;
    const name = await this.#name();
    for (const other of await caches.keys()) if (other !== name && other !== OTHER_CHAINS) await caches.delete(other);
  }

  /**
   * The file that answers this request; undefined: let the server answer. The page's URL may have settings in its query; other files' URLs
   * must have none.
   */
  fileFor({ method, mode, url }: AskedFor): KeptFile | undefined {
    const { origin, pathname, search } = new URL(url);
    if (method !== 'GET' || origin !== this.#options.origin) return undefined;
    if (mode === 'navigate' && pages.has(pathname)) return this.#byUrl.get(pages.get(pathname)!);
    return search === '' ? this.#byUrl.get(pathname.slice(1)) : undefined;
  }

  /** The cached file, or the server's file if its hash is the same. */
  async answer(file: KeptFile): Promise<Response> {
    const cache = await this.#options.caches.open(await this.#name());
    return (await cache.match(this.#urlOf(file))) ?? this.#load(file);
  }

  /** Redirects are refused: a server without the file may redirect to another one. */
  async #load(file: KeptFile): Promise<Response> {
    const request = (cache: RequestCache) => new Request(this.#urlOf(file), { integrity: file.integrity, cache, redirect: 'error', mode: 'same-origin', credentials: 'same-origin' });
    // The browser's HTTP cache may be wrong too; then fetch again without it.
    const response = await this.#options.fetch(request('default')).catch(() => this.#options.fetch(request('reload')));
    if (response.ok) return response;
    throw new Error(`${file.url}: ${response.status}`);
  }

  #urlOf({ url }: KeptFile): string {
    return `${this.#options.origin}/${url}`;
  }

  /** Different for each build, because the name is a hash over the list of all files. */
  async #name(): Promise<string> {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(this.#options.files)));
    return `petrel/build/${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  }
}
