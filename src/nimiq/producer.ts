import { toHex } from '../base/bytes.ts';
import { proposerSlot, validatorAt } from '../chains/albatross/chain/slots.ts';
import { friendlyAddress } from '../chains/albatross/transactions/address-text.ts';
import type { MacroHeader } from '../chains/albatross/wire/types.ts';
import { vrfEntropy } from '../crypto/vrf.ts';
import type { PlainSlot } from './plain-block.ts';

/** What decides who may make a micro block. */
export interface ProducerQuestion {
  /** Of the micro block. */
  readonly height: number;
  /** 96 bytes. */
  readonly parentSeed: Uint8Array;
  /** The last macro block before it. */
  readonly lastMacro: Pick<MacroHeader, 'nextBatchInitialPunishedSet'>;
  /** The last election block before it. */
  readonly election: Pick<MacroHeader, 'validators'>;
}

/**
 * Whose turn a micro block is, by the draw of Albatross block reference, section 4. Of a skip block that is who did not make a block in
 * time. Undefined if the blocks cannot be those that they are said to be.
 */
export function producerOf({ height, parentSeed, lastMacro, election }: ProducerQuestion): PlainSlot | undefined {
  const entropy = vrfEntropy(parentSeed);
  if (!entropy || !election.validators) return undefined;
  const slotNumber = proposerSlot({ entropy, offset: height, disabled: lastMacro.nextBatchInitialPunishedSet });
  const validator = validatorAt(election.validators, slotNumber);
  return validator && { slotNumber, validator: friendlyAddress(validator.address), publicKey: toHex(validator.votingKey) };
}
