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

/** A short word for each level, where there is no room for a sentence. */
export const trustTags: Readonly<Record<string, string>> = { claimed: 'not verified', pico: 'verified, from a trusted start', pinned: 'verified, from a pinned block', proven: 'verified, from genesis' };

/** Why a block was refused; the reason a peer is banned for when it sent one. */
const ruleTexts: Readonly<Record<string, Text>> = {
  'wrong-network': 'block of another network',
  'version-too-low': 'block version that never existed',
  'unsupported-version': 'block version newer than this client',
  'wrong-block-type': 'macro block at a micro height, or the other way round',
  'timestamp-too-far-ahead': 'timestamp too far in the future',
  'extra-data-too-long': 'too much extra data',
  'skip-block-extra-data': 'skip block with extra data',
  'missing-validators': 'election block without validators',
  'unexpected-validators': 'checkpoint with validators',
  'missing-interlink': 'election block without interlink',
  'unexpected-interlink': 'checkpoint with an interlink',
  'slot-bands-not-contiguous': 'validator slots with gaps or overlaps',
  'wrong-slot-total': 'validator slots that do not sum to 512',
  'punished-slot-out-of-range': 'a punished slot that does not exist',
  'seed-not-a-point': 'random seed that is no curve point',
  'wrong-block-number': 'height that does not follow its parent',
  'wrong-parent-hash': 'wrong parent hash',
  'wrong-skip-timestamp': 'skip block at the wrong time',
  'wrong-skip-seed': 'skip block with another seed',
  'timestamp-before-parent': 'timestamp before its parent',
  'version-step': 'block version changed where it may not',
  'not-a-macro-block': 'not a macro block',
  'not-after-macro-head': 'not after the final block',
  'jumps-over-election-block': 'leaves out an election block',
  'wrong-parent-election-hash': 'wrong parent election block',
  'timestamp-before-macro-head': 'timestamp before the final block',
  'macro-version-step': 'block version changed where it may not',
  'missing-signature': 'block without signature',
  'invalid-seed': 'bad random seed (VRF)',
  'invalid-signature': 'bad block signature',
  'missing-justification': 'macro block without justification',
  'signer-out-of-range': 'a signing slot that does not exist',
  'too-few-signers': 'fewer than two thirds of the slots signed',
  'infinity-aggregate-key': 'signers whose keys cancel out',
  'invalid-skip-proof': 'bad skip block proof',
  'invalid-justification': 'bad signatures of a macro block',
  'invalid-voting-key': 'a voting key that is no valid key',
  'not-an-election-block': 'not an election block',
};

const peerTexts: Readonly<Record<string, Text>> = {
  'validators-differ': 'validator list that no other peer confirms',
  'other-genesis': 'another genesis block',
  'not-election': 'answered with a block that is no election block',
  'wrong-block': 'answered with another block than the one asked for',
  'impossible-head': 'named a head that cannot exist',
  'other-final-block': 'another block where ours is final',
  liar: 'told a proved lie',
  'services-missing': 'does not serve what a light client needs',
  'dial-failed': 'could not be reached',
  timeout: 'did not answer in time',
  disconnected: 'connection lost',
  'remote-closed': 'closed the connection',
  duplicate: 'connected twice',
  'no-receiver': 'does not answer this kind of request',
  'rate-limited': 'asks us to slow down',
  malformed: 'sent bytes that cannot be read',
  'too-large': 'sent more than is allowed',
  'too-many-peers': 'not needed, enough peers',
};

const noticeTexts: Readonly<Record<string, Text>> = {
  'few-witnesses': ({ witnesses = 0, wanted = 0 }) => `The starting point rests on ${witnesses} of ${wanted} wanted witnesses.`,
  'other-chain': 'No peer knows the chain that was stored here. It was set aside, and the sync starts over.',
  'anchor-in-doubt': 'The starting point taken on trust is contradicted. The sync starts over.',
  'verifying-from-genesis': 'Peers contradict each other. Every election block is now verified from genesis.',
  'verified-from-genesis': 'Verified from genesis.',
  'pinned-block-unusable': 'The election block pinned in this release cannot be used.',
  'client-too-old': 'The network uses a block version that this client does not know. Update Petrel.',
  'peer-banned': ({ peer = '', reason = '' }) => `Peer ${String(peer).slice(-8)} was banned: ${textOf(String(reason))}.`,
  'stored-chain-refused': 'What was stored here does not hold together. It was set aside, and the sync starts over.',
  'storage-given-up': 'The database stopped working. Petrel goes on in memory; after a reload it has to sync again.',
  'storage-elsewhere': 'Another tab of this browser has the database, and this browser cannot share it. This tab works in memory.',
  'storage-lost': 'The database was deleted while Petrel was running. It was made anew, and what is verified was written again.',
  'storage-reopened': 'The browser closed the database. It was opened again.',
  'storage-unavailable': 'The browser gives no database (a private window?). Petrel works in memory; after a reload it has to sync again.',
  'storage-quota': 'The browser gives no more room. Petrel works in memory; free some space and reload.',
  'storage-aborted': 'The database does not work. Petrel works in memory; after a reload it has to sync again.',
  'storage-schema-from-the-future': 'The database was written by a newer Petrel. It is left alone; this one works in memory. Reload to update.',
  'network-failed': 'The network could not be started.',
  'events-dropped': 'This tab was too busy; some notices or log entries were left out.',
  'snapshot-imported': ({ height = 0 }) => `A snapshot was verified and taken over, up to block ${height}.`,
  wiped: 'Everything stored for this network was deleted.',
};

