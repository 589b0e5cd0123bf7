import type { CodeTexts } from '../../page/texts.ts';

/** By the chain's name in `details.chain`. Those of Albatross are among the common ones. */
const own: Readonly<Record<string, () => Promise<CodeTexts>>> = {
  hotstuff2: async () => (await import('./hotstuff2/hotstuff2-codes.ts')).hotStuff2Codes,
  moloch: async () => (await import('./moloch/moloch-codes.ts')).molochCodes,
};

/** The texts of codes that only this chain has. Never rejects: without its file, codes are shown as they are. */
export async function loadCodeTexts(chain: string): Promise<CodeTexts> {
  return Object.hasOwn(own, chain) ? own[chain]!().catch(() => ({})) : {};
}
