import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** The imports allowed between rooms: the arrows of the design, which only point downwards. A room may always import itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/base': [],
  'src/crypto': ['src/base'],
  // Of the curve only the shapes of jobs, which a driver hands to the verifiers.
  'src/engine': ['src/crypto', 'src/base'],
  'src/chains/albatross/wire': ['src/base'],
  'src/chains/albatross/chain': ['src/chains/albatross/wire', 'src/engine', 'src/crypto', 'src/base'],
  // Content, hash, kinds and checks of transactions; no chain state.
  'src/chains/albatross/transactions': ['src/chains/albatross/wire', 'src/crypto', 'src/base'],
  // What a wallet needs without a network: no chain, no workers, no WASM.
  'src/keys': ['src/chains/albatross/transactions', 'src/chains/albatross/wire', 'src/crypto', 'src/base'],
  'src/chains/albatross/sync': ['src/chains/albatross/chain', 'src/chains/albatross/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/albatross/proofs': ['src/chains/albatross/transactions', 'src/chains/albatross/chain', 'src/chains/albatross/wire', 'src/crypto', 'src/base'],
  // Proofs to take away: the file, and its verification without a client.
  'src/chains/albatross/proof-file': ['src/chains/albatross/proofs', 'src/chains/albatross/transactions', 'src/chains/albatross/chain', 'src/chains/albatross/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/albatross/serve': ['src/chains/albatross/chain', 'src/chains/albatross/wire', 'src/engine', 'src/base'],
  'src/chains/albatross/net': ['src/network', 'src/chains/albatross/sync', 'src/chains/albatross/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/albatross/client': ['src/chains/albatross/proof-file', 'src/chains/albatross/proofs', 'src/chains/albatross/transactions', 'src/chains/albatross/serve', 'src/chains/albatross/store', 'src/chains/albatross/net', 'src/chains/albatross/sync', 'src/chains/albatross/chain', 'src/chains/albatross/wire', 'src/storage', 'src/network', 'src/engine', 'src/crypto', 'src/base'],
  'src/network': ['src/engine', 'src/crypto', 'src/base'],
  'src/chains/albatross/store': ['src/storage', 'src/chains/albatross/chain', 'src/chains/albatross/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/storage': ['src/engine', 'src/crypto', 'src/base'],
  'src/chains/hotstuff2/wire': ['src/base'],
  'src/chains/hotstuff2/chain': ['src/chains/hotstuff2/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/hotstuff2/proofs': ['src/chains/hotstuff2/chain', 'src/chains/hotstuff2/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/hotstuff2/net': ['src/network', 'src/chains/hotstuff2/chain', 'src/chains/hotstuff2/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/hotstuff2/store': ['src/storage', 'src/chains/hotstuff2/chain', 'src/chains/hotstuff2/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/hotstuff2/client': ['src/chains/hotstuff2/proofs', 'src/chains/hotstuff2/store', 'src/chains/hotstuff2/net', 'src/chains/hotstuff2/chain', 'src/chains/hotstuff2/wire', 'src/storage', 'src/network', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/moloch/wire': ['src/base'],
  'src/chains/moloch/chain': ['src/chains/moloch/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/moloch/proofs': ['src/chains/moloch/chain', 'src/chains/moloch/wire', 'src/crypto', 'src/base'],
  'src/chains/moloch/store': ['src/storage', 'src/chains/moloch/chain', 'src/chains/moloch/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/moloch/net': ['src/network', 'src/chains/moloch/proofs', 'src/chains/moloch/chain', 'src/chains/moloch/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/moloch/client': ['src/chains/moloch/proofs', 'src/chains/moloch/store', 'src/chains/moloch/net', 'src/chains/moloch/chain', 'src/chains/moloch/wire', 'src/storage', 'src/network', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/stacks/wire': ['src/crypto', 'src/base'],
  'src/chains/stacks/chain': ['src/chains/stacks/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/stacks/proofs': ['src/chains/stacks/chain', 'src/chains/stacks/wire', 'src/crypto', 'src/base'],
  'src/chains/stacks/net': ['src/network', 'src/chains/stacks/proofs', 'src/chains/stacks/chain', 'src/chains/stacks/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/stacks/store': ['src/storage', 'src/chains/stacks/proofs', 'src/chains/stacks/chain', 'src/chains/stacks/wire', 'src/engine', 'src/crypto', 'src/base'],
  'src/chains/stacks/client': ['src/chains/stacks/proofs', 'src/chains/stacks/store', 'src/chains/stacks/net', 'src/chains/stacks/chain', 'src/chains/stacks/wire', 'src/storage', 'src/network', 'src/engine', 'src/crypto', 'src/base'],
  // A chain's driver: it puts the chain's own rooms together.
  'src/chains/albatross': ['src/chains/albatross/client', 'src/chains/albatross/store', 'src/chains/albatross/chain', 'src/storage', 'src/engine', 'src/base'],
  'src/chains/hotstuff2': ['src/chains/hotstuff2/client', 'src/chains/hotstuff2/chain', 'src/network', 'src/storage', 'src/engine', 'src/base'],
  'src/chains/moloch': ['src/chains/moloch/client', 'src/chains/moloch/store', 'src/chains/moloch/chain', 'src/storage', 'src/network', 'src/engine', 'src/base'],
  'src/chains/stacks': ['src/chains/stacks/client', 'src/chains/stacks/net', 'src/chains/stacks/chain', 'src/network', 'src/storage', 'src/engine', 'src/base'],
  // The list of chains.
  'src/chains': ['src/chains/albatross', 'src/chains/hotstuff2', 'src/chains/moloch', 'src/chains/stacks', 'src/engine'],
  // Types only (see below): page and hub exchange plain values.
  'src/bridge': ['src/engine', 'src/crypto', 'src/base'],
  'src/hub': ['src/bridge', 'src/engine', 'src/crypto', 'src/base'],
  'src/client': ['src/bridge', 'src/engine', 'src/chains/albatross/chain', 'src/chains/hotstuff2/chain', 'src/chains/moloch/chain', 'src/chains/stacks/chain', 'src/base'],
  'src/react': ['src/client'],
  // What every page needs: the choices in its URL, its client, and the texts of codes, levels and accounts.
  'src/page': ['src/react', 'src/client'],
  // Of the verifier only types, and what is loaded when a proof file is opened; of the base only what bytes need.
  'src/app': ['src/app/chains/stacks', 'src/page', 'src/ui', 'src/react', 'src/client', 'src/verify', 'src/base'],
  // Of its chain only how Clarity writes values and addresses: a person types a map's key. Loaded for pages that follow Stacks.
  'src/app/chains/stacks': ['src/app', 'src/chains/stacks/wire', 'src/page', 'src/ui', 'src/react', 'src/client', 'src/base'],
  // The official client's API on ours. Blocks are decoded, and their producers drawn, in a file that is loaded only where they are asked for.
  'src/nimiq': ['src/client', 'src/keys', 'src/chains/albatross/transactions', 'src/chains/albatross/chain', 'src/chains/albatross/wire', 'src/crypto', 'src/base'],
  // The offline verifier: proof files of any built-in network, on the thread of the caller. No network, workers or page. What verifies the files of another
  // chain is loaded with the first of them.
  'src/verify': ['src/chains/albatross/proof-file', 'src/chains/albatross/chain', 'src/chains/hotstuff2/proofs', 'src/chains/hotstuff2/chain', 'src/chains/moloch/proofs', 'src/chains/moloch/chain', 'src/chains/stacks/proofs', 'src/chains/stacks/chain', 'src/chains/stacks/wire', 'src/engine', 'src/crypto', 'src/base'],
  // Drawn parts that the app, the wallet and the widget share: identicons, QR codes, amounts.
  'src/ui': [],
  // Secrets, encrypted in the browser's database. No page imports it but the two that sign.
  'src/vault': ['src/storage', 'src/keys', 'src/crypto', 'src/base'],
  'src/wallet': ['src/vault', 'src/page', 'src/ui', 'src/react', 'src/client', 'src/keys', 'src/base'],
  // The page where a person confirms what the widget asks for.
  'src/confirm': ['src/vault', 'src/widget', 'src/page', 'src/ui', 'src/react', 'src/client', 'src/keys', 'src/base'],
  // The element that a host page loads, and the messages between host, frame and `/confirm`. It depends on nothing.
  'src/widget': [],
  // The frame of the widget: the client and what the person allowed. Never a key.
  'src/embed': ['src/widget', 'src/page', 'src/ui', 'src/react', 'src/client', 'src/base'],
  // The entries of the npm package: what it makes public, and nothing else.
  'src/package': ['src/widget', 'src/verify', 'src/chains/albatross/proof-file', 'src/nimiq', 'src/keys', 'src/crypto', 'src/chains/albatross/transactions', 'src/react', 'src/client', 'src/bridge', 'src/chains/albatross/chain', 'src/base'],
};

/** The only imports that the arrows do not allow, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {
  'src/chains/stacks/chain/details.ts -> src/chains/stacks/proofs/state-key.ts': 'types of what pages ask about the state',
  'src/chains/stacks/chain/details.ts -> src/chains/stacks/proofs/state-value.ts': 'types of what pages are told of the state',
  'src/keys/network-policy.ts -> src/chains/albatross/chain/policy.ts': 'the arithmetic of heights: no imports, no chain',
  'src/client/networks.ts -> src/chains/albatross/chain/networks/main-albatross.ts': 'parameters of a built-in network: data, no code',
  'src/client/networks.ts -> src/chains/albatross/chain/networks/test-albatross.ts': 'parameters of a built-in network: data, no code',
  'src/client/networks.ts -> src/chains/albatross/chain/networks/dev-albatross.ts': 'parameters of a built-in network: data, no code',
  'src/client/networks.ts -> src/chains/albatross/chain/networks/unit-albatross.ts': 'parameters of a built-in network: data, no code',
};

/** In these rooms an import of the listed rooms must be `import type`, so that none of their code gets into a page. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  'src/engine': ['src/crypto'],
  'src/bridge': ['src/engine', 'src/crypto'],
  'src/client': ['src/engine', 'src/chains/albatross/chain', 'src/chains/hotstuff2/chain', 'src/chains/moloch/chain', 'src/chains/stacks/chain'],
};

const rooms = Object.keys(mayImport).toSorted((a, b) => b.length - a.length);
const roomOf = (path: string) => rooms.find((room) => path === room || path.startsWith(`${room}/`));

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const statements = [...text.matchAll(/^(?:import|export)\s+(type\s+)?[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/gmu)];
  return statements.map((match) => ({ file, typeOnly: Boolean(match[1]), target: match[2] ?? match[3] ?? match[4] ?? '' }));
}

/** All code files of a folder, without tests. */
function codeIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/u.test(name) && !/\.test\.tsx?$/u.test(name))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

/** The path of a relative import, from the root. */
function pathOf({ file, target }: Import): string {
  return relative(root, resolve(root, dirname(file), target)).replaceAll('\\', '/');
}

const files = codeIn('src');
const imports = files.flatMap(importsOf);

describe('the order of the rooms', () => {
  it('has a room for every file', () => {
    expect(files.filter((file) => !roomOf(file))).toEqual([]);
  });

  it('allows every import', () => {
    const wrong = imports.flatMap(({ file, target, typeOnly }) => {
      // A worker's URL is no code import.
      if (!target.startsWith('.') || target.endsWith('?worker&url')) return [];
      const from = roomOf(file)!;
      const path = pathOf({ file, target, typeOnly });
      const to = roomOf(path);
      if (to === from || exceptions[`${file} -> ${path}`]) return [];
      if (!to || !mayImport[from]!.includes(to)) return [`${file} -> ${path}`];
      if (typesOnly[from]?.includes(to) && !typeOnly) return [`${file} -> ${path} (types only)`];
      return [];
    });
    expect(wrong).toEqual([]);
  });

  it('has no import cycle in src and in the local network, not even between types', () => {
    const from = new Map(['src', 'devnet'].flatMap(codeIn).map((file) => [file, importsOf(file).map((it) => pathOf(it))]));
    // Remove files that import none of the remaining files: they are in no cycle.
    for (let size = -1; size !== from.size; ) {
      size = from.size;
      for (const [file, targets] of from) if (!targets.some((target) => from.has(target))) from.delete(file);
    }
    // Remove files that none of the remaining files imports: they only lead to a cycle.
    for (let size = -1; size !== from.size; ) {
      size = from.size;
      const imported = new Set([...from.values()].flat());
      for (const file of from.keys()) if (!imported.has(file)) from.delete(file);
    }
    expect([...from.keys()]).toEqual([]);
  });

  it('uses every exception', () => {
    const all = new Set(imports.map((it) => `${it.file} -> ${pathOf(it)}`));
    expect(Object.keys(exceptions).filter((exception) => !all.has(exception))).toEqual([]);
  });

  it('allows packages only where they belong', () => {
    const only: Readonly<Record<string, readonly string[]>> = {
      comlink: ['src/bridge'],
      idb: ['src/storage'],
      libp2p: ['src/network', 'src/chains/albatross/net'],
      'tldts-icann': ['src/network'],
      '@libp2p/': ['src/network', 'src/chains/albatross/net'],
      '@chainsafe/': ['src/network', 'src/chains/albatross/net'],
      '@multiformats/': ['src/network', 'src/chains/albatross/net'],
      '@noble/': ['src/crypto'],
      '@scure/': ['src/keys'],
      react: ['src/react', 'src/app', 'src/app/chains/stacks', 'src/ui', 'src/wallet', 'src/confirm', 'src/embed'],
      qr: ['src/ui'],
      uplot: ['src/app'],
      '@nimiq/iqons': ['src/ui'],
    };
    const wrong = imports.flatMap(({ file, target }) => {
      const owner = Object.entries(only).find(([name]) => target === name || target.startsWith(name.endsWith('/') ? name : `${name}/`) || (name === 'react' && target.startsWith('react-dom')));
      return owner && !owner[1].includes(roomOf(file)!) ? [`${file} -> ${target}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  it('allows no Node built-in in src', () => {
    expect(imports.filter(({ target }) => target.startsWith('node:')).map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  it('starts workers in one place only, which the package replaces with its own', () => {
    const starters = files.filter((file) => /new (?:Shared)?Worker\(|\?worker/u.test(readFileSync(join(root, file), 'utf8')));
    expect(starters.toSorted()).toEqual(['src/client/default-workers.ts', 'src/package/default-workers.ts']);
  });
});

/** Lines of a file above which it has too many concepts; tables and generated data may have more. */
const MAX_LINES = 400;
/** Lines above which a file of `src` has a test under its own name beside it, or names its tests. */
const UNTESTED_LINES = 100;

/** Files that may be longer, each with its reason. */
const tables: Readonly<Record<string, string>> = {
  'src/page/code-texts.ts': 'a table of texts',
};

const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const linesOf = (file: string) => textOf(file).trimEnd().split('\n').length;

/** Whether the file has the body of a function, so that there is something to test. Types and data have none. */
function hasFunction(file: string): boolean {
  const has = (node: unknown): boolean => {
    if (typeof node !== 'object' || node === null) return false;
    const { type, body } = node as { readonly type?: string; readonly body?: unknown };
    if (/^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/u.test(type ?? '') && body) return true;
    return Object.values(node).some(has);
  };
  return has(parseAst(textOf(file), { lang: file.endsWith('x') ? 'tsx' : 'ts' }).body);
}

/** The tests that a comment of the file names: "Tests: `a.test.ts`, `b.test.ts`." */
function namedTests(file: string): readonly string[] {
  const line = /Tests: (`[^`]+`(?:, `[^`]+`)*)\./u.exec(textOf(file).replaceAll(/\s+\* /gu, ' '))?.[1] ?? '';
  return Array.from(line.matchAll(/`([^`]+)`/gu), ([, path]) => path!);
}

describe('the files', () => {
  it('have at most 400 lines, but for tables and generated data', () => {
    expect([...files, ...['devnet', 'workers'].flatMap(codeIn)].filter((file) => linesOf(file) > MAX_LINES && !tables[file] && hasFunction(file))).toEqual([]);
    expect(Object.keys(tables).filter((file) => linesOf(file) <= MAX_LINES)).toEqual([]);
  });

  const long = files.filter((file) => linesOf(file) > UNTESTED_LINES && ['.ts', '.tsx'].every((ending) => !existsSync(join(root, file.replace(/\.tsx?$/u, `.test${ending}`)))) && hasFunction(file));

  it('have a test under their own name, or name their tests, if they have more than 100 lines', () => {
    expect(long.filter((file) => namedTests(file).length === 0)).toEqual([]);
    expect(long.flatMap((file) => namedTests(file).filter((test) => !existsSync(join(root, test))).map((test) => `${file}: ${test}`))).toEqual([]);
  });

  it('are run by the tests that they name: a test loads the file, or opens the page', () => {
    const loaded = new Map<string, readonly string[]>();
    const loadedBy = (file: string) => {
      if (!loaded.has(file)) loaded.set(file, /\.tsx?$/u.test(file) && existsSync(join(root, file)) ? importsOf(file).filter(({ target, typeOnly }) => target.startsWith('.') && !typeOnly).map(pathOf) : []);
      return loaded.get(file)!;
    };
    const reach = (test: string) => {
      const seen = new Set([test]);
      for (const file of seen) for (const next of loadedBy(file)) seen.add(next);
      return seen;
    };
    const wrong = long.flatMap((file) => namedTests(file).filter((test) => !(test.startsWith('e2e/') ? test.endsWith('.spec.ts') : reach(test).has(file))).map((test) => `${file}: ${test}`));
    expect(wrong).toEqual([]);
  });
});
