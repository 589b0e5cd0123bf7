import type { Client } from '../client/types.ts';

/** Our client, as far as this room uses it. What may be missing is `unsupported` then. */
export interface NativeClient extends Client {
  /** This tab needs no network until `resume`. */
  pause?(): Promise<void>;
  resume?(): Promise<void>;
}
