import { systemClock } from '../../src/base/system.ts';
import type { ClientEvents } from '../../src/client/types.ts';
import { walletApi } from '../../src/client/wallet-api.ts';
import type { Client as NativeClient } from '../../src/client/types.ts';
import type { NodeClient } from './node-client.ts';

/** A client in Node as a page has it, without page and hub: as far as `petrel/nimiq` uses it. `end` ends its watching. */
export function nativeClientOf({ client }: NodeClient): { readonly native: NativeClient; readonly end: () => void } {
  const ended = new AbortController();
  const host = { kind: 'node', build: 'test', tabs: 1, verifiers: 0, fencing: 1 } as const;
  const on = <K extends keyof ClientEvents>(event: K, listener: (value: ClientEvents[K]) => void): (() => void) => {
    if (event !== 'status' && event !== 'head' && event !== 'peers') throw new Error(`no event ${event}`);
    return client.events.on(event, listener as never);
  };
  const native = {
    getStatus: async () => ({ ...client.getStatus(), host }),
    getHead: async () => client.getHead(),
    getPeers: async () => client.getPeers(),
    getBlock: (hashOrHeight: string | number) => client.getBlock(hashOrHeight),
    on,
    close: async () => {},
    ...walletApi((question, args, options) => client.ask(question, args, options), { clock: systemClock, ended: ended.signal }),
  } as unknown as NativeClient;
  return { native, end: () => ended.abort() };
}
