import { BoundedCache } from '../../../base/bounded-cache.ts';
import type { Gateway } from '../net/gateway.ts';

/** Answers that are remembered: headers of 2 KB each, blocks of up to 2 MB, sortitions of a week. At the bound the one that was not used for longest goes. */
const REMEMBERED = { headers: 256, blocks: 4, sortitions: 1_024 };

/** A gateway whose answers about what does not change are asked for once: a public gateway counts requests, and a proof that it cut short begins anew. */
export function rememberingGateway(gateway: Gateway): Gateway {
  const once = <K, T>(size: number, keyOf: (key: K) => string | undefined, ask: (key: K, options: Parameters<Gateway['info']>[0]) => Promise<T | undefined>) => {
    const known = new BoundedCache<T & {}>(size);
    return async (key: K, options: Parameters<Gateway['info']>[0]): Promise<T | undefined> => {
      const name = keyOf(key);
      const answer = (name === undefined ? undefined : known.get(name)) ?? (await ask(key, options));
      if (answer !== undefined && answer !== null && name !== undefined) known.set(name, answer);
      return answer;
    };
  };
  const byId = (id: string) => id;
  return {
    ...gateway,
    header: once(REMEMBERED.headers, byId, (id, options) => gateway.header(id, options)),
    passedHeader: once(REMEMBERED.headers, byId, (id, options) => gateway.passedHeader(id, options)),
    block: once(REMEMBERED.blocks, byId, (id, options) => gateway.block(id, options)),
    // That at a height may change with a reorganisation of Bitcoin.
    sortition: once(REMEMBERED.sortitions, (which) => (typeof which === 'object' && 'consensusHash' in which ? which.consensusHash : undefined), (which: Parameters<Gateway['sortition']>[0], options) => gateway.sortition(which, options)),
  };
}