const reasonTexts: Readonly<Record<string, Text>> = {
  'owner-elsewhere': 'Another version of Petrel is open in this browser. Close its tabs, or wait.',
  'owner-taken': 'Another tab has taken over. Reload to use this one.',
  'hub-lost': 'The shared worker has ended. It is being started again.',
  'hub-failed': 'The shared worker could not start.',
  'hub-unreachable': 'The shared worker does not answer. Close the other tabs of this page and reload.',
  'worker-failed': 'The browser could not start the worker. Reload the page.',
  'no-peers': 'No peer can be reached. Is the network running, and are you online?',
  'few-peers': 'Too few peers for consensus. Petrel keeps trying.',
};

const problemTexts: Readonly<Record<string, Text>> = {
  'insecure-context': ({ missing = '' }) =>
    `This page was not opened over a secure connection, so the browser withholds what Petrel needs${missing ? ` (${missing})` : ''}. Open it over https, or as http://localhost.`,
  'missing-features': ({ missing = '' }) => `This browser lacks what Petrel needs: ${missing}. Use a current version of Chrome, Edge, Firefox or Safari.`,
  'unknown-network': ({ name = '' }) => `There is no network named “${name}”. Take “network” out of the address, or name one that is built in.`,
  'network-not-loaded': ({ name = '' }) => `The parameters of the network “${name}” could not be loaded. Check the connection and reload the page.`,
  'network-file': ({ path = '', reason = '' }) => `The network file ${path} cannot be used: ${reason}.`,
  'bad-network': ({ message = '' }) => `These network parameters cannot be used. ${message}`,
  'bad-settings': ({ message = '' }) => `These settings cannot be used. ${message}`,
  unexpected: ({ message = '' }) => `Something went wrong: ${message}`,
};

const logTexts: Readonly<Record<string, Text>> = {
  'tab-joined': ({ tabs = '' }) => `a tab joined, ${tabs} now`,
  'tab-left': ({ tabs = '' }) => `a tab left, ${tabs} now`,
  owner: ({ fencing = '' }) => `this hub owns the database (grant ${fencing})`,
  'peer-joined': ({ peer = '' }) => `peer ${String(peer).slice(-8)} joined`,
  'peer-dropped': ({ peer = '', reason = '' }) => `peer ${String(peer).slice(-8)} dropped: ${textOf(String(reason))}`,
  'peer-lied': ({ peer = '', lie = '', height = '' }) => `peer ${String(peer).slice(-8)} lied${height === '' ? '' : ` at ${height}`}: ${textOf(String(lie))}`,
  'peer-behind': ({ peer = '' }) => `peer ${String(peer).slice(-8)} is behind`,
  'peer-ahead': ({ peer = '' }) => `peer ${String(peer).slice(-8)} is ahead`,
  'peer-other-chain': ({ peer = '' }) => `peer ${String(peer).slice(-8)} builds on another final block`,
  'connection-closed': ({ peer = '', reason = '' }) => `connection to ${String(peer).slice(-8)} closed: ${textOf(String(reason))}`,
  'block-rejected': ({ height = '', rule = '' }) => `block ${height} refused: ${textOf(String(rule))}`,
  'head-round': ({ known = '', unknown = '' }) => `asked all peers for their head: ${known} known, ${unknown} new`,
  'consensus-established': ({ height = '' }) => `consensus established at ${height}`,
  'consensus-lost': ({ height = '' }) => `consensus lost at ${height}`,
  'consensus-connecting': 'looking for consensus',
  'unknown-version': ({ peer = '', height = '' }) => `peer ${String(peer).slice(-8)} showed a newer block version at ${height}`,
  'seed-unusable': ({ address = '', reason = '' }) => `seed ${address} cannot be used: ${textOf(String(reason))}`,
  'commit-failed': ({ code = '', height = '' }) => `could not store block ${height}: ${textOf(String(code))}`,
  'policy-violation': ({ directive = '', blocked = '' }) => `the security policy refused ${blocked} (${directive})`,
  'task-failed': ({ error = '' }) => `internal error: ${error}`,
};

/** Notices, log entries, reasons of peers and of phases, problems: one name space. */
export const codeTexts: Readonly<Record<string, Text>> = { ...ruleTexts, ...peerTexts, ...noticeTexts, ...reasonTexts, ...problemTexts, ...logTexts };

/** The text of a code. One without a text is shown as it is, with its data. */
export function textOf(code: string, data: Data = {}): string {
  const text = Object.hasOwn(codeTexts, code) ? codeTexts[code] : undefined;
  if (typeof text === 'function') return text(data);
  if (text !== undefined) return text;
  const details = Object.entries(data).map(([key, value]) => `${key} ${value}`);
  return [code.replaceAll('-', ' '), ...details].join(', ');
}
