import type { CodeTexts } from '../../page/code-texts.ts';

/** By the chain's name in `details.chain`. Those of Albatross are among the common ones. */
const own: Readonly<Record<string, () => Promise<CodeTexts>>> = {
  albatross: async () => ({}),
  hotstuff2: async () => (await import('./hotstuff2/hotstuff2-codes.ts')).hotStuff2Codes,
  moloch: async () => (await import('./moloch/moloch-codes.ts')).molochCodes,
  stacks: async () => (await import('./stacks/stacks-codes.ts')).stacksCodes,
};

/** The texts of codes that pages of this chain only have to tell. Never rejects: without its file, codes are shown as they are. */
export async function loadCodeTexts(chain: string): Promise<CodeTexts> {
  const load = Object.hasOwn(own, chain) ? own[chain]! : async () => (await import('./followed-codes.ts')).followedCodes;
  return load().catch(() => ({}));
}
