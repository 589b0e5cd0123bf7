import { ALTERNATES } from './alternates.ts';
import { DevnetError } from './devnet-error.ts';
import { BLOCK_FAULTS } from './faults.ts';
import { PEER_FAULTS } from './peer-faults.ts';
import type { FaultRequest, Replacement } from './peer-view.ts';
import type { DevPeer } from './peer.ts';

/** All fault names, each with its description. */
export const FAULTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(BLOCK_FAULTS).map(([name, { says }]) => [name, says])),
  ...Object.fromEntries(Object.entries(PEER_FAULTS).map(([name, { says }]) => [name, says])),
  ...ALTERNATES,
  freeze: 'forgets every block after the height given (default: the head) and follows no longer',
};

/**
 * Gives the peer the fault, whether of a block or of behaviour; `none` removes all faults. Returns the blocks that were replaced at
 * once. Throws `DevnetError`.
 */
export function armFault(peer: DevPeer, request: FaultRequest): readonly Replacement[] {
  const { fault, height } = request;
  if (fault === 'none') peer.clearFaults();
  else if (fault === 'freeze') peer.view.freeze(height ?? peer.view.head.height);
  else if (PEER_FAULTS[fault]) peer.addFault(fault, request.height);
  else if (BLOCK_FAULTS[fault]) return peer.view.arm(request);
  else if (ALTERNATES[fault] !== undefined) {
    try {
      return peer.view.useAlternate(fault);
    } catch (error) {
      throw new DevnetError('impossible', (error as Error).message);
    }
  } else throw new DevnetError('unknown-fault', `no fault '${fault}'; {"do":"faults"} lists them`);
  return [];
}
