/** Collects the licences of all packages whose code a build contains, in the page and in its workers, in one file beside the page. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const texts = /^(?:licen[cs]e|copying|notice)/iu;

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly author?: string | { readonly name?: string };
  readonly homepage?: string;
}

/** `page` belongs to the page's plugins, `worker` to the plugins of its workers. Workers are bundled first. */
export function thirdPartyLicences(root: string, fileName: string): { readonly page: Plugin; readonly worker: Plugin } {
  const folders = new Set<string>();
  const gather: Plugin['generateBundle'] = (_, bundle) => {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      for (const file of Object.keys(chunk.modules)) {
        const folder = packageOf(file);
        if (folder) folders.add(folder);
      }
    }
  };
  return {
    worker: { name: 'third-party-licences-of-workers', generateBundle: gather },
    page: {
      name: 'third-party-licences',
      generateBundle(options, bundle, isWrite) {
        gather.call(this, options, bundle, isWrite);
        this.emitFile({ type: 'asset', fileName, source: licenceFile(root, folders) });
      },
    },
  };
}

/** The text for a package: the licences of all packages that these modules lie in. @param files full paths. */
export function licencesOfModules(root: string, files: readonly string[]): string {
  return licenceFile(root, new Set(files.flatMap((file) => packageOf(file) ?? [])));
}

/** Our own licence first, because others refer to its text. */
function licenceFile(root: string, folders: ReadonlySet<string>): string {
  const own = ['LICENSE', 'NOTICE'].map((name) => readFileSync(join(root, name), 'utf8'));
  return [...own, ...licencesOf([...folders])].map((text) => `${text.trim()}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}

/** The folder of the package that contains a module; undefined for Petrel's own modules and for those that the bundler made. */
function packageOf(file: string): string | undefined {
  const path = file.replace(/^\0/u, '').replace(/\?.*$/u, '').replaceAll('\\', '/');
  if (!path.includes('/node_modules/') || !existsSync(path)) return undefined;
  for (let folder = dirname(path); folder.includes('/node_modules/'); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    // A folder within a package may have a manifest of its own, without a version; skip it.
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as Manifest).version) return folder;
  }
  return undefined;
}

/** One text per package, in the order of their names. @throws if a licence text is missing. */
function licencesOf(folders: readonly string[]): readonly string[] {
  const entries = folders.map((folder): [string, string] => {
    const { name = folder, version = '', license, author, homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const files = readdirSync(folder).filter((file) => texts.test(file)).toSorted();
    const apache = /\bApache-2\.0\b/u.test(license ?? '');
    if (files.length === 0 && !apache) throw new Error(`${name} ${version} (${license ?? 'no licence'}) is bundled, and its licence's text is not in the package.`);
    const by = typeof author === 'string' ? author : author?.name;
    const head = [`${name} ${version}`, `Licence: ${license ?? 'see below'}`, by && `Author: ${by}`, homepage, files.length === 0 && 'Used under the Apache License, Version 2.0; its text is the first in this file.'].filter(Boolean).join('\n');
    return [`${name} ${version}`, [head, ...files.map((file) => readFileSync(join(folder, file), 'utf8').trim())].join('\n\n')];
  });
  return [...new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))).values()];
}
