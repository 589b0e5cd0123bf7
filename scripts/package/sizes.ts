/** The sizes of the package as a page loads it, against their limits. */

import { transform } from 'esbuild';
import { brotli } from './brotli.ts';
import { importedSize } from './imported-size.ts';
import { loadedFiles } from './loaded-files.ts';

/** Bytes in a kB. */
const KB = 1000;

/**
 * Limits in kB with brotli 11, minified: today's figures and some room, so that growth is noticed and decided. `what` gives the files of each row:
 * all that a page loads that uses it.
 */
const limits: readonly { readonly name: string; readonly limit: number; readonly what: (path: string, loaded: Loaded) => boolean }[] = [
  { name: 'page part (entry petrel)', limit: 20, what: (path) => path === 'index.js' },
  { name: 'React adapter', limit: 3, what: (path) => path === 'react.js' },
  { name: 'offline verifier', limit: 60, what: (path) => path === 'verify.js' },
  { name: 'offline verifier of the other chains', limit: 90, what: (path) => path === 'verify-chains.js' },
  { name: 'widget element', limit: 5, what: (path) => path === 'widget.js' },
  { name: 'provider', limit: 1, what: (path) => path === 'provider.js' },
  { name: 'main network', limit: 16, what: (path) => isNetwork(path, 'main') },
  { name: 'whole client, main network', limit: 400, what: (path, { albatross }) => isNetwork(path, 'main') || albatross.has(path) },
  { name: 'what HotStuff-2 loads beyond that', limit: 70, what: (path, { albatross, hotstuff2 }) => hotstuff2.has(path) && !albatross.has(path) },
  { name: 'what Moloch loads beyond that', limit: 60, what: (path, { albatross, moloch }) => moloch.has(path) && !albatross.has(path) },
  { name: 'what Stacks loads beyond that', limit: 70, what: (path, { albatross, stacks }) => stacks.has(path) && !albatross.has(path) },
];

/** Classes that every wallet uses. */
const walletClasses = ['Address', 'KeyPair', 'PrivateKey', 'PublicKey', 'Signature', 'SignatureProof', 'Transaction', 'TransactionBuilder', 'AccountType', 'TransactionFlag', 'TransactionFormat', 'Policy', 'BufferUtils'];

/** Limits in the same unit for what a bundler makes of an import. The page part of `petrel` is in the figures of the client. `names` none: all. */
const importLimits: readonly { readonly name: string; readonly limit: number; readonly entry: string; readonly names: readonly string[] }[] = [
  { name: 'petrel/keys, the classes that every wallet uses', limit: 40, entry: 'keys.js', names: walletClasses },
  { name: 'petrel/keys, all', limit: 55, entry: 'keys.js', names: [] },
  { name: 'petrel/nimiq, the client and the classes that every wallet uses', limit: 60, entry: 'nimiq.js', names: ['Client', 'ClientConfiguration', ...walletClasses] },
  // With the curve of the voting keys, 6 kB, which no import of other names loads.
  { name: 'petrel/nimiq, all', limit: 80, entry: 'nimiq.js', names: [] },
];

const isNetwork = (path: string, name: string) => path === `networks/${name}-albatross.js` || path.startsWith('networks/chunk');

/** By chain: what a page loads that follows it, with all workers and chunks, but for the parameters of networks. */
type Loaded = Readonly<Record<'albatross' | 'hotstuff2' | 'moloch' | 'stacks', ReadonlySet<string>>>;

/** The entries of a client: the page's part and its workers. */
const clientEntries = ['index.js', 'workers/hub.js', 'workers/verifier.js', 'workers/pump.js'];
/** The drivers by the names that they export. */
const drivers = { albatross: 'albatrossDriver', hotstuff2: 'hotStuff2Driver', moloch: 'molochDriver', stacks: 'stacksDriver' } as const;
/** The chunks of jobs that only one chain gives (`crypto/steps-of.ts`). */
const jobsOf: Readonly<Partial<Record<keyof Loaded, readonly string[]>>> = { hotstuff2: ['run-signatures'], stacks: ['secp256k1-recover', 'hash-chains'] };
const isJobOfOthers = (path: string, chain: keyof Loaded) => Object.entries(jobsOf).some(([of, names]) => of !== chain && names.some((name) => path.startsWith(`workers/${name}-`)));

function loadedBy(files: ReadonlyMap<string, string>, chain: keyof Loaded): ReadonlySet<string> {
  const others = Object.entries(drivers).flatMap(([name, driver]) => (name === chain ? [] : [` as ${driver}`]));
  return loadedFiles(files, clientEntries, (path, text) => path.startsWith('networks/') || isJobOfOthers(path, chain) || others.some((driver) => text.includes(driver)));
}

export interface Size {
  readonly name: string;
  /** kB, as the limit. */
  readonly size: number;
  readonly limit: number;
}

/** @param files code by its path below `dist`. */
export async function sizesOf(files: ReadonlyMap<string, string>): Promise<readonly Size[]> {
  const packed = new Map<string, number>();
  for (const [path, text] of files) {
    if (!path.endsWith('.js')) continue;
    const { code } = await transform(text, { minify: true, format: 'esm', target: 'es2022', legalComments: 'none' });
    packed.set(path, brotli(code));
  }
  const loaded: Loaded = { albatross: loadedBy(files, 'albatross'), hotstuff2: loadedBy(files, 'hotstuff2'), moloch: loadedBy(files, 'moloch'), stacks: loadedBy(files, 'stacks') };
  const kept = limits.map(({ name, limit, what }): Size => {
    const sizes = [...packed].flatMap(([path, size]) => (what(path, loaded) ? [size] : []));
    if (sizes.length === 0) throw new Error(`There are no files for '${name}'.`);
    return { name, limit, size: kilobytes(sizes.reduce((sum, size) => sum + size, 0)) };
  });
  const imported = importLimits.map(async ({ name, limit, entry, names }): Promise<Size> => ({ name, limit, size: kilobytes(await importedSize(files, entry, names)) }));
  return [...kept, ...(await Promise.all(imported))];
}

/** To a tenth. */
function kilobytes(bytes: number): number {
  return Math.round(bytes / (KB / 10)) / 10;
}
