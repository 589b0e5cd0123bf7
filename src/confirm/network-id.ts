import { useEffect, useState } from 'react';
import type { Client } from '../client/types.ts';
import { networkIdOf } from '../keys/network-names.ts';

/** The place of the network's id in a block: after the byte that tells macro from micro. */
const OFFSET = 1;

/** The id that transactions of the network have; undefined until it is known. A network with a name of its own says it in its verified blocks. */
export function useNetworkId(client: Client | undefined, network: string, head: string | undefined): number | undefined {
  const known = builtIn(network);
  const [id, setId] = useState<number>();
  useEffect(() => {
    if (known !== undefined || !client || head === undefined) return undefined;
    let ended = false;
    // Without an answer the next head asks again.
    client.getBlock(head).then((block) => !ended && setId((before) => before ?? block?.bytes[OFFSET]), () => undefined);
    return () => {
      ended = true;
    };
  }, [client, head, known]);
  return known ?? id;
}

function builtIn(network: string): number | undefined {
  try {
    return network.startsWith('/') ? undefined : networkIdOf(network.replace('-', ''));
  } catch {
    return undefined;
  }
}
