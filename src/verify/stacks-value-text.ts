import type { StateKey } from '../chains/stacks/proofs/state-key.ts';
import type { StateValue } from '../chains/stacks/proofs/state-value.ts';
import { decodeClarity } from '../chains/stacks/wire/clarity-decode.ts';
import { clarityText } from '../chains/stacks/wire/clarity-text.ts';
import { fromHex } from '../base/bytes.ts';

const MICRO = 1_000_000n;

/** Exact, with six decimals. */
const stx = (amount: bigint) => `${amount / MICRO}.${String(amount % MICRO).padStart(6, '0')} STX`;

/** The literal of a serialised value, as a key of a map or the name of an asset has it. */
const literal = (hex: string) => clarityText(decodeClarity(fromHex(hex)));

/** What a key of the state is, in words. The key was read by `parseStateKey`, so that its parts are values. */
export function stateKeyWords(key: StateKey): string {
  switch (key.kind) {
    case 'balance':
      return `the balance of ${key.account}`;
    case 'nonce':
      return `the nonce of ${key.account}`;
    case 'contract':
      return `the contract ${key.contract}`;
    case 'variable':
      return `the variable ${key.name} of ${key.contract}`;
    case 'map-entry':
      return `the entry ${literal(key.key)} of the map ${key.name} of ${key.contract}`;
    case 'token-balance':
      return `the balance of ${key.owner} in the token ${key.name} of ${key.contract}`;
    case 'token-supply':
      return `the supply of the token ${key.name} of ${key.contract}`;
    case 'asset-owner':
      return `the owner of the asset ${literal(key.asset)} of ${key.name} in ${key.contract}`;
  }
}

/** What the state has under a key, as a line. A value of the language is written as the language writes it. */
export function stateValueText(value: StateValue): string {
  switch (value.kind) {
    case 'balance': {
      const { record } = value;
      if (record.kind === 'unlocked') return stx(record.unlocked);
      return `${stx(record.unlocked)}, and ${stx(record.locked)} locked until Bitcoin height ${record.unlockHeight} as stored (PoX-${record.pox}); a later epoch may have released it`;
    }
    case 'nonce':
      return String(value.nonce);
    case 'contract':
      return `published in block ${value.height}; its source has the hash ${value.codeHash}`;
    case 'variable':
      return clarityText(value.value);
    case 'map-entry':
      return value.value === undefined ? 'none: the entry was deleted' : clarityText(value.value);
    case 'token-balance':
    case 'token-supply':
      return String(value.amount);
    case 'asset-owner':
      return value.owner ?? 'nobody: the asset was burnt';
  }
}
