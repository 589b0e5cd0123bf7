/**
 * Verifies a receipt with nothing but the parameters of its network: no peer, no stored chain. Every step is in the verdict, and the first one that fails ends it.
 * @module
 */
import { checkAttestation } from '../chain/block-rules.ts';
import { checkSameCheckpoint } from '../chain/checkpoint-rules.ts';
import { blockHash, eventId, validatorsHash } from '../chain/hash.ts';
import { createKeyCheck } from '../chain/key-check.ts';
import { genesisOf, type MolochNetwork } from '../chain/network.ts';
import { checkSeal, checkTrustedHeader } from '../chain/trusted-header-rules.ts';
import { verifySignature, type VerifySignature } from '../chain/verify-signature.ts';
import type { Checkpoint } from '../wire/checkpoint.ts';
import { MolochCodecError } from '../wire/codec-error.ts';
import { decodeEvent, type MolochEvent } from '../wire/event.ts';
import { checkChainPart, checkEventPart } from './compact-proof-rules.ts';
import { decodeReceipt, type MolochReceipt } from './receipt-file.ts';

/**
 * - `format`: the bytes are a receipt.
 * - `network`: of this network.
 * - `checkpoint`: it rests on the pinned checkpoint, or on genesis.
 * - `headers`: enough different validators signed each header.
 * - `event`, `attestation`: the event is the proof's, and its signatures are valid.
 * - `block`: the header is that of the event's block, and its seal is valid.
 * - `inclusion`: the event is in that block.
 * - `chain`: the block is final: signed itself, or below a signed one.
 */
export const RECEIPT_STEPS = ['format', 'network', 'checkpoint', 'headers', 'event', 'attestation', 'block', 'inclusion', 'chain'] as const;
export type ReceiptStep = (typeof RECEIPT_STEPS)[number];

export type ReceiptVerdict =
  | {
      readonly valid: true;
      readonly checked: readonly ReceiptStep[];
      readonly event: MolochEvent;
      readonly eventId: string;
      /** Of the event's block. */
      readonly height: number;
      readonly blockHash: string;
      /** Unix milliseconds. */
      readonly blockTime: number;
      /** The place of the event in its block. */
      readonly index: number;
      /** The signed header that it rests on. */
      readonly finalHeight: number;
      /** Validators that signed that header, and all. */
      readonly signers: number;
      readonly validators: number;
      readonly anchor: 'genesis' | 'checkpoint';
    }
  | {
      readonly valid: false;
      /** Steps that held before. */
      readonly checked: readonly ReceiptStep[];
      readonly step: ReceiptStep;
      readonly code: string;
      readonly data: Readonly<Record<string, string | number>>;
    };

interface Refusal {
  readonly code: string;
  readonly data?: Readonly<Record<string, string | number>> | undefined;
}

/** `network`: checked by `checkMolochNetwork`. Never throws. */
export async function verifyMolochReceipt(file: Uint8Array, network: MolochNetwork, verify: VerifySignature = verifySignature): Promise<ReceiptVerdict> {
  const opened = open(file);
  if ('code' in opened) return refused('format', opened);
  const { receipt, event } = opened;
  for (const step of RECEIPT_STEPS.slice(1)) {
    const refusal = await steps[step as Exclude<ReceiptStep, 'format'>]({ receipt, event, network, verify });
    if (refusal) return refused(step, refusal);
  }
  const final = receipt.trusted.at(-1)!;
  return {
    valid: true,
    checked: RECEIPT_STEPS,
    event,
    eventId: eventId(event),
    height: receipt.header.height,
    blockHash: receipt.proof.blockHash,
    blockTime: receipt.header.time,
    index: receipt.proof.index,
    finalHeight: final.header.height,
    signers: final.signatures.length,
    validators: network.validators.length,
    anchor: receipt.checkpoint.height === 0 ? 'genesis' : 'checkpoint',
  };
}

