import { readFile } from 'node:fs/promises';

const observe = new URL('./pages/observe.js', import.meta.url);

/**
 * The script that runs in a page before the page's own scripts: the bench's observer and the client's part. `expectedHead` is
 * undefined where there is no client to wait for.
 */
export async function pageScript({ script, expectedHead }: { readonly script: string; readonly expectedHead: string | undefined }): Promise<string> {
  return `${await readFile(observe, 'utf8')}\nbench.expectedHead = ${JSON.stringify(expectedHead ?? '')};\n${script}`;
}
