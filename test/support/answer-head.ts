import type { ChainView } from '../../devnet/dev-block.ts';
import { serve } from '../../devnet/serve.ts';
import type { AlbatrossNode } from '../../src/chains/albatross/net/node-types.ts';

/** Makes a node that is not a client answer head requests as if it followed the chain. The peers of a devnet drop clients that do not. */
export function answerHead(node: AlbatrossNode, chain: ChainView): void {
  node.handle('head', () => Promise.resolve(serve(chain, 'head', {})));
}
