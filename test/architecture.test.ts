import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Which room may import which: the arrows of the design, downwards only. A room may always import itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/crypto': [],
  'src/engine': [],
  'src/albatross/wire': [],
  'src/albatross/chain': ['src/albatross/wire', 'src/engine', 'src/crypto'],
  'src/albatross/sync': ['src/albatross/chain', 'src/albatross/wire', 'src/engine', 'src/crypto'],
  'src/network': ['src/engine', 'src/crypto', 'src/albatross/wire', 'src/albatross/chain', 'src/albatross/sync'],
  'src/storage': ['src/engine', 'src/crypto', 'src/albatross/wire', 'src/albatross/chain'],
  // Types only (see below): what page and hub say to each other is made of plain values.
  'src/bridge': ['src/engine', 'src/crypto', 'src/albatross/chain'],
  'src/hub': ['src/bridge', 'src/network', 'src/storage', 'src/albatross/sync', 'src/albatross/chain', 'src/albatross/wire', 'src/engine', 'src/crypto'],
  'src/client': ['src/bridge', 'src/engine', 'src/albatross/chain'],
  'src/react': ['src/client'],
  'src/app': ['src/react', 'src/client'],
};

/** The only imports against the arrows, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {
  'src/client/networks.ts -> src/albatross/chain/networks/main-albatross.ts': 'parameters of a built-in network: data, no code',
  'src/client/networks.ts -> src/albatross/chain/networks/test-albatross.ts': 'parameters of a built-in network: data, no code',
  'src/client/networks.ts -> src/albatross/chain/networks/dev-albatross.ts': 'parameters of a built-in network: data, no code',
  'src/client/networks.ts -> src/albatross/chain/networks/unit-albatross.ts': 'parameters of a built-in network: data, no code',
};

/** In these rooms an import of another room may only be `import type`: nothing of it may end up in a page. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  'src/bridge': ['src/engine', 'src/crypto', 'src/albatross/chain'],
  'src/client': ['src/engine', 'src/albatross/chain'],
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

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/u.test(name) && !/\.test\.tsx?$/u.test(name))
  .map((name) => `src/${name.replaceAll('\\', '/')}`);
const imports = files.flatMap(importsOf);

describe('the order of the rooms', () => {
  it('has a place for every file', () => {
    expect(files.filter((file) => !roomOf(file))).toEqual([]);
  });

  it('is kept by every import', () => {
    const wrong = imports.flatMap(({ file, target, typeOnly }) => {
      if (!target.startsWith('.')) return [];
      const from = roomOf(file)!;
      const path = relative(root, resolve(root, dirname(file), target)).replaceAll('\\', '/');
      const to = roomOf(path);
      if (to === from || exceptions[`${file} -> ${path}`]) return [];
      if (!to || !mayImport[from]!.includes(to)) return [`${file} -> ${path}`];
      if (typesOnly[from]?.includes(to) && !typeOnly) return [`${file} -> ${path} (types only)`];
      return [];
    });
    expect(wrong).toEqual([]);
  });

  it('has no exception that is not used', () => {
    const all = new Set(imports.map(({ file, target }) => `${file} -> ${relative(root, resolve(root, dirname(file), target)).replaceAll('\\', '/')}`));
    expect(Object.keys(exceptions).filter((exception) => !all.has(exception))).toEqual([]);
  });

  it('keeps packages where they belong', () => {
    const only: Readonly<Record<string, readonly string[]>> = {
      comlink: ['src/bridge'],
      idb: ['src/storage'],
      libp2p: ['src/network'],
      '@libp2p/': ['src/network'],
      '@chainsafe/': ['src/network'],
      '@multiformats/': ['src/network'],
      '@noble/': ['src/crypto'],
      react: ['src/react', 'src/app'],
    };
    const wrong = imports.flatMap(({ file, target }) => {
      const owner = Object.entries(only).find(([name]) => target === name || target.startsWith(name.endsWith('/') ? name : `${name}/`) || (name === 'react' && target.startsWith('react-dom')));
      return owner && !owner[1].includes(roomOf(file)!) ? [`${file} -> ${target}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  it('has no Node built-in in src', () => {
    expect(imports.filter(({ target }) => target.startsWith('node:')).map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  it('starts workers in one place only', () => {
    const starters = files.filter((file) => /new (?:Shared)?Worker\(/u.test(readFileSync(join(root, file), 'utf8')));
    expect(starters).toEqual(['src/client/default-workers.ts']);
  });
});
