import type { CodeTexts } from '../../page/code-texts.ts';

/** The texts of codes that every chain has which syncs by the engine: the line to a peer, the sync, and what a peer did wrong in it. */
export const followedCodes: CodeTexts = {
  'wrong-protocol': 'speaks another protocol',
  'buffer-full': 'reads too slowly',
  enough: 'was not needed any more',
  'claim-not-proven': 'claimed more than it could prove',
  'wrong-snapshot': 'sent another snapshot than it was asked for',
  'wrong-setting': 'a setting of the sync has a value that it does not take',
  'wrong-state': 'the state has another root than the block',
  'other-chain': 'belongs to another chain',
  'wrong-range': 'sent other blocks than it was asked for',
  halted: ({ reason }) => (reason === 'state-root' ? 'a final block names another state than is computed here' : 'two blocks are both proven to be final'),
  // Of the sync, or of the client.
  stopped: () => 'It was stopped. If nothing moves, start the sync again or reload the page.',
  'bad-range': ({ from = '', to = '' }) => `Heights ${from} to ${to} are no range of blocks.`,
  'beyond-tip': ({ height = '', tip = '' }) => `Height ${height} is above the newest proven block, ${tip}.`,
  'retries-used-up': ({ height = '', peers = '' }) => `The request for block ${height} failed too often, at these peers: ${peers}.`,
  'snapshot-slow': ({ height = '' }) => `The snapshot at ${height} came more slowly than its blocks would. Blocks are fetched.`,
  incomplete: ({ current = '', target = '' }) => `The sync ended at block ${current}, below its target ${target}.`,
};
