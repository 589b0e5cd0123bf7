/**
 * What a client must know before it can ask peers: Bitcoin's height and hashes, and the consensus hashes that name the cycles. A gateway tells it; none of it is verified.
 * Tests: `devnet/stacks/inventory/inventory-command.test.ts`.
 * @module
 */
import { CodedError } from '../../../src/base/coded-error.ts';
import type { BurnView, PeerNetwork } from '../../../src/chains/stacks/net/own-frame.ts';
import { askedHeightOf, cycleOf, type CycleRules } from '../../../src/chains/stacks/chain/cycles.ts';

/** Bitcoin blocks between a height and the stable one (Stacks reference, 6). */
const CONFIRMATIONS = 7;
const ANSWER_TIME = 10_000;
/** Bytes of an answer; both kinds have some hundreds. */
const MAX_ANSWER = 65_536;

/** `unreachable`: no answer. `bad-answer`: another one than a gateway gives. `other-network`: of another network. */
export class GatewayError extends CodedError<'unreachable' | 'bad-answer' | 'other-network'> {
  override readonly name = 'GatewayError';
}

export interface GatewayView {
  readonly network: PeerNetwork;
  readonly burnView: BurnView;
  /** Of the newest sortition. */
  readonly consensusHash: string;
  /** The node's own peer key, as it says; undefined if it does not. */
  readonly nodeKey: string | undefined;
  readonly askedHash: (cycle: number) => string | undefined;
}

/** Asks for what the cycles from `firstCycle` to `lastCycle` need, or to the newest. Rejects with `GatewayError`. */
export async function askGateway(url: string, networkId: number, rules: CycleRules, firstCycle: number, lastCycle?: number): Promise<GatewayView> {
  const info = await get(url, '/v2/info');
  if (info['network_id'] !== networkId) throw new GatewayError('other-network', `${url} serves network ${String(info['network_id'])}`);
  const burnHeight = heightOf(info, 'burn_block_height', url);
  const [tip, stable] = [await sortitionAt(url, burnHeight), await sortitionAt(url, burnHeight - CONFIRMATIONS)];
  const hashes = new Map<number, string>();
  const last = Math.min(cycleOf(burnHeight - 1, rules), lastCycle ?? Infinity);
  for (let cycle = firstCycle; cycle <= last; cycle += 1) hashes.set(cycle, (await sortitionAt(url, askedHeightOf(cycle, rules))).consensusHash);
  const key = info['node_public_key'];
  return {
    network: { networkId, peerVersion: heightOf(info, 'peer_version', url), confirmations: CONFIRMATIONS },
    burnView: { burnHeight, burnHash: tip.burnHash, stableHeight: burnHeight - CONFIRMATIONS, stableHash: stable.burnHash },
    consensusHash: tip.consensusHash,
    nodeKey: typeof key === 'string' ? key : undefined,
    askedHash: (cycle) => hashes.get(cycle),
  };
}

async function sortitionAt(url: string, height: number): Promise<{ readonly burnHash: string; readonly consensusHash: string }> {
  const path = `/v3/sortitions/burn_height/${height}`;
  const answer = await get(url, path);
  const entry = (Array.isArray(answer) ? answer[0] : answer) as Readonly<Record<string, unknown>> | undefined;
  const hex = (field: string, digits: number): string => {
    const [, value] = new RegExp(`^0x([0-9a-f]{${digits}})$`, 'u').exec(String(entry?.[field])) ?? [];
    if (value === undefined) throw new GatewayError('bad-answer', `${url}${path}: no ${field}`);
    return value;
  };
  return { burnHash: hex('burn_block_hash', 64), consensusHash: hex('consensus_hash', 40) };
}

function heightOf(info: Readonly<Record<string, unknown>>, field: string, url: string): number {
  const value = info[field];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new GatewayError('bad-answer', `${url}/v2/info: no ${field}`);
  return value;
}

async function get(url: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(ANSWER_TIME) });
    text = response.ok ? await response.text() : '';
    if (!response.ok) throw new GatewayError('bad-answer', `${url}${path}: ${response.status}`);
  } catch (error) {
    throw error instanceof GatewayError ? error : new GatewayError('unreachable', `${url}${path}: ${(error as Error).message}`);
  }
  try {
    const value: unknown = JSON.parse(text.slice(0, MAX_ANSWER));
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Told below.
  }
  throw new GatewayError('bad-answer', `${url}${path}: no JSON`);
}
