/** Texts of the overview for first-time visitors. */
export const pageTexts = {
  /** While the network file has not come, the page does not know the chain. */
  whatUnknown: 'Petrel follows a chain in your browser. It checks the chain’s signatures itself, so that no server has to be trusted for what this page shows.',
  what: 'Petrel follows the Nimiq chain in your browser. It checks the signatures of the chain’s validators itself, so that no server has to be trusted for what this page shows.',
  verdict: 'How sure is this?',
  newestIs: (verdict: string) => `The newest block: ${verdict}.`,
  details: 'Details: what was checked, what is still assumed',
  soFar: (height: string) => `Verified so far: up to block ${height}.`,
  reading: 'Reading what this browser has stored …',
  clientComes: 'Starting the client.',
  clientIsLate: 'The client has not come yet: its files, or what it answers, take long. The line, the server or this device may be slow. If this lasts, close all tabs of this page and open it again.',
  chainComes: 'The chain is drawn here as soon as its newest block is known.',
  sync: 'Progress to the newest block',
  lag: 'from block time to its check here',
  epochHint: (blocks: string) => `An epoch is ${blocks} blocks by the same validators.`,
  batchHint: 'A batch is a part of it; its last block, a macro block, makes it final.',
  openHint: 'Each mark opens its block.',
  standingHint: 'Standing: 0 to 100. It begins at 50, rises with good answers and falls with failures.',
  bannedUntil: (moment: string) => `not dialled until ${moment}`,
  legend: {
    final: 'final',
    pending: 'verified, can still change',
    skip: 'skip block: nobody made one in time',
    macro: 'macro block: makes all before it final',
    reverted: 'reverted: another block won',
  },
  jobsDone: (rate: number, figure: string) => (rate === 0 ? 'nothing to check now' : `${figure} ${rate === 1 ? 'check' : 'checks'} a second`),
} as const;
