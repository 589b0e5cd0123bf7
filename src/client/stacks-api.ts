import type { CallOptions } from '../bridge/calls/call-client.ts';
import type { StacksAccount, StacksCycle, StacksCycleCheck, StacksEpoch2Headers, StacksInventory, StacksStateAnswer, StacksStateKey, StacksStateValue, StacksTransactionAnswer } from '../chains/stacks/chain/details.ts';
import type { Answer, QuestionOptions } from '../engine/questions.ts';
import type { Ask } from './ask.ts';

/** `at`: the block that the answer stands on. Default `final`: the newest one with two later tenures on it. */
export type StacksQuestionOptions = CallOptions & QuestionOptions & { readonly at?: 'final' | 'latest' | undefined };

/**
 * What only Stacks has. On another chain each method rejects with `QuestionError` `unknown-question`. Each answer was proven here against the state root of a
 * signed block. An absent entry cannot be proven on this chain: `no-answer` with `reason` `absence-not-provable`.
 */
export interface StacksApi {
  /** Balance and nonce of a principal: an address, or an address, "." and a contract's name. */
  getAccount(principal: string, options?: StacksQuestionOptions): Promise<StacksStateAnswer<StacksAccount>>;
  /** A data variable of a contract, or with `key` (hex of the serialised Clarity value) an entry of a map. */
  getContractValue(contract: string, name: string, key?: string, options?: StacksQuestionOptions): Promise<StacksStateAnswer<StacksStateValue>>;
  /** Any key of the state. */
  getStateValue(key: StacksStateKey, options?: StacksQuestionOptions): Promise<StacksStateAnswer<StacksStateValue>>;
  /** Whether a transaction (64 hex digits) is in the chain. `block`: the id of the block that holds it, where it is known. */
  getTransaction(id: string, options?: StacksQuestionOptions & { readonly block?: string | undefined }): Promise<Answer<StacksTransactionAnswer>>;
  /** The cycles from the checkpoint on whose signer sets are proven; no gateway is asked. */
  getCycles(options?: CallOptions): Promise<readonly StacksCycle[]>;
  /** Which tenures of a cycle began, derived from a gateway's replies. */
  getInventory(cycle: number, options?: CallOptions): Promise<StacksInventory>;
  /**
   * Fetches the newest complete tenures of a cycle with all their blocks from all gateways, and verifies headers, signatures and transactions. `tenures`: at most so many,
   * default 32. Of a cycle before Nakamoto, or that spans the transition, also as many of the newest blocks of epoch 2.x: hashes lead to them from the `genesisHash` of the network file.
   */
  verifyCycle(cycle: number, options?: CallOptions & { readonly tenures?: number | undefined }): Promise<StacksCycleCheck>;
  /**
   * The newest headers from before Nakamoto, newest first; `count`: 1 to 2100. Hashes lead to them from the `genesisHash` of the network file, so that the level is `pinned`;
   * consensus hashes and ids below the first are a gateway's word. `no-answer` with `reason` `not-epoch2`: no gateway has a block of epoch 2.x with that id.
   */
  getEpoch2Headers(count: number, options?: CallOptions & QuestionOptions): Promise<StacksEpoch2Headers>;
  /** The bytes of a proof file about a key of the state, which `petrel/verify-chains` and `petrel verify` verify without a network. */
  proveStateValue(key: StacksStateKey, options?: StacksQuestionOptions): Promise<Answer<Uint8Array>>;
}

/** The questions of Stacks, as functions. */
export function stacksApi(ask: Ask): StacksApi {
  const call = <T>(name: string, args: readonly unknown[], { minLevel, waitForLevel, at, ...options }: StacksQuestionOptions = {}) => ask(name, [...args, { minLevel, waitForLevel, at }], options) as Promise<T>;
  return {
    getAccount: (principal, options) => call('getAccount', [principal], options),
    getContractValue: (contract, name, key, options) => call('getContractValue', [contract, name, key], options),
    getStateValue: (key, options) => call('getStateValue', [key], options),
    getTransaction: (id, { block, ...options } = {}) => call('getTransaction', [id, block], options),
    getCycles: (options) => ask('getCycles', [], options) as Promise<readonly StacksCycle[]>,
    getInventory: (cycle, options) => ask('getInventory', [cycle], options) as Promise<StacksInventory>,
    verifyCycle: (cycle, { tenures, ...options } = {}) => ask('verifyCycle', [cycle, tenures], options) as Promise<StacksCycleCheck>,
    getEpoch2Headers: (count, options) => call('getEpoch2Headers', [count], options),
    proveStateValue: (key, options) => call('proveStateValue', [key], options),
  };
}
