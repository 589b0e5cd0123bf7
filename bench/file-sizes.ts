import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/**
 * Bytes of a file uncompressed, with `gzip -9`, and with brotli at its highest quality (11). The bench's server sends files
 * uncompressed.
 */
export interface FileSize {
  readonly path: string;
  readonly raw: number;
  readonly gzip: number;
  readonly brotli: number;
}

/** A server path that is no file (404) counts as zero bytes. */
export async function fileSize(directory: string, path: string): Promise<FileSize> {
  const bytes = await readFile(join(directory, path.endsWith('/') ? `${path}index.html` : path)).catch(() => undefined);
  if (!bytes) return { path, raw: 0, gzip: 0, brotli: 0 };
  const [zipped, brotli] = await Promise.all([
    promisify(gzip)(bytes, { level: 9 }),
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  ]);
  return { path, raw: bytes.length, gzip: zipped.length, brotli: brotli.length };
}

/** Sizes of all paths. A path that occurs several times is listed as often. */
export async function fileSizes(directory: string, paths: readonly string[]): Promise<readonly FileSize[]> {
  const known = new Map<string, FileSize>();
  for (const path of new Set(paths)) known.set(path, await fileSize(directory, path));
  return paths.map((path) => known.get(path)!);
}
