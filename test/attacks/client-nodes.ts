import type { Libp2pNode, Libp2pNodeOptions } from '../../src/network/libp2p-node.ts';

/** Every libp2p node made in this process, so that an attack can inspect the client's node. */
export const madeNodes: Libp2pNode[] = [];

/** For `vi.mock` of `libp2p-node.ts`: makes the same nodes and records them. */
export async function notingNodes(original: () => Promise<typeof import('../../src/network/libp2p-node.ts')>): Promise<typeof import('../../src/network/libp2p-node.ts')> {
  const actual = await original();
  return {
    ...actual,
    createLibp2pNode: async (options: Libp2pNodeOptions) => {
      const node = await actual.createLibp2pNode(options);
      madeNodes.push(node);
      return node;
    },
  };
}
