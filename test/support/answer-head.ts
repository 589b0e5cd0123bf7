import type { ChainView } from '../../devnet/dev-block.ts';
import { serve } from '../../devnet/serve.ts';
import type { AlbatrossNode } from '../../src/chains/albatross/net/node-types.ts';

/** Lets a node that is no client answer for its head as though it followed the chain: the peers of a devnet drop those who do not. */
export function answerHead(node: AlbatrossNode, chain: ChainView): void {
  node.handle('head', () => Promise.resolve(serve(chain, 'head', {})));
}
