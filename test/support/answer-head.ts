import type { ChainView } from '../../devnet/chain.ts';
import { serve } from '../../devnet/serve.ts';
import type { AlbatrossNode } from '../../src/network/albatross/node-types.ts';

/** Lets a node that is no client answer for its head as though it followed the chain: the peers of a devnet drop those who do not. */
export function answerHead(node: AlbatrossNode, chain: ChainView): void {
  node.handle('head', () => Promise.resolve(serve(chain, 'head', {})));
}
