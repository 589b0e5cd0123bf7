import type { DevnetProcess } from './devnet.ts';

/** What a local network reports about the blocks that clients requested. */

/** Every block of a devnet so far, by height. */
export const blocksOf = (devnet: DevnetProcess) => new Map(devnet.since(0, 'block').map((block) => [block.height, block.hash]));

/** Hashes of the blocks that were requested since a mark, each one singly or as a target. */
export function askedFor(devnet: DevnetProcess, mark: number): string[] {
  return devnet.since(mark, 'request').flatMap(({ kind, body }) => {
    const { hash, targetHash } = body as { hash?: string; targetHash?: string };
    if (kind === 'block') return [hash ?? ''];
    return kind === 'missing-blocks' ? [targetHash ?? ''] : [];
  });
}

/** The locators of a request; none if there is no request. */
export const locatorsOf = (request: { readonly body: unknown } | undefined) => (request ? (request.body as { locators: string[] }).locators : []);
