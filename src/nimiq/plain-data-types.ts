/**
 * The official client's names of the parts of plain transactions.
 * @module
 */
import type { PlainTransactionProof, PlainTransactionRecipientData } from '../keys/plain-transaction.ts';

type DataOf<Kind extends PlainTransactionRecipientData['type']> = Omit<Extract<PlainTransactionRecipientData, { type: Kind }>, 'type'>;
type ProofOf<Kind extends PlainTransactionProof['type']> = Omit<Extract<PlainTransactionProof, { type: Kind }>, 'type'>;

export type PlainRawData = DataOf<'raw'>;
export type PlainValidatorData = DataOf<'deactivate-validator' | 'reactivate-validator'>;
export type PlainCreateStakerData = DataOf<'create-staker'>;
export type PlainAddStakeData = DataOf<'add-stake'>;
export type PlainUpdateStakerData = DataOf<'update-staker'>;
export type PlainSetActiveStakeData = DataOf<'set-active-stake'>;
export type PlainRetireStakeData = DataOf<'retire-stake'>;
export type PlainSignalDataUpdateMode = DataOf<'set-signal-data'>['mode'];
export type PlainRawProof = ProofOf<'raw'>;
export type PlainStandardProof = ProofOf<'standard'>;
export type PlainHtlcRegularTransferProof = ProofOf<'regular-transfer'>;
export type PlainHtlcEarlyResolveProof = ProofOf<'early-resolve'>;
export type PlainHtlcTimeoutResolveProof = ProofOf<'timeout-resolve'>;
