/** Keeps one build folder for each state of the sources. So no state is built twice, and no build changes while a server serves it. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The inputs of a build. */
const sources = ['index.html', 'wallet.html', 'confirm.html', 'embed.html', 'package-lock.json', 'vite.config.ts', 'LICENSE', 'NOTICE', 'public', 'scripts', 'src', 'workers'];

/** A name for the state of the sources below `root` and of the environment variables that change a build. */
export function stateOfSources(root) {
  const hash = createHash('sha256').update(JSON.stringify([process.env.PETREL_NETWORK, process.env.SOURCE_DATE_EPOCH, process.version]));
  for (const file of sources.flatMap((name) => filesIn(join(root, name)))) hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function filesIn(path) {
  if (!statSync(path).isDirectory()) return /\.test\.tsx?$/u.test(path) ? [] : [path];
  return readdirSync(path).toSorted().flatMap((name) => filesIn(join(path, name)));
}

/**
 * Returns the folder of the build `state` below `home` and reserves it while this process lives. If there is none yet, `build`
 * fills a folder. Builds that no living process uses are removed.
 * @param {{ home: string, state: string, build: (folder: string) => unknown, pid?: number, isAlive?: (pid: number) => boolean }} options
 */
export async function keptBuild({ home, state, build, pid = process.pid, isAlive = lives }) {
  mkdirSync(home, { recursive: true });
  // Write this first, so that no other process takes this build for unused.
  writeFileSync(join(home, `${pid}.user`), state);
  const used = new Set();
  for (const name of readdirSync(home).filter((entry) => entry.endsWith('.user'))) {
    if (isAlive(Number.parseInt(name, 10))) used.add(readFileSync(join(home, name), 'utf8'));
    else rmSync(join(home, name), { force: true });
  }
  for (const name of readdirSync(home).filter((entry) => !entry.endsWith('.user'))) {
    const [of, maker] = name.split('.');
    if (maker ? !isAlive(Number(maker)) : !used.has(of)) rmSync(join(home, name), { recursive: true, force: true });
  }
  const folder = join(home, state);
  if (existsSync(folder)) return folder;
  const made = `${folder}.${pid}`;
  await build(made);
  try {
    renameSync(made, folder);
  } catch (error) {
    // Another process may have made the same build first.
    if (!existsSync(folder)) throw error;
    rmSync(made, { recursive: true, force: true });
  }
  return folder;
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
