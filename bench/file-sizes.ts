import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Bytes of a file as it is, by `gzip -9` and by brotli at its strongest (11). The server of the bench sends files as they are. */
export interface FileSize {
  readonly path: string;
  readonly raw: number;
  readonly gzip: number;
  readonly brotli: number;
}

/** A path of the server's that is no file (404) has no bytes. */
export async function fileSize(directory: string, path: string): Promise<FileSize> {
  const bytes = await readFile(join(directory, path.endsWith('/') ? `${path}index.html` : path)).catch(() => undefined);
  if (!bytes) return { path, raw: 0, gzip: 0, brotli: 0 };
  const [zipped, brotli] = await Promise.all([
    promisify(gzip)(bytes, { level: 9 }),
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  ]);
  return { path, raw: bytes.length, gzip: zipped.length, brotli: brotli.length };
}

/** Sizes of all, a path as often as it is named. */
export async function fileSizes(directory: string, paths: readonly string[]): Promise<readonly FileSize[]> {
  const known = new Map<string, FileSize>();
  for (const path of new Set(paths)) known.set(path, await fileSize(directory, path));
  return paths.map((path) => known.get(path)!);
}
