import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DevnetProcess } from '../devnet.ts';

const root = resolve(import.meta.dirname, '../../..');

/** The blocks of code in a page of documentation, by their language and in their order. */
export function codeOf(path: string, language: string): readonly string[] {
  return [...readFileSync(resolve(root, path), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gmu)].filter(([, name]) => name === language).map(([, , code = '']) => code);
}

/** The examples join the main network; here the local one. @throws where there is nothing to replace. */
export function onLocalNetwork(code: string, { seeds }: Pick<DevnetProcess, 'seeds'>): string {
  const text = "network: 'main-albatross'";
  if (!code.includes(text)) throw new Error(`There is no ${text} in the code.`);
  // A chain that goes on only by command stands still for long, and is not stale for that.
  return code.replaceAll(text, `network: 'unit-albatross', seeds: ${JSON.stringify(seeds.split(','))}, settings: { staleBlocks: '100000' }`);
}
