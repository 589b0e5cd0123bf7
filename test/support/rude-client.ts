import type { NetworkParameters } from '../../src/chains/albatross/chain/network.ts';
import type { RequestKind } from '../../src/chains/albatross/wire/requests.ts';
import type { AlbatrossNode } from '../../src/chains/albatross/net/node-types.ts';
import type { HandlerAnswer, RequestHandler } from '../../src/chains/albatross/net/request-server.ts';
import { type NodeClient, startNodeClient } from './node-client.ts';

/** The complete light client, except that it answers every request of one kind with this answer. */
export function startRudeClient<K extends RequestKind>(network: NetworkParameters, rude: K, answer: () => HandlerAnswer<K>): Promise<NodeClient> {
  return startNodeClient({
    network,
    tamper: (node: AlbatrossNode) => {
      const handle = node.handle.bind(node);
      node.handle = (kind, handler, only) => {
        if ((kind as RequestKind) !== rude) handle(kind, handler, only);
      };
      const handler: RequestHandler<K> = () => Promise.resolve(answer());
      handle(rude, handler);
    },
  });
}
