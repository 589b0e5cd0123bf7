// Tests: `devnet/stacks/gateway-server.test.ts`.
/**
 * Answers about the state, with proofs (Stacks reference, 8 and 9).
 * @module
 */
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { CodedError } from '../../src/base/coded-error.ts';
import { stateKeyText } from '../../src/chains/stacks/proofs/state-key.ts';
import { encodeMarfProof, type MarfEntry } from '../../src/chains/stacks/wire/marf-proof.ts';
import { json, plain, type GatewayAnswer } from './answer.ts';
import type { ChainView } from './chain-view.ts';
import type { DevBlock } from './dev-block.ts';
import { balanceOf } from './dev-state.ts';
import { proveKey, provePath } from './prove-key.ts';

export interface StateAnswers {
  readonly view: ChainView;
  /** The bytes of a proof as they are sent; undefined: without it. */
  readonly sentProof: (proof: Uint8Array) => Uint8Array | undefined;
  /** The text of a value as it is sent. */
  readonly sentValue: (text: string) => string;
}

/** `/v2/clarity/marf/{path}?proof=&tip=`. */
export function answerState({ view, sentProof, sentValue }: StateAnswers, path: string, query: URLSearchParams): GatewayAnswer {
  const tip = tipOf(view, query);
  if (!tip) return plain(404, 'No such tip');
  if (!/^[0-9a-f]{64}$/u.test(path)) return plain(400, 'Invalid path');
  const found = provePath(tip.state, fromHex(path));
  if (!found) return plain(404, 'Data not found');
  return json({ data: `0x${sentValue(found.value)}`, ...(query.get('proof') === '0' ? {} : { proof: proofText(found.proof, sentProof) }) });
}

/** `/v2/accounts/{principal}?proof=&tip=`: balance and lock are computed for the Bitcoin height of the tip. */
export function answerAccount({ view, sentProof, sentValue }: StateAnswers, account: string, query: URLSearchParams): GatewayAnswer {
  const tip = tipOf(view, query);
  if (!tip) return plain(404, 'No such tip');
  let keys: readonly [string, string];
  try {
    keys = [stateKeyText({ kind: 'balance', account }), stateKeyText({ kind: 'nonce', account })];
  } catch (error) {
    if (error instanceof CodedError) return plain(400, 'Invalid principal');
    throw error;
  }
  const get = (key: string) => view.chain.valueAt(tip, key);
  const record = balanceOf({ get }, account);
  const { burnHeight } = tip.burnView;
  // Epoch 4.0 released what PoX-4 had locked, though the record stays.
  const isLocked = record.locked > 0n && burnHeight < Math.min(record.unlockHeight, view.chain.options.epoch4 ?? Infinity);
  const amount = (value: bigint) => `0x${sentValue(value.toString(16).padStart(32, '0'))}`;
  const proofs = query.get('proof') === '0' ? [] : keys.map((key) => proveKey(tip.state, key)).map((found) => (found ? proofText(found.proof, sentProof) : ''));
  return json({
    balance: amount(isLocked ? record.unlocked : record.unlocked + record.locked), locked: `0x${(isLocked ? record.locked : 0n).toString(16).padStart(32, '0')}`, unlock_height: isLocked ? record.unlockHeight : 0, nonce: Number(get(keys[1]) ?? 0),
    ...(proofs.length === 0 ? {} : { balance_proof: proofs[0], nonce_proof: proofs[1] }),
  });
}

/** In hex; empty: without it. */
function proofText(proof: readonly MarfEntry[], sentProof: StateAnswers['sentProof']): string {
  const bytes = sentProof(encodeMarfProof(proof));
  return bytes ? `0x${toHex(bytes)}` : '';
}

function tipOf(view: ChainView, query: URLSearchParams): DevBlock | undefined {
  const tip = query.get('tip');
  return tip === null ? view.tip : view.block(tip);
}
