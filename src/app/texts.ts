/**
 * Every text of the app, keyed by the codes that the client hands out. A code without a text is shown as it is, so that nothing
 * is hidden; a test lists the codes the client can emit and finds none missing.
 * @module
 */

type Data = Readonly<Record<string, string | number>>;
type Text = string | ((data: Data) => string);

export const texts = {
  title: 'Petrel',
  tagline: 'The chain, verified in this browser.',
  head: 'Head',
  latest: 'Newest block',
  final: 'Final up to',
  pending: 'not final yet',
  noHead: 'No block yet',
  batch: 'Batch',
  epoch: 'Epoch',
  trust: 'How far to trust this',
  witnesses: 'Witnesses',
  peers: 'Peers',
  noPeers: 'No peers yet. Petrel keeps trying.',
  log: 'Log',
  noLog: 'Nothing has happened yet.',
  peer: 'Peer',
  state: 'State',
  height: 'Height',
  latency: 'Latency',
  standing: 'Standing',
  tabs: 'Tabs',
  verifiers: 'Verifiers',
  reload: 'Reload the page',
  genesis: 'Genesis',
  timeLeft: 'left',
} as const;

export const phaseTexts: Readonly<Record<string, string>> = {
  starting: 'Starting',
  connecting: 'Looking for peers',
  'macro-sync': 'Catching up on epochs',
  'live-sync': 'Catching up on blocks',
  established: 'Live',
  waiting: 'Waiting',
  stopped: 'Stopped',
  failed: 'Cannot go on',
};

export const trustTexts: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  claimed: { title: 'Claimed', text: 'Peers say so; nothing has been checked yet.' },
  pico: { title: 'Checked from a starting point taken on trust', text: 'One election block was taken on the word of the witnesses below. Everything after it was verified here.' },
  pinned: { title: 'Checked from a pinned block', text: 'Verified here, forward from an election block that is built into this release.' },
  proven: { title: 'Proven from genesis', text: 'Every step from the genesis block to here was verified in this browser. Nobody had to be trusted.' },
};

export const fewWitnessesText = 'Fewer independent peers than wanted could be found when it was taken.';

export const peerStateTexts: Readonly<Record<string, string>> = {
  connecting: 'connecting',
  connected: 'connected',
  live: 'live',
  outdated: 'on an older block',
  incompatible: 'does not serve what we need',
  behind: 'behind',
  ahead: 'ahead',
  banned: 'banned',
  down: 'not reachable',
};

export const storageTexts: Readonly<Record<string, string>> = { indexeddb: 'Stored', memory: 'Kept in memory only' };

export const unitTexts: Readonly<Record<string, string>> = { peers: 'peers', epochs: 'epochs', blocks: 'blocks' };

/** Notices, log entries, reasons of peers and of phases. */
export const codeTexts: Readonly<Record<string, Text>> = {};

export function textOf(code: string, data: Data = {}): string {
  const text = codeTexts[code];
  if (typeof text === 'function') return text(data);
  if (text !== undefined) return text;
  const details = Object.entries(data).map(([key, value]) => `${key} ${value}`);
  return [code.replaceAll('-', ' '), ...details].join(', ');
}
