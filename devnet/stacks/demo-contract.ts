// Tests: `devnet/stacks/dev-state.test.ts`.
/**
 * The contract of the local network: what its functions do to the state. The chain runs no Clarity, so that these are written here; the state has the
 * entries that the contract of this source would write.
 * @module
 */
import { toHex } from '../../src/base/bytes.ts';
import { serialisedHex, stateKeyText } from '../../src/chains/stacks/proofs/state-key.ts';
import type { ClarityValue } from '../../src/chains/stacks/wire/clarity-value.ts';
import { parsePrincipal, principalText } from '../../src/chains/stacks/wire/principal.ts';
import { sha512_256 } from '../../src/crypto/sha512-256.ts';

export const DEMO_NAME = 'demo';

export const DEMO_SOURCE = `(define-data-var counter uint u0)
(define-data-var greeting (string-utf8 64) u"hello")
(define-map notes { id: uint } { by: principal, text: (string-ascii 64) })
(define-fungible-token gold)
(define-non-fungible-token badge uint)
(define-public (set-counter (n uint)) (ok (var-set counter n)))
(define-public (set-greeting (text (string-utf8 64))) (ok (var-set greeting text)))
(define-public (set-note (id uint) (text (string-ascii 64))) (ok (map-set notes { id: id } { by: tx-sender, text: text })))
(define-public (delete-note (id uint)) (ok (map-delete notes { id: id })))
(define-public (mint-gold (amount uint) (to principal)) (ft-mint? gold amount to))
(define-public (mint-badge (id uint) (to principal)) (nft-mint? badge id to))
`;

/** Reads and writes texts of values by the texts of their keys. */
export interface StateAccess {
  get(key: string): string | undefined;
  put(key: string, text: string): unknown;
}

export const uint = (value: bigint): ClarityValue => ({ type: 'uint', value });
export const principal = (text: string): ClarityValue => ({ type: 'principal', principal: parsePrincipal(text) });
const some = (value: ClarityValue): string => serialisedHex({ type: 'some', value });
const NONE = serialisedHex({ type: 'none' });

/** What the publication of the contract writes. `height`: of the block that has it. */
export function deployDemo(state: StateAccess, contract: string, height: number): void {
  state.put(stateKeyText({ kind: 'contract', contract }), `${toHex(sha512_256(new TextEncoder().encode(DEMO_SOURCE)))}${height.toString(16).padStart(8, '0')}`);
  state.put(stateKeyText({ kind: 'variable', contract, name: 'counter' }), serialisedHex(uint(0n)));
  state.put(stateKeyText({ kind: 'variable', contract, name: 'greeting' }), serialisedHex({ type: 'utf8', text: 'hello' }));
  state.put(stateKeyText({ kind: 'token-supply', contract, name: 'gold' }), '0');
}

/** Key of a note. */
export function noteKey(contract: string, id: bigint): string {
  return stateKeyText({ kind: 'map-entry', contract, name: 'notes', key: serialisedHex({ type: 'tuple', fields: [{ name: 'id', value: uint(id) }] }) });
}

/** Whether the call did what it should; false: it failed, and changed nothing. */
export function runDemo(state: StateAccess, contract: string, sender: string, name: string, args: readonly ClarityValue[]): boolean {
  const [first, second] = args;
  if (name === 'set-counter' && first?.type === 'uint') {
    state.put(stateKeyText({ kind: 'variable', contract, name: 'counter' }), serialisedHex(first));
    return true;
  }
  if (name === 'set-greeting' && first?.type === 'utf8') {
    state.put(stateKeyText({ kind: 'variable', contract, name: 'greeting' }), serialisedHex(first));
    return true;
  }
  if (name === 'set-note' && first?.type === 'uint' && second?.type === 'ascii') {
    const fields = [{ name: 'by', value: principal(sender) }, { name: 'text', value: second }];
    state.put(noteKey(contract, first.value), some({ type: 'tuple', fields }));
    return true;
  }
  if (name === 'delete-note' && first?.type === 'uint') {
    const key = noteKey(contract, first.value);
    if (state.get(key) !== undefined) state.put(key, NONE);
    return true;
  }
  if (name === 'mint-gold' && first?.type === 'uint' && second?.type === 'principal') return mintGold(state, contract, first.value, second);
  return name === 'mint-badge' && first?.type === 'uint' && second?.type === 'principal' && mintBadge(state, contract, first, second);
}

function mintGold(state: StateAccess, contract: string, amount: bigint, to: ClarityValue & { readonly type: 'principal' }): boolean {
  if (amount === 0n) return false;
  const owner = ownerText(to);
  for (const key of [stateKeyText({ kind: 'token-balance', contract, name: 'gold', owner }), stateKeyText({ kind: 'token-supply', contract, name: 'gold' })]) {
    state.put(key, String(BigInt(state.get(key) ?? '0') + amount));
  }
  return true;
}

function mintBadge(state: StateAccess, contract: string, id: ClarityValue, to: ClarityValue): boolean {
  const key = stateKeyText({ kind: 'asset-owner', contract, name: 'badge', asset: serialisedHex(id) });
  if (state.get(key) !== undefined) return false;
  state.put(key, some(to));
  return true;
}

function ownerText({ principal: of }: ClarityValue & { readonly type: 'principal' }): string {
  return principalText(of);
}