/** Genesis in the form of a checkpoint: what a receipt rests on where none is pinned. */
export function genesisCheckpoint(network: MolochNetwork): Checkpoint {
  const { header } = genesisOf(network);
  return { height: 0, hash: network.genesisHash, mmrRoot: header.mmrRoot, validatorsHash: validatorsHash(network.validators), totalEvents: header.eventsCount };
}

function refused(step: ReceiptStep, { code, data = {} }: Refusal): ReceiptVerdict {
  return { valid: false, checked: RECEIPT_STEPS.slice(0, RECEIPT_STEPS.indexOf(step)), step, code, data };
}

function open(file: Uint8Array): { readonly receipt: MolochReceipt; readonly event: MolochEvent } | Refusal {
  const isKey = createKeyCheck();
  try {
    const receipt = decodeReceipt(file, { isKey });
    return { receipt, event: decodeEvent(receipt.event, { isKey }) };
  } catch (error) {
    if (error instanceof MolochCodecError) return { code: error.code, data: error.data };
    throw error;
  }
}

interface StepInput {
  readonly receipt: MolochReceipt;
  readonly event: MolochEvent;
  readonly network: MolochNetwork;
  readonly verify: VerifySignature;
}

type Check = (input: StepInput) => Refusal | undefined | Promise<Refusal | undefined>;

const steps: Readonly<Record<Exclude<ReceiptStep, 'format'>, Check>> = {
  network({ receipt, network }) {
    if (receipt.chainId !== network.chainId) return { code: 'other-chain-id', data: { chainId: receipt.chainId, expected: network.chainId } };
    if (receipt.genesisHash !== network.genesisHash) return { code: 'other-genesis', data: { hash: receipt.genesisHash, expected: network.genesisHash } };
    return undefined;
  },

  checkpoint({ receipt, network }) {
    const pinned = receipt.checkpoint.height === 0 ? genesisCheckpoint(network) : network.checkpoint;
    return pinned ? checkSameCheckpoint(receipt.checkpoint, pinned) : { code: 'not-pinned', data: { height: receipt.checkpoint.height } };
  },

  async headers({ receipt, network, verify }) {
    if (receipt.trusted.length === 0) return { code: 'no-headers' };
    let before = -1;
    for (const trusted of receipt.trusted) {
      const { height } = trusted.header;
      if (height <= before) return { code: 'not-ascending', data: { height, before } };
      before = height;
      const fault = (await checkTrustedHeader(trusted, network.validators, verify)) ?? checkPinned(receipt.checkpoint, height, blockHash(trusted.header));
      if (fault) return { code: fault.code, data: { ...fault.data, height } };
    }
    return undefined;
  },

  event({ receipt, event }) {
    const id = eventId(event);
    return receipt.proof.eventId === id ? undefined : { code: 'other-event', data: { id: receipt.proof.eventId, expected: id } };
  },

  attestation: ({ event, verify }) => checkAttestation(event, verify),

  async block({ receipt: { header, proof, checkpoint }, verify }) {
    if (proof.height !== header.height) return { code: 'other-height', data: { height: proof.height, expected: header.height } };
    const hash = blockHash(header);
    if (proof.blockHash !== hash) return { code: 'other-block', data: { hash: proof.blockHash, expected: hash } };
    return (await checkSeal(header, verify)) ?? checkPinned(checkpoint, header.height, hash);
  },

  inclusion: ({ receipt: { proof, header }, event }) => checkEventPart(proof, event, header),

  chain({ receipt: { trusted, proof } }) {
    const newest = trusted.at(-1)!.header;
    if (newest.height === proof.height) {
      const hash = blockHash(newest);
      return hash === proof.blockHash ? undefined : { code: 'other-block', data: { hash: proof.blockHash, expected: hash } };
    }
    return checkChainPart(proof, newest);
  },
};

/** A block at the checkpoint's height must be the checkpoint's. */
function checkPinned(checkpoint: Checkpoint, height: number, hash: string): Refusal | undefined {
  return height === checkpoint.height && hash !== checkpoint.hash ? { code: 'other-checkpoint', data: { hash, expected: checkpoint.hash } } : undefined;
}
