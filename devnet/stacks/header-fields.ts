// Tests: `devnet/stacks/gateway-server.test.ts`.
import { toHex } from '../../src/base/bytes.ts';
import { ByteWriter } from '../../src/chains/stacks/wire/byte-writer.ts';
import { writeBitVector } from '../../src/chains/stacks/wire/bit-vector.ts';
import { MAX_SIGNERS, type NakamotoHeader } from '../../src/chains/stacks/wire/header.ts';
import type { Epoch2Header } from '../../src/chains/stacks/wire/epoch2-header.ts';
import type { DevBlock } from './dev-block.ts';

/** `{"Nakamoto": …}` or `{"Epoch2": …}`, as `/v3/tenures/tip` has it. */
export function tipFields({ header, epoch2 }: DevBlock): object {
  return header ? { Nakamoto: nakamotoFields(header) } : { Epoch2: epoch2Fields(epoch2!) };
}

function nakamotoFields(header: NakamotoHeader): object {
  const treatment = new ByteWriter();
  writeBitVector(treatment, header.poxTreatment, MAX_SIGNERS, 'PoX treatment');
  return {
    version: header.version, chain_length: header.chainLength, burn_spent: header.burnSpent, consensus_hash: header.consensusHash, parent_block_id: header.parentBlockId,
    tx_merkle_root: header.transactionRoot, state_index_root: header.stateRoot, timestamp: header.timestamp, miner_signature: toHex(header.minerSignature),
    signer_signature: header.signerSignatures.map(toHex), pox_treatment: toHex(treatment.done()), problematic_txs: header.problematic,
  };
}

function epoch2Fields(header: Epoch2Header): object {
  return {
    version: header.version, total_work: { burn: header.burn, work: header.work }, proof: toHex(header.vrfProof), parent_block: header.parent, parent_microblock: header.parentMicroblock,
    parent_microblock_sequence: header.parentMicroblockSequence, tx_merkle_root: header.transactionRoot, state_index_root: header.stateRoot, microblock_pubkey_hash: header.microblockKeyHash,
  };
}
