import type { NetworkParameters } from '../../src/albatross/chain/network-parameters.ts';
import type { RequestKind } from '../../src/albatross/wire/requests.ts';
import type { AlbatrossNode } from '../../src/network/albatross/node-types.ts';
import type { HandlerAnswer, RequestHandler } from '../../src/network/albatross/request-server.ts';
import { type NodeClient, startNodeClient } from './node-client.ts';

/** The whole light client, which gives this answer to every request of one kind, whatever the client itself would answer. */
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
