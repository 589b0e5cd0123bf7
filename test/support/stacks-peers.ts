import { ScriptedPeer, type ScriptedPeerOptions } from '../../devnet/stacks/scripted-peer.ts';
import { openPeerConnection, type PeerConnection, type PeerConnectionOptions, type RequestOptions } from '../../src/chains/stacks/net/peer-connection.ts';
import { recoverableSigner } from '../../src/crypto/secp256k1-sign.ts';
import { SettlingClock } from './settling-clock.ts';
import { burnViewOf, recordedPeerNetwork, servedChainOf } from './stacks-served-chain.ts';
import { chainA } from './stacks-vectors.ts';
import { streamPair } from './stream-pair.ts';
import { verifyHere } from './verify-here.ts';

export const clientSigner = recoverableSigner(new Uint8Array(32).fill(7));
/** The hash to ask a node of chain A with for a cycle. */
export const askedHashA = (cycle: number): string => chainA.sortitions[cycle * 10 + 1]!.consensus_hash;

/** A peer that serves chain A, with a key of its own. */
export function peerOf(options: Partial<ScriptedPeerOptions> = {}, key = 1): ScriptedPeer {
  return new ScriptedPeer({ chain: servedChainOf(chainA), network: recordedPeerNetwork, signer: recoverableSigner(new Uint8Array(32).fill(key)), ...options });
}

/** The options of a client that is connected to a peer in memory. `piece`: bytes that come at a time. */
export function connectionOptions(peer: Pick<ScriptedPeer, 'serve'>, options: Partial<PeerConnectionOptions> & { readonly piece?: number } = {}): PeerConnectionOptions {
  const { piece, ...given } = options;
  const [near, far] = streamPair(piece);
  peer.serve(far);
  return {
    stream: near, clock: new SettlingClock(), verify: verifyHere, signer: clientSigner, network: recordedPeerNetwork, burnView: () => burnViewOf(chainA),
    burnHashAt: (height) => chainA.sortitions[height]?.burn_hash, firstSequence: 2, ...given,
  };
}

export function connectTo(peer: Pick<ScriptedPeer, 'serve'>, options: Parameters<typeof connectionOptions>[1] = {}, request: RequestOptions = {}): Promise<PeerConnection> {
  return openPeerConnection(connectionOptions(peer, options), request);
}
