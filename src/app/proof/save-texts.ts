import { accountProblems } from '../../page/accounts/account-texts.ts';
import { textOf } from '../../page/code-texts.ts';

/** The texts of the button that saves a proof. */
export const saveTexts = {
  save: 'Save a proof',
  stop: 'Stop',
  working: 'The proof is being made. It stands on a final block: until the next one comes, this can take a minute.',
  saved: (name: string, size: string) => `Saved as ${name} (${size}).`,
  worth: (level: string) => `A browser that opens this file gives it the level “${level}”.`,
  claimed: 'It begins with an election block of this browser’s own chain. It proves something to readers who have that block or trust it.',
  open: 'Open it here',
  asQr: 'Show it as a QR code',
  qrHint: 'A phone that scans it opens this page with the proof in the address, and checks it itself.',
  ofAccount: 'of this account',
  ofTransaction: (hash: string) => `of transaction ${hash.slice(0, 8)}`,
} as const;

/** Why no proof was made. */
export function saveProblemText(code: string, data: Readonly<Record<string, string | number>>): string {
  if (code === 'deadline') return 'No proof came in time. Petrel may have lost its peers; try again later.';
  return accountProblems.get(code) ?? textOf(code, data);
}
