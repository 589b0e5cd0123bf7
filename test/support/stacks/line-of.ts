import type { PeerHandlers } from '../../../src/engine/follow/followed-chain.ts';
import type { Fault } from '../../../src/engine/sync/sync-chain.ts';
import { GatewayPeer, type GatewayLine } from '../../../src/chains/stacks/client/gateway-peer.ts';
import { ProofTurns } from '../../../src/chains/stacks/client/proof-turns.ts';
import type { Gateway } from '../../../src/chains/stacks/net/gateway.ts';
import { walkBack } from '../../../src/chains/stacks/net/walk-back.ts';
import { itemOfHeader, type StacksBlock, type StacksItem } from '../../../src/chains/stacks/chain/stacks-block.ts';
import type { StacksNet } from '../../../devnet/stacks/stacks-net.ts';
import type { chainOf } from './stacks-world.ts';

/** A gateway as a peer without HTTP and polls, and what it told. */
export function peerOf(net: StacksNet, { chain, options, clock }: ReturnType<typeof chainOf>, gateway: Gateway) {
  const announced: StacksItem[] = [];
  const faults: Fault[] = [];
  const stopped: Error[] = [];
  const miners = new Map<string, string | undefined>();
  const burnHeightOf: GatewayLine['burnHeightOf'] = async (consensusHash, ask) => {
    const sortition = await gateway.sortition({ consensusHash }, ask);
    miners.set(consensusHash, sortition?.minerKeyHash);
    return sortition?.burnHeight;
  };
  const line: GatewayLine = {
    gateway: gateway as GatewayLine['gateway'], id: gateway.url, address: gateway.url, transport: 'http', latency: 1, received: 0, burnHeightOf, minerOf: (consensusHash) => miners.get(consensusHash),
    get tip() {
      const { tip } = net.viewOf(0);
      return { tipHeight: tip.height, tipBlockId: tip.id } as GatewayLine['tip'];
    },
    claims: { height: 1, earliest: 0, snapshot: undefined },
    close: () => undefined,
    async getBlocks(from, count, ask) {
      const { value, size } = await walkBack(gateway, from, count, net.viewOf(0).tip.height, ask);
      return { value: await Promise.all(value.map(async (header) => itemOfHeader(header, await burnHeightOf(header.consensusHash, ask)))), size };
    },
  };
  const handlers: Pick<PeerHandlers<StacksBlock, never>, 'announced' | 'claims' | 'fault'> = {
    announced: (it) => it.kind === 'block' && announced.push(it.item),
    claims: () => undefined,
    fault: (fault) => faults.push(fault),
  };
  const ending = new AbortController();
  const peer = new GatewayPeer({ ...options, chain, line, turns: new ProofTurns(clock), handlers, signal: ending.signal, onStopped: (error) => stopped.push(error) });
  return { peer, announced, faults, stopped, ending };
}
