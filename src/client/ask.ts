import type { CallOptions } from '../bridge/calls/call-client.ts';

/** Asks the hub a question of the chain by its name. Rejects with the error of the hub. */
export type Ask = (question: string, args: readonly unknown[], options?: CallOptions) => Promise<unknown>;
