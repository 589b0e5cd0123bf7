import { brotliCompressSync, constants } from 'node:zlib';

/** Bytes after brotli 11. */
export function brotli(code: string | Uint8Array): number {
  return brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}
