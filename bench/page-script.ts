import { readFile } from 'node:fs/promises';

const observe = new URL('./pages/observe.js', import.meta.url);

/** What runs in a page before its own scripts: the bench's eyes, and the contestant's part. `expectedHead` is undefined where nothing is waited for. */
export async function pageScript({ script, expectedHead }: { readonly script: string; readonly expectedHead: string | undefined }): Promise<string> {
  return `${await readFile(observe, 'utf8')}\nbench.expectedHead = ${JSON.stringify(expectedHead ?? '')};\n${script}`;
}
