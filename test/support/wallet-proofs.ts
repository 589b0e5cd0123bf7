import { readFileSync } from 'node:fs';
import { fromHex } from '../../src/base/bytes.ts';
import { decode } from '../../src/base/postcard/codec.ts';
import { requestMessage } from '../../src/chains/albatross/wire/exchange.ts';
import { proofRequests } from '../../src/chains/albatross/wire/proof-requests.ts';

interface Exchange {
  readonly request: string;
  readonly response?: string;
  readonly accepted: unknown;
}

interface WalletProofs {
  readonly trie: Readonly<Record<string, unknown>> & { readonly stateRoot: string; readonly entries: readonly { readonly key: string; readonly value: string }[] };
  readonly history: Readonly<Record<'transactions' | 'byHash', Required<Exchange>>> & { readonly reward: { readonly hash: string; readonly accepted: { readonly recipient: string; readonly value: number; readonly blockHeight: number; readonly timestamp: number } }; readonly oldEpoch: { readonly election: number; readonly request: { readonly request: string; readonly response: string } } };
}

/** What the official client accepted, as in `test/vectors/wallet/proofs.json` (provenance: `test/vectors/README.md`). */
export function walletProofs(): WalletProofs {
  return JSON.parse(readFileSync(new URL('../vectors/wallet/proofs.json', import.meta.url), 'utf8')) as WalletProofs;
}

export interface WalletTrie {
  readonly stateRoot: string;
  /** The whole trie: keys as nibbles, values as hex. */
  readonly entries: readonly (readonly [key: string, value: string])[];
  /** Proofs of several values, with what the client made of them. */
  readonly exchanges: readonly { readonly name: string; readonly keys: readonly string[]; readonly response: string; readonly accepted: unknown }[];
}

/** The trie of those proofs. */
export function walletTrie(): WalletTrie {
  const { stateRoot, entries, ...parts } = walletProofs().trie;
  const exchanges = (['several', 'validators', 'stakers'] as const).map((name) => {
    const { request, response = '', accepted } = parts[name] as Exchange;
    return { name, keys: decode(requestMessage(proofRequests['2.x']['trie-proof']), fromHex(request)).keys, response, accepted };
  });
  return { stateRoot, entries: entries.map(({ key, value }) => [key, value]), exchanges };
}
