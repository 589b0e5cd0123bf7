import type { CallOptions } from '../bridge/calls/call-client.ts';
import type { HotStuff2Validators } from '../chains/hotstuff2/chain/details.ts';
import type { Answer } from '../engine/questions.ts';
import type { Ask } from './ask.ts';

/** What only HotStuff-2 has. On another chain each method rejects with `QuestionError` `unknown-question`. A key is 1 to 65 535 bytes, or their lower-case hex. */
export interface HotStuff2Api {
  /** The value under a key in the state of the newest final block; `value` is undefined if the key is absent. No peer is asked. */
  getValue(key: Uint8Array | string, options?: CallOptions): Promise<Answer<Uint8Array | undefined>>;
  /** The bytes of a proof file about the value under a key, or that there is none. `no-answer`: no certificates of the newest final block are held. */
  proveValue(key: Uint8Array | string, options?: CallOptions): Promise<Uint8Array>;
  /** The validators of the newest final block, and the announced ones. */
  getValidators(options?: CallOptions): Promise<Answer<HotStuff2Validators>>;
}

/** The questions of HotStuff-2, as functions. */
export function hotStuff2Api(ask: Ask): HotStuff2Api {
  const call = <T>(name: keyof HotStuff2Api, args: readonly unknown[], options?: CallOptions) => ask(name, args, options) as Promise<T>;
  return {
    getValue: (key, options) => call('getValue', [key], options),
    proveValue: (key, options) => call('proveValue', [key], options),
    getValidators: (options) => call('getValidators', [], options),
  };
}
