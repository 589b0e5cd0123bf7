import type { CallOptions } from '../bridge/calls/call-client.ts';
import type { Answer, QuestionOptions } from '../engine/questions.ts';
import type { Ask } from './ask.ts';

/** Milliseconds: a file waits for the end of the running batch, a minute on the main network, and old blocks are searched at peers. */
const FILE_TIMEOUT = 180_000;

type Options = CallOptions & QuestionOptions;

/**
 * Proofs to take away. Each resolves with the bytes of a proof file (`.petrel`), which `petrel/verify` verifies without a network. It stands on a
 * final block, so for what is new it comes after at most a batch. `level` is what the file is worth to any reader: `claimed` if it begins
 * with an election block that the reader has to trust, because this client does not hold the way from genesis.
 */
export interface ProofsApi {
  /** The account under an address, as of a block near the head. An address under which nothing is stored has balance 0. */
  proveAccount(address: string, options?: Options): Promise<Answer<Uint8Array>>;
  /** The staker with this address, or that there is none. */
  proveStaker(address: string, options?: Options): Promise<Answer<Uint8Array>>;
  /** The validator with this address, or that there is none. */
  proveValidator(address: string, options?: Options): Promise<Answer<Uint8Array>>;
  /** A transaction by its hash (64 hex digits). With its height more peers can prove it. */
  proveTransaction(hash: string, options?: Options & { readonly height?: number | undefined }): Promise<Answer<Uint8Array>>;
  /** That a block, by its hash or height, is on the chain. */
  proveBlock(hashOrHeight: string | number, options?: Options): Promise<Answer<Uint8Array>>;
}

export function proofsApi(ask: Ask): ProofsApi {
  const file = (question: string, args: readonly unknown[], { minLevel, waitForLevel, timeout = FILE_TIMEOUT, signal }: Options = {}) =>
    ask(question, [...args, { minLevel, waitForLevel }], { timeout, signal }) as Promise<Answer<Uint8Array>>;
  return {
    proveAccount: (address, options) => file('proveAccount', [address], options),
    proveStaker: (address, options) => file('proveStaker', [address], options),
    proveValidator: (address, options) => file('proveValidator', [address], options),
    proveTransaction: (hash, options) => file('proveTransaction', [hash, options?.height], options),
    proveBlock: (hashOrHeight, options) => file('proveBlock', [hashOrHeight], options),
  };
}
