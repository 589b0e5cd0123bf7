import type { CodeTexts } from '../../../page/code-texts.ts';
import { followedCodes } from '../followed-codes.ts';

/** The texts of codes that only Stacks has: rules, proofs, gateways, network files. They continue a sentence or stand after a colon. */
export const stacksCodes: CodeTexts = {
  ...followedCodes,
};
