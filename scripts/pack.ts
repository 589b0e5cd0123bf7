/**
 * `npm run pack`: builds the npm package in `dist-package/package` and packs it beside that folder (`docs/packaging.md`).
 * `--out folder` names another folder, `--version x.y.z` another version.
 */

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packageBuildId, placeholder } from './package/build-id.ts';
import { bundle, packagedNetworks } from './package/bundle.ts';
import { declarations } from './package/declarations.ts';
import { manifest } from './package/manifest.ts';
import { sizesOf } from './package/sizes.ts';
import { root } from './setup.mjs';
import { sourceTime } from './source-time.ts';
import { licencesOfModules } from './third-party-licences.ts';

/** What the package is made of, for the time in its build id. */
const sources = ['src', 'bin', 'workers', 'scripts', 'package-lock.json'];

const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string; readonly dependencies: { readonly react: string } };
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist-package') }, version: { type: 'string', default: own.version } } });
const out = resolve(values.out);
const folder = join(out, 'package');
const { version } = values;

rmSync(out, { recursive: true, force: true });
const networks = packagedNetworks(root);
const { files, modules } = await bundle(root);
const code = new Map([...files].filter(([path]) => path.endsWith('.js')));
const id = packageBuildId(version, sourceTime(root, sources, modules), code);
for (const [path, text] of files) write(`dist/${path}`, text.replaceAll(placeholder, id));
const types = declarations(root, ['package/index', 'package/react', 'package/keys', 'package/nimiq', 'package/verify', 'package/verify-chains', 'package/widget', 'package/provider', ...networks.map((name) => `chains/albatross/chain/networks/${name}`)]);
for (const [path, text] of types) write(`dist/types/${path}`, text);
// A worker is started, not imported; the tools that check a package want types for it all the same.
write('dist/types/worker.d.ts', 'export {};\n');
write('package.json', `${JSON.stringify(manifest({ version, react: own.dependencies.react }, networks), undefined, 2)}\n`);
write('THIRD-PARTY-LICENCES.txt', licencesOfModules(root, modules));
for (const name of ['LICENSE', 'NOTICE']) copyFileSync(join(root, name), join(folder, name));
copyFileSync(join(root, 'src/package/README.md'), join(folder, 'README.md'));

const sizes = await sizesOf(code);
for (const { name, size, limit } of sizes) process.stdout.write(`${size > limit ? 'TOO BIG' : 'ok     '} ${name}: ${size} kB of ${limit}\n`);
const packed = npm('pack', '--json', '--pack-destination', out);
const [{ filename, size, unpackedSize }] = JSON.parse(packed) as [{ filename: string; size: number; unpackedSize: number }];
process.stdout.write(`${join(out, filename)}: build ${id}, ${Math.round(size / 1000)} kB, unpacked ${Math.round(unpackedSize / 1000)} kB\n`);
if (sizes.some(({ size: is, limit }) => is > limit)) process.exitCode = 1;

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function npm(...args: readonly string[]): string {
  const windows = process.platform === 'win32';
  const { status, stdout, stderr } = spawnSync(windows ? 'npm.cmd' : 'npm', args, { cwd: folder, encoding: 'utf8', shell: windows });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}
