import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../scripts/serve.mjs';
import { DevnetProcess } from './support/devnet.ts';
import { follow } from './support/package/follow.ts';
import { pack, packedBefore } from './support/package/pack.ts';
import { nextApp, plainApp } from './support/package/projects.ts';
import { startProgram } from './support/package/program.ts';
import { expect, test } from './support/package/test.ts';

/** Bundlers fetched from the registry for these tests only, in the versions that they were tried with. */
const fetched = {
  webpack: ['webpack@5.113.0', 'webpack-cli@7.3.1'],
  rollup: ['rollup@4.65.0', '@rollup/plugin-node-resolve@16.0.3'],
  next: ['next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1'],
  attw: ['@arethetypeswrong/cli@0.18.5'],
};

/** Fetching and building take minutes on a small machine. */
test.setTimeout(900_000);

test('has no finding of arethetypeswrong for a package of ES modules', async ({ project }) => {
  const fresh = project({});
  await fresh.npm('install', ...fetched.attw);
  const output = await fresh.node('node_modules/@arethetypeswrong/cli/dist/index.js', packedBefore().file, '--profile', 'esm-only', '--format', 'json');
  const { problems } = JSON.parse(output) as { readonly problems: Readonly<Record<string, readonly { readonly resolutionKind?: string }[]>> };
  // Resolutions that know no ES modules are listed in any profile.
  const old = ['node10', 'node16-cjs'];
  expect(Object.values(problems).flat().filter(({ resolutionKind = '' }) => !old.includes(resolutionKind))).toEqual([]);
});

for (const mode of ['production', 'development']) {
  test(`follows a network in a build of webpack (${mode})`, async ({ project, startDevnet, open, watched }) => {
    const devnet = await startDevnet();
    const fresh = project({
      ...plainApp(devnet),
      'webpack.config.js': `export default { mode: '${mode}', entry: './app.js', output: { filename: 'app.js', module: true }, experiments: { outputModule: true }, performance: { hints: false } };\n`,
    });
    await fresh.npm('install', ...fetched.webpack);
    await fresh.node('node_modules/webpack-cli/bin/cli.js');
    writeFileSync(join(fresh.folder, 'dist/index.html'), readFileSync(join(fresh.folder, 'index.html')));
    // The development mode runs each module by `eval`.
    const server = await serve({ directory: join(fresh.folder, 'dist'), headers: {}, onAnswer: watched.onAnswer });
    try {
      await follow(await open(server.url), devnet, 'wasm');
    } finally {
      await server.close();
    }
  });
}

test('follows a network in Next, built with Turbopack and with webpack', async ({ project, startDevnet, open }) => {
  const devnet = await startDevnet();
  const fresh = project(nextApp(devnet));
  await fresh.npm('install', ...fetched.next);
  const next = 'node_modules/next/dist/bin/next';
  for (const bundler of ['--turbopack', '--webpack']) {
    await fresh.node(next, 'build', bundler);
    const server = await startProgram(fresh.folder, [next, 'start', '--port', '0', '--hostname', '127.0.0.1'], /http:\/\/(?:127\.0\.0\.1|localhost):\d+/u);
    try {
      const tab = await open(server.found.replace('127.0.0.1', 'localhost'));
      await follow(tab, devnet, 'wasm');
      await tab.close();
    } finally {
      await server.end();
    }
  }
});

test('names the worker that rollup has left out, and follows once it lies there', async ({ project, startDevnet, context, watched }) => {
  const devnet = await startDevnet();
  const fresh = project({
    ...plainApp(devnet),
    'rollup.config.js': `import resolve from '@rollup/plugin-node-resolve';\n\nexport default { input: 'app.js', output: { dir: 'out', format: 'es' }, plugins: [resolve()] };\n`,
  });
  await fresh.npm('install', ...fetched.rollup);
  await fresh.node('node_modules/rollup/dist/bin/rollup', '-c', '--silent');
  const out = join(fresh.folder, 'out');
  writeFileSync(join(out, 'index.html'), readFileSync(join(fresh.folder, 'index.html')));
  const server = await serve({ directory: out });
  try {
    const failing = await context.newPage();
    const failure = failing.waitForEvent('pageerror');
    await failing.goto(server.url);
    expect(String(await failure)).toContain(`worker-failed (url: ${server.url}workers/hub.js)`);
    await failing.close();
    cpSync(join(fresh.folder, 'node_modules/petrel/dist/workers'), join(out, 'workers'), { recursive: true });
    const tab = await context.newPage();
    watched.watch(tab);
    await tab.goto(server.url);
    await follow(tab, devnet, 'wasm');
  } finally {
    await server.close();
  }
});

test('of two versions in two tabs the newer one takes over, and the older one is told', async ({ project, startDevnet, open, watched }) => {
  const devnet: DevnetProcess = await startDevnet();
  const home = mkdtempSync(join(tmpdir(), 'petrel-packed-'));
  try {
    const fresh = project(plainApp(devnet));
    cpSync((await pack(home, '--version', '999.0.0')).folder, join(fresh.folder, 'newer'), { recursive: true });
    const page = (entry: string) => readFileSync(join(fresh.folder, 'index.html'), 'utf8').replace('<title>', `<script type="importmap">{ "imports": { "petrel": "${entry}" } }</script>\n<title>`);
    fresh.write('older.html', page('/node_modules/petrel/dist/index.js'));
    fresh.write('newer.html', page('/newer/dist/index.js'));
    const server = await serve({ directory: fresh.folder, headers: {}, onAnswer: watched.onAnswer });
    try {
      const older = await open(`${server.url}older.html`);
      await follow(older, devnet, 'wasm');
      const newer = await open(`${server.url}newer.html`);
      await follow(newer, devnet, 'wasm');
      const build = (await newer.evaluate(() => petrel!.getStatus())).host.build;
      expect(build).toMatch(/^v999\.000\.000-/u);
      await expect.poll(async () => (await older.evaluate(() => petrel!.getStatus())).reason?.code).toBe('newer-build');
    } finally {
      await server.close();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
