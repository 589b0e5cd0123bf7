/**
 * What blocks do to the state: accounts, calls of the demo contract, and the signer set that the first block of a prepare phase writes.
 * @module
 */
import { firstHeightOf, cycleOf, isPrepare, positionOf, type CycleRules } from '../../src/chains/stacks/chain/cycles.ts';
import { signerSetKey } from '../../src/chains/stacks/proofs/hand-over.ts';
import { serialisedHex, stateKeyText } from '../../src/chains/stacks/proofs/state-key.ts';
import type { ClarityValue } from '../../src/chains/stacks/wire/clarity-value.ts';
import { principal, runDemo, uint, type StateAccess } from './demo-contract.ts';
import type { DevKey } from './dev-key.ts';
import type { DevSigner } from './signer-sets.ts';
import type { DevPayload } from './transactions.ts';

export const BOOT_ADDRESS = 'ST000000000000000000002AMW42H';
const SIGNERS_CONTRACT = `${BOOT_ADDRESS}.signers`;
/** The kind byte of a balance that PoX-4 locked. */
const POX4 = '02';

/** Amounts in microSTX. */
export interface DevBalance {
  readonly unlocked: bigint;
  readonly locked: bigint;
  /** Bitcoin height. */
  readonly unlockHeight: number;
}

/** What a person or a test wants done. Its nonce is known when a block takes it. */
export interface DevAction {
  readonly key: DevKey;
  readonly payload: Extract<DevPayload, { readonly kind: 'transfer' | 'call' }>;
}

/** The text of an account's balance (Stacks reference, 9). */
export function balanceText({ unlocked, locked, unlockHeight }: DevBalance): string {
  const hex = (value: bigint, bytes: number) => value.toString(16).padStart(2 * bytes, '0');
  return `${locked > 0n ? POX4 : ''}${hex(unlocked, 16)}${hex(locked, 16)}${hex(BigInt(unlockHeight), 8)}`;
}

export function balanceOf(state: Pick<StateAccess, 'get'>, account: string): DevBalance {
  const text = state.get(stateKeyText({ kind: 'balance', account })) ?? '';
  const [, unlocked = '', locked = '', height = ''] = /^(?:0[0-3])?([0-9a-f]{32})([0-9a-f]{32})([0-9a-f]{16})$/u.exec(text) ?? [];
  return { unlocked: BigInt(`0x0${unlocked}`), locked: BigInt(`0x0${locked}`), unlockHeight: Number.parseInt(`0${height}`, 16) };
}

export function putBalance(state: StateAccess, account: string, balance: DevBalance): void {
  state.put(stateKeyText({ kind: 'balance', account }), balanceText(balance));
}

/** The nonce that the next transaction of the account has. */
export function nonceOf(state: Pick<StateAccess, 'get'>, account: string): number {
  return Number(state.get(stateKeyText({ kind: 'nonce', account })) ?? 0);
}

/** Counts the nonce up, takes the fee, and carries the payload out. False: the account cannot pay, and nothing was done. */
export function runAction(state: StateAccess, { key, payload }: DevAction, fee: bigint, demo: string): boolean {
  const sender = key.address;
  const { unlocked, ...rest } = balanceOf(state, sender);
  const amount = payload.kind === 'transfer' ? payload.amount : 0n;
  if (unlocked < fee + amount || (payload.kind === 'transfer' && (payload.to === sender || amount === 0n))) return false;
  countNonce(state, sender);
  putBalance(state, sender, { unlocked: unlocked - fee - amount, ...rest });
  if (payload.kind === 'call') {
    if (payload.contract === demo) runDemo(state, demo, sender, payload.name, payload.args);
    return true;
  }
  const receiver = balanceOf(state, payload.to);
  putBalance(state, payload.to, { ...receiver, unlocked: receiver.unlocked + amount });
  return true;
}

export function countNonce(state: StateAccess, account: string): void {
  state.put(stateKeyText({ kind: 'nonce', account }), String(nonceOf(state, account) + 1));
}

/** The cycle whose set a block that is processed at this Bitcoin height writes, if it is not there: the next one's, or at its first height its own. */
export function cycleToWrite(burnHeight: number, rules: CycleRules): number | undefined {
  if (!isPrepare(burnHeight, rules)) return undefined;
  return positionOf(burnHeight, rules) === 0 ? cycleOf(burnHeight, rules) : cycleOf(burnHeight, rules) + 1;
}

export function hasSignerSet(state: Pick<StateAccess, 'get'>, cycle: number): boolean {
  return state.get(signerSetKey(cycle, { mainnet: false })) !== undefined;
}

/** Writes a cycle's set as the contract `.signers` does (Stacks reference, 4). `height`: of the block. */
export function writeSignerSet(state: StateAccess, cycle: number, set: readonly DevSigner[], height: number): void {
  const list = (weightName: string, weightOf: (signer: DevSigner) => number): ClarityValue => ({
    type: 'list',
    items: set.map((signer) => {
      const fields = [{ name: 'signer', value: principal(signer.key.address) }, { name: weightName, value: uint(BigInt(weightOf(signer))) }];
      return { type: 'tuple', fields: fields.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
    }),
  });
  const some = (value: ClarityValue) => serialisedHex({ type: 'some', value });
  const mapKey = (name: string) => stateKeyText({ kind: 'map-entry', contract: SIGNERS_CONTRACT, name, key: serialisedHex(uint(BigInt(cycle))) });
  state.put(mapKey('cycle-set-height'), some(uint(BigInt(height))));
  state.put(mapKey('cycle-signer-set'), some(list('weight', ({ weight }) => weight)));
  state.put(stateKeyText({ kind: 'variable', contract: SIGNERS_CONTRACT, name: 'last-set-cycle' }), serialisedHex(uint(BigInt(cycle))));
  state.put(stateKeyText({ kind: 'variable', contract: SIGNERS_CONTRACT, name: `stackerdb-signer-slots-${cycle % 2}` }), serialisedHex(list('num-slots', () => 1)));
}

/** The first Bitcoin height of a cycle's prepare phase, at which the set of the next cycle can be written. */
export function prepareStart(cycle: number, rules: CycleRules): number {
  return firstHeightOf(cycle + 1, rules) - rules.prepareLength + 1;
}
