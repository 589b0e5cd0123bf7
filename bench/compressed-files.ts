import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const compress = promisify(brotliCompress);

/**
 * The files of a folder, compressed with brotli, by their URL path. Uses quality 9 of 11: it takes a tenth of the time and adds
 * only some percent.
 */
export async function compressedFiles(directory: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:html|js|css|svg|wasm|webmanifest)$/u.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(file.slice(directory.length).replaceAll('\\', '/'), await compress(await readFile(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
  return files;
}
