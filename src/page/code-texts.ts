/**
 * The texts of the codes that the client emits. For closed lists (`Listed`) the compiler refuses a code without a text;
 * for the other codes that the client can emit, a test checks that none is missing. A code without a text would be shown as it is, so that
 * nothing is hidden.
 * @module
 */
import type { BackEndReason, Cause, LogCode, ProblemCode, ReasonCode, TrustLevel } from '../client/types.ts';
import { blocks, counted, figures, words } from './counted.ts';
import { formatSpan, shortPeer } from './format.ts';
import { backEndNames, texts, trustTexts } from './texts.ts';

type Data = Readonly<Record<string, string | number>>;
/** `raw`: the numbers before formatting, for words that depend on them. `other`: the text of another code, for files that do not import this one. */
type Text = string | ((data: Data, raw: Data, other: (code: string, data?: Data) => string) => string);
type Texts = Readonly<Record<string, Text>>;
/** Texts of codes that the pages of one chain only have to tell. */
export type CodeTexts = Texts;

const levelTitle = (level: string | number) => (Object.hasOwn(trustTexts, level) ? trustTexts[level as TrustLevel].title : level);

/** Why a block was refused; also the reason for the ban of the peer that sent it. */
const ruleTexts = {
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
  'zkp-no-key': 'zero-knowledge proof on a network that has no key for it',
  'zkp-block-missing': 'zero-knowledge proof without its block',
  'zkp-block-differs': 'zero-knowledge proof of another block',
  'zkp-missing': 'no zero-knowledge proof where one is due',
  'zkp-invalid': 'bad zero-knowledge proof',
} satisfies Texts;

const peerTexts = {
  'validators-differ': 'validator list that final blocks refute',
  'other-genesis': 'another genesis block',
  'not-election': 'answered with a block that is no election block',
  'wrong-block': 'answered with another block than the one asked for',
  'wrong-proof': 'gave a proof that does not prove its answer',
  'impossible-head': 'named a head that cannot exist',
  'other-final-block': 'another block where ours is final',
  liar: 'told a proved lie',
  'services-missing': 'does not serve what a light client needs',
  'closed-at-once': 'closed the connection as soon as it was open',
  'dial-failed': 'could not be reached',
  timeout: 'did not answer in time',
  disconnected: 'connection lost',
  'remote-closed': 'closed the connection',
  'no-ping': 'no longer answers',
  surplus: 'not needed while no tab is looked at',
  rotated: 'exchanged for another, as the head did not move',
  asleep: 'not needed while all tabs are frozen or paused',
  duplicate: 'connected twice',
  'no-receiver': 'does not answer this kind of request',
  'rate-limited': 'asks us to slow down',
  malformed: 'sent bytes that cannot be read',
  'too-large': 'sent more than is allowed, or was asked for',
  'gossip-garbage': 'kept sending news that nobody can read',
  'gossip-padded': 'kept sending news with bytes added',
  'gossip-flood': 'kept sending far more than there is news',
  'frame-too-long': 'sent more at once than was granted',
  'too-many-frames': 'sent frames without data, without end',
  'too-many-proposals': 'proposed protocols without end',
  'too-many-pings': 'asked without end whether we are there',
  'too-many-streams': 'opened streams without end',
  'tiny-frames': 'sent its data in crumbs',
  'too-much-undecided': 'sent data for no protocol',
  'too-many-peers': 'not needed, enough peers',
  'too-many-of-range': 'not needed, enough peers of its network',
  behind: 'an older head than ours',
  'not-found': 'does not have the block asked for',
  refused: 'refused the request',
  busy: 'has too much under way',
  replaced: 'connected anew',
  ended: 'ended the stream too early',
  reset: 'broke the stream off',
  superseded: 'another block came first',
  'missing-blocks-empty': 'sent none of the blocks asked for',
  'skip-block-variants': 'sent several skip blocks made out of one proof',
  'unusable-election-block': 'sent an election block that cannot be used',
  'unknown-anchor': 'does not know the block we go on from',
  'wrong-height': 'sent a block of another height',
  'too-many-epochs': 'named more epochs than were asked for',
  'repeated-epoch': 'named an epoch twice',
  'impossible-checkpoint': 'named a checkpoint that cannot exist',
  'malformed-discovery': 'greeted with bytes that cannot be read',
  'discovery-closed': 'broke off the greeting',
  'duplicate-discovery-stream': 'greeted twice',
  'wrong-genesis': 'belongs to another network',
  'too-frequent-updates': 'sends its address book too often',
  'discovery-timeout': 'did not finish the greeting in time',
  'unexpected-discovery-message': 'greeted out of turn',
  'bad-contact': 'gave an address that it did not sign',
  'wrong-identity': 'is not who it says it is',
  'bad-challenge': 'did not prove who it is',
  'malformed-petrel-peers': 'said of itself what cannot be read',
  'foreign-address': 'gave the address of another as its own',
  'too-frequent-petrel-peers': 'told of itself more often than agreed',
} satisfies Texts;

/** Codes for which the text says why the store was given up at run time, because that is more, or something else, than "it is retried". */
const givenUpTexts: ReadonlySet<string> = new Set(['closed', 'no-answer', 'quota', 'schema-from-the-future', 'stale-owner']);

const noticeTexts = {
  'few-witnesses': ({ witnesses = 0, wanted = 0 }) => `The starting point rests on ${witnesses} of ${wanted} wanted witnesses.`,
  'witnesses-only-names': ({ witnesses = 0, wanted = 0 }, raw) =>
    `The starting point rests on ${witnesses} ${words('peer', 'peers')(Number(raw['witnesses']))} of which only host names or IPv6 addresses are known. One person can have many of these, so together they count less than the ${wanted} wanted.`,
  'no-witnesses': 'Only other Petrel clients are here, and nothing is taken on their word: everything is verified from genesis.',
  'witnesses-disagree': 'Peers name starting points that are not on one chain, and too few agree. Nobody is believed: everything is verified from genesis.',
  'other-chain': 'No peer knows the chain that was here, and another one was verified. It is shown now; the old one was set aside.',
  'chain-contradicted': 'Peers contradict what was verified here. It stays as it is, and what they have is verified beside it.',
  'contradiction-over': 'No peer contradicts what was verified here any more. It stays.',
  'checkpoint-old': ({ days = 0 }) => `The checkpoint that the trust begins with is ${days} days old. Keys of its signers may be lost by now: a newer one is safer.`,
  'checkpoint-too-old': ({ cycle = 0 }) => `Too many cycles have passed since the checkpoint: cycle ${cycle} is not followed. A newer checkpoint is needed.`,
  'anchor-refuted': 'The starting point taken on trust was false. Everything that rested on it is dropped, and the sync goes on from what is proven.',
  'verifying-from-genesis': 'Peers contradict each other. Every election block is now verified from genesis.',
  'verified-from-genesis': ({ height = 0 }) => `The past is verified too: everything from genesis up to block ${height} is proven.`,
  'verified-from-pin': ({ height = 0 }) => `The past is verified too: from the election block built into this release up to block ${height}.`,
  'false-witness': 'vouched for an election block that is not on the proven chain',
  'proof-by-election-chain': 'The past is verified election block by election block.',
  'no-verifying-key': 'the network has no zero-knowledge proofs',
  'no-proofs-offered': 'no peer offers zero-knowledge proofs',
  'no-newer-proof': 'no peer has a newer zero-knowledge proof',
  'zkp-applied': 'A zero-knowledge proof holds: everything up to its election block is proven.',
  'zkp-outdated': 'A peer has no newer zero-knowledge proof than what is proven.',
  'proof-unknown': 'No peer knows the chain of which a part was proven. The proof begins anew.',
  'proof-not-stored': 'What was proven could not be stored. It is kept in memory.',
  'archive-not-stored': 'What other clients are shown could not be stored. It is kept in memory.',
  'archive-not-read': 'What other clients were shown before could not be read.',
  'history-not-stored': 'Proven transactions could not be stored. Peers are asked for them again next time.',
  'history-not-read': 'Proven transactions from earlier could not be read. Peers are asked for them.',
  'pinned-block-unusable': 'The election block pinned in this release cannot be used.',
  'client-too-old': ({ height = '' }) => `From block ${height} on the network uses a block version that this Petrel does not know. Load this page again to get a newer one. What was verified before that block stays as it is.`,
  'client-in-doubt': ({ rule = '', peers = '', rules = 1 }) =>
    `${peers} independent peers sent what breaks ${Number(rules) > 1 ? 'rules of this Petrel, above all' : 'a rule of this Petrel:'} “${textOf(String(rule))}”. When so many do, this client may be too old or wrong. None of them is banned: Petrel keeps them aside, and asks them again by itself. What was verified stays as it is. If this lasts, close all tabs of this page and open it again, which loads a newer version if there is one.${String(rule).startsWith('timestamp') ? ' Check the clock of this device, too.' : ''}`,
  'past-in-doubt': ({ rule = '', peers = '' }) =>
    `${peers} independent peers sent blocks or proofs of the past that break a rule of this Petrel: “${textOf(String(rule))}”. Either this Petrel is too old or wrong, or these peers work together. It bans none of them yet, follows the head on their word, and looks for other peers that can prove the past. If this lasts, close all tabs of this page and open it again, which loads a newer version if there is one.`,
  'past-doubt-refuted': 'Other peers have proven the past. The peers that sent wrong blocks or proofs are banned.',
  'doubt-refuted': 'Other peers have led the chain on. Those that were kept aside were wrong, and are banned.',
  'doubt-resolved': 'The peers that were kept aside break no rule any more, and take part again.',
  'peer-banned': ({ peer = '', reason = '' }) => `Peer ${shortPeer(String(peer))} was banned: ${textOf(String(reason))}.`,
  'other-parameters': 'It was verified with other parameters of this network.',
  'stored-chain-refused': ({ reason = '' }) =>
    reason === 'other-parameters'
      ? 'What was stored here was verified with other parameters of this network: another key, pinned block or genesis block. It was set aside, and the sync starts over.'
      : 'What was stored here does not hold together. It was set aside, and the sync starts over.',
  'stored-halt-refused': ({ height = '' }) => `It was stored here that two blocks exclude each other at height ${height}. What should prove it does not. It was set aside, and the sync goes on.`,
  'storage-given-up': ({ reason = '' }) => (givenUpTexts.has(String(reason)) ? textOf(`storage-${reason}`) : 'The database stopped working. Petrel goes on in memory and tries again now and then.'),
  'storage-resumed': 'The database works again. What is verified was written to it.',
  'storage-no-answer': 'The browser’s database does not answer. Petrel works in memory and tries again now and then.',
  'storage-elsewhere': 'Another tab of this browser has the database, and this browser cannot share it. This tab works in memory until that one is closed.',
  'storage-lost': 'The database was deleted while Petrel was running. It was made anew, and what is verified was written again.',
  'storage-reopened': 'The browser closed the database. It was opened again.',
  'storage-unavailable': 'The browser gives no database (a private window?). Petrel works in memory and tries again now and then.',
  'storage-quota': 'The browser gives no more room. Petrel works in memory; free some space, and it goes on storing.',
  'storage-aborted': 'The database does not work. Petrel works in memory and tries again now and then.',
  'storage-internal': 'The database does not work. Petrel works in memory and tries again now and then.',
  'storage-stale-owner': 'Another tab has taken over the database. This one works in memory; reload to use the database again.',
  'storage-schema-from-the-future': 'The database was written by a newer Petrel. It is left alone; this one works in memory. Reload to update.',
  'files-gone': 'The files of this version can no longer be loaded; a newer one has probably taken their place. Reload to update.',
  'hub-hung': 'The shared worker stopped answering. Another was started in its place.',
  'settings-not-in-force': 'Two tabs were opened with different addresses of peers or settings. Those of the tab that came first are in force in all tabs. To change them, close all tabs and open the page anew.',
  'network-failed': 'The network could not be started.',
  'events-dropped': 'This tab was too busy; some notices or log entries were left out.',
  'snapshot-imported': ({ height = 0 }) => `A snapshot was verified and taken over, up to block ${height}.`,
  'storage-blocked': 'Another tab holds an older database open. Petrel works in memory and tries again now and then; close the other tabs.',
  'storage-migration-failed': 'The database of an older Petrel could not be brought up to date. It is left alone; this one works in memory.',
  'storage-closed': 'The database was closed. Petrel works in memory; reload to use it again.',
  'bans-not-stored': 'the bans could not be stored',
  'peers-not-stored': 'the peers that served well could not be stored',
  'tables-missing': 'its tables are gone',
  'not-newer': 'The snapshot is not newer than what is verified here already.',
  'not-linked': 'The snapshot does not link to the verified chain.',
  'not-confirmed': 'No peer confirms the chain in the snapshot.',
  lost: 'the database was deleted while running',
  'not-a-snapshot': 'This is no Petrel snapshot.',
  damaged: 'The snapshot is damaged.',
  'other-network': 'The snapshot is of another network.',
  wiped: 'Everything stored for this network was deleted.',
  'wiped-later': ({ marked = '' }) =>
    `What this client holds was wiped. Its database cannot be reached now: it is wiped before it is used again${marked === 'true' ? ', also by a page that is opened later' : ', if this page stays open until then'}.`,
} satisfies Texts;

/** Why the client is not live, and what the user can do. */
const causeTexts: Readonly<Record<Cause, Text>> = {
  offline: 'This device is offline. What is shown is the last that was verified here.',
  asleep: 'All tabs of this page are frozen by the browser or paused, so no peers are kept. Petrel goes on when one is looked at or resumed.',
  'no-seeds': 'No address of a peer is known, and this network has no seeds. Name some under the network’s name above, or with “seeds” in the address.',
  'seeds-no-websocket': ({ seeds = 0, address = '' }) => `None of the ${seeds} seeds can be dialled: a browser opens WebSockets only, and ${address} is no address of one. Name seeds that end in /wss.`,
  'seeds-insecure': ({ seeds = 0, address = '' }) =>
    `None of the ${seeds} seeds can be dialled: ${address} is not encrypted (ws), and from a page over https a browser opens encrypted connections (wss) only. Name seeds that end in /wss. On a page over http, “allowInsecure=true” in the address allows ws.`,
  'seeds-need-name': ({ seeds = 0, address = '' }) => `None of the ${seeds} seeds can be dialled: ${address} has an IP address, and encrypted connections (wss) need a host name. Name seeds by their host names.`,
  'seeds-other-network': 'The peers at the known addresses belong to another network. Choose their network, or name seeds of this one.',
  'seeds-other-identity': 'Other peers answer at the seeds’ addresses than these name. Take the part /p2p/… out of the seeds, or ask whoever gave them to you for new ones.',
  'peers-refuse': 'Peers are reached, but close the connection. They may be full, or not take this client. Petrel keeps trying; other addresses, under the network’s name above, may help.',
  'peers-banned': 'All known peers are banned, because what they sent breaks rules of this Petrel. Either they lie, or this client is too old or wrong. Petrel dials them again when their bans end; other addresses, under the network’s name above, may help. If this lasts, close all tabs of this page and open it again, which loads a newer version if there is one.',
  'no-peers': 'No peer can be reached, though this device says that it is online. The peers may be down, or a firewall may be in the way. Petrel keeps trying; other addresses, under the network’s name above, may help.',
  'slow-line': ({ dials = 0 }) => `No peer has answered yet; ${dials} are being dialled. The line may be slow. Petrel keeps trying.`,
  'few-peers': ({ live = 0, wanted = 0 }) => `Too few peers for consensus: ${live} of ${wanted}. Petrel keeps trying; other addresses, under the network’s name above, may help.`,
  'peers-silent': ({ connected = 0 }) => `${connected} peers are connected, but none has given anything to go on with. Petrel asks again and looks for others.`,
  'no-agreement': ({ live = 0 }) => `${live} peers are live, but too few of them know the same newest block. Petrel asks again every few seconds.`,
  'catching-up': 'Blocks are being verified. There is nothing to do but wait.',
  'slow-start': 'The client is still opening what is stored here. If this lasts, reload the page.',
  'clock-behind': ({ networks = 0 }, { seconds = 0 }) => `The clock of this device is behind by about ${formatSpan(Number(seconds) * 1000)}: peers in ${networks} networks agree on it. Set it right; Petrel then goes on by itself.`,
  'clock-ahead': ({ networks = 0 }, { seconds = 0 }) => `The clock of this device is ahead by about ${formatSpan(Number(seconds) * 1000)}: peers in ${networks} networks agree on it. Set it right: until then this page cannot tell whether the newest block is new.`,
  'head-stale': ({ by = '' }, { seconds = 0 }) =>
    by === 'age'
      ? `The newest block is ${formatSpan(Number(seconds) * 1000)} old by the clock of this device, longer than this network takes for another. If blocks come all the same, that clock is ahead or the peers are late.`
      : `No new block for ${formatSpan(Number(seconds) * 1000)}, longer than this network takes. Peers are exchanged one by one.`,
};

/** Names and IPv6 addresses cost nothing, so they are not counted as the reader would count them: the text says so. */
function fewNetworks({ peers = 0, networks = 0, cheap = 0, wanted = 0 }: Data, raw: Data): string {
  const [named, many] = [Number(raw['peers']), Number(raw['peers']) > 1];
  const waits = 'Petrel waits a while for peers in other networks; if none comes, it begins with these and says so.';
  if (named === Number(raw['networks'])) return `${peers} ${many ? 'peers have' : 'peer has'} named a starting point, and ${wanted} in different networks are wanted. ${waits}`;
  const counted = `${peers} peers have named a starting point, but they count as ${networks} ${words('network', 'networks')(Number(raw['networks']))}; ${wanted} are wanted.`;
  const why = Number(raw['cheap']) > 1 ? ` ${Number(raw['cheap']) === named ? 'Only host names or IPv6 addresses are known of them' : `Of ${cheap} of them only host names or IPv6 addresses are known`}, and one person can have many of these.` : '';
  return `${counted}${why} ${waits}`;
}

const reasonTexts = {
  'owner-elsewhere': 'Another Petrel is open in this browser. Close its tabs, or wait.',
  'owner-older': 'An older version of Petrel is open in this browser. It is writing what it has, and hands over.',
  'newer-build': 'A newer version of Petrel has taken over in this browser. Reload to update this tab.',
  'owner-taken': 'Another tab has taken over. Reload to use this one.',
  'hub-lost': 'The shared worker has ended. It is being started again.',
  'hub-hangs': ({ times = 0 }) => `The shared worker stopped answering ${times} times, and so did those started in its place. Close all tabs of this page, and open it again.`,
  'hub-failed': 'The shared worker could not start.',
  'hub-unreachable': 'The shared worker does not answer. Close the other tabs of this page and reload.',
  'worker-failed': ({ reason = '' }) =>
    // The messages of Chromium, Firefox and Safari for a module that they could not load.
    /imported module|importing a module/iu.test(String(reason))
      ? `A file of the worker could not be loaded (${reason}). Most likely the server cannot be reached, or has a newer version. Reload the page.`
      : `The browser could not start the worker${reason ? ` (${reason})` : ''}. Reload the page. If that does not help, use a current browser, or allow workers and site data for this page.`,
  stopped: 'The client was stopped. Reload the page.',
  closed: 'It was closed. Reload the page.',
  internal: ({ message = '' }) => `Something inside went wrong${message ? `: ${message}` : ''}. Reload the page.`,
  'already-started': 'It runs already.',
  'listen-failed': 'The address cannot be listened on.',
  'invalid-options': 'The network was started with options that do not fit. Check the seeds in the address.',
  unavailable: 'the browser gives no database',
  blocked: 'another tab holds an older database open',
  'schema-from-the-future': 'the database was written by a newer Petrel',
  'migration-failed': 'an older database could not be brought up to date',
  'stale-owner': 'another tab has taken over',
  quota: 'the browser gives no more room',
  'store-ahead': 'the database has more blocks than were verified since the start; it is used when they are reached',
  'no-answer': 'the database does not answer',
  aborted: 'it was broken off',
  'validator-list-undecided': 'Peers give different validator lists for this epoch. The next macro block shows which one is true; until then the head waits.',
  'few-networks': (data, raw) => fewNetworks(data, raw),
  'trust-too-low': ({ level = '', wanted = '' }) => `This client is set to wait until the chain is “${levelTitle(wanted)}”; now it is “${levelTitle(level)}”. The past is being verified.`,
  'no-suitable-peers': ({ peers = 0 }) => `${peers} peers are connected, but they are on older blocks or do not serve light clients. Petrel asks them again every minute and looks for others.`,
  'chain-halted': ({ height = 0 }) =>
    `Two blocks ${height === 0 ? '' : `at height ${height} `}are both proven to be final, and exclude each other. Validators have broken the rules. Petrel stands still and keeps both proofs.`,
  'state-differs': ({ height = 0 }) =>
    `Block ${height} is final, but the state that Petrel computes for it is not the one that the block names. Either a quorum of the validators has signed a wrong state, or this version of Petrel computes it wrongly. No peer can change that, so Petrel stands still: it cannot vouch for any value after block ${Number(height) - 1}. Reload the page when there is a newer version.`,
  'no-participation': ({ height = 0 }) =>
    `The state after block ${height}, which is confirmed, names no signers for the next cycle: nobody takes part, so that no later block can be verified. Petrel stands still.`,
  'sync-stopped': 'A page has stopped the sync. It goes on when a page starts it again.',
  'chain-unknown': `The peers are on another chain than this page. If you started this network anew, as one does with a local one, choose “${texts.wipe}” under “${texts.storage}”. Otherwise there is nothing to do: the chain that is shown stays until the peers have shown one that is verified and reaches further.`,
} satisfies Texts;

const problemTexts = {
  'insecure-context': ({ missing = '' }) =>
    `This page was not opened over a secure connection, so the browser withholds what Petrel needs${missing ? ` (${missing})` : ''}. Open it over https, or as http://localhost.`,
  'missing-features': ({ missing = '' }) => `This browser lacks what Petrel needs: ${missing}. Use a current version of Chrome, Edge, Firefox or Safari (at least Chrome 110, Firefox 115 or Safari 16.4).`,
  'bad-host': ({ host = '', known = '' }) => `There is no host “${host}”. Take “host” out of the address, or name one of these: ${known}.`,
  'unknown-network': ({ name = '', known = '' }) => `There is no network named “${name}”. Take “network” out of the address, or name one of these: ${known}.`,
  'network-not-loaded': ({ name = '' }) => `The parameters of the network “${name}” could not be loaded. Check the connection and reload the page.`,
  'network-file': ({ path = '', reason = '', detail = '' }) => `The network file ${path} cannot be used: ${textOf(String(reason), { detail })}.`,
  'chosen-elsewhere': 'it was chosen in another tab; choose it again',
  'file-too-large': ({ detail = 0 }) => `it is larger than ${detail} bytes`,
  'not-kept': ({ detail = '' }) => `the browser did not keep it (${detail})`,
  'not-json': 'it is not JSON',
  'too-deep': 'its lists and objects are nested too deeply',
  'not-plain': 'it holds something other than plain values',
  'bad-options': ({ option = '', reason = '' }) => `The client was given a value of “${option}” that cannot be used: ${textOf(String(reason))}.`,
  'too-large-snapshot': 'This file is larger than any snapshot.',
  'no-parameters': 'its JSON is no object, as network parameters are',
  'other-server': 'it lies on another server',
  'not-fetched': ({ detail = '' }) => `it could not be fetched (${detail})`,
  'not-there': ({ detail = '' }) => `the server does not give it (status ${detail})`,
  'bad-network': ({ message = '', field = '', reason = '', from = '' }) =>
    field === 'seeds' && from === 'url'
      ? `These seeds cannot be used (${message}). ${reason === 'bad-gateway' ? `${sentenceOf(textOf(reason))} ` : ''}Correct “seeds” in the address, or take it out: then those of the network are asked.`
      : `These network parameters cannot be used. ${sentenceOf(textOf(String(reason)))} (${message}) Correct the network file, or take “network” out of the address.`,
  'bad-settings': ({ message = '', setting = '', from = '', reason = '' }) =>
    `${reason === 'unknown-setting' ? `There is no setting “${setting}”.` : `The setting “${setting}” has a value that it does not take: ${String(message).replace(`${setting}: `, '')}.`} ${from === 'network' ? 'Correct it in the network file.' : `Correct “${setting}” in the address, or take it out.`}`,
  malformed: 'sent bytes that cannot be read',
  'protocol-mismatch': 'Another version of Petrel is open in this browser. Close its tabs and reload.',
  'build-mismatch': 'Another version of Petrel is open in this browser. Close its tabs and reload.',
  'network-mismatch': 'The shared worker serves another network. Close the other tabs of this page and reload.',
  'unknown-chain': ({ chain, known }) => `The network file is for the chain “${chain}”, which this page does not know. It knows: ${known}.`,
  'chain-not-loaded': 'A part of Petrel could not be loaded. Reload the page.',
  'too-many-tabs': 'Too many tabs are open. Close some and reload.',
  deadline: 'It took too long. Try again.',
  'unknown-question': ({ question = '' }) => `This chain has no such question (${question}).`,
  unsupported: ({ call = '', question = call }) => `This chain cannot do that (${question}).`,
  'unknown-method': 'Another version of Petrel is open in this browser. Close its tabs and reload.',
  'bad-argument': 'That is neither a block hash nor a height.',
  unclonable: 'The answer could not be sent.',
  'unknown-setting': 'There is no such setting.',
  'wrong-value': 'A setting has a value that it does not take.',
  'not-an-object': 'The network parameters are not a JSON object.',
  'wrong-type': 'A network parameter is missing or of another type.',
  'out-of-range': 'A network parameter is outside what is allowed.',
  'not-hex': 'A network parameter is not lower-case hex.',
  'odd-length': 'A network parameter is cut off.',
  'genesis-undecodable': 'The genesis bytes are no block.',
  'genesis-not-election': 'The genesis block is no election block.',
  'genesis-hash-mismatch': 'The genesis block hashes to something else.',
  'genesis-invalid': 'The genesis block breaks a rule.',
  'listens-nowhere': 'Nobody connects to this client, so that it has no address to find out.',
  'serves-nobody': 'This client serves nobody, so that it has no blocks to push.',
  'verifying-key-invalid': 'The verifying key of the zero-knowledge proofs is none.',
  'site-data-blocked': 'This browser blocks site data for this page, and what was asked for needs it. Allow it (in the settings: cookies and site data), then reload the page.',
  unexpected: ({ message = '' }) => `Something went wrong: ${message}`,
  'stray-error': ({ message = '' }) => `Something went wrong in this page, which goes on: ${message}. Reload the page if a part of it does not work.`,
} satisfies Texts;

const logTexts = {
  'tab-joined': ({ tabs = '' }) => `a tab joined, ${tabs} now`,
  'tab-left': ({ tabs = '' }) => `a tab left, ${tabs} now`,
  'woke-up': ({ seconds = '' }) => `this device slept for ${seconds} seconds; all links are checked`,
  'dead-links': (_, { links = 0 }) => counted('link was dead and was dropped', 'links were dead and were dropped')(Number(links)),
  'handing-over': 'a newer version wants to take over; closing in order',
  owner: 'this client has the database to itself',
  'peer-offence': ({ peer = '', reason = '', count = '' }) => `peer ${shortPeer(String(peer))} broke a rule (${count}): ${textOf(String(reason))}`,
  'peer-joined': ({ peer = '' }) => `peer ${shortPeer(String(peer))} joined`,
  'peer-dropped': ({ peer = '', reason = '' }) => `peer ${shortPeer(String(peer))} dropped: ${textOf(String(reason))}`,
  'peer-lied': ({ peer = '', lie = '', height = '' }) => `peer ${shortPeer(String(peer))} sent what breaks a rule${height === '' ? '' : ` at ${height}`}: ${textOf(String(lie))}`,
  'peer-aside': ({ peer = '', rule = '' }) => `peer ${shortPeer(String(peer))} is kept aside, for the error may be ours: ${textOf(String(rule))}`,
  'peer-pardoned': ({ peer = '' }) => `the ban of peer ${shortPeer(String(peer))} was lifted`,
  'peer-behind': ({ peer = '' }) => `peer ${shortPeer(String(peer))} is behind`,
  'peer-ahead': ({ peer = '' }) => `peer ${shortPeer(String(peer))} is ahead`,
  'peer-other-chain': ({ peer = '' }) => `peer ${shortPeer(String(peer))} builds on another final block`,
  'peer-not-reached': ({ address = '', kind = '', reason = '', times = 1 }, raw) => `dial to ${address} (${kind}) failed${Number(raw['times']) > 1 ? ` ${times} times` : ''}: ${textOf(String(reason))}`,
  'connection-closed': ({ peer = '', reason = '' }) => `connection to ${shortPeer(String(peer))} closed: ${textOf(String(reason))}`,
  'block-rejected': ({ height = '', rule = '' }) => `block ${height} refused: ${textOf(String(rule))}`,
  'block-undecided': ({ height = '', rule = '' }) => `block ${height} cannot be judged before a signing key is proven${rule === 'disputed' ? '' : `: ${textOf(String(rule))}`}`,
  'chain-known': 'a peer knows the chain that was verified here',
  'validator-list-decided': ({ height = '' }) => `final blocks have shown the validator list elected in block ${height}`,
  rebranched: ({ height = '', adopted = '' }, { reverted = 0 }) => `another branch won from block ${height} on: ${blocks(Number(reverted))} reverted, ${adopted} adopted`,
  equivocation: ({ height = '' }) => `the producer of block ${height} has signed two blocks at that height`,
  'head-round': ({ unknown = '' }, raw) => `asked all peers for their newest block: ${Number(raw['unknown']) === 0 ? 'all are verified here' : `${unknown} of ${figures.format(Number(raw['known']) + Number(raw['unknown']))} named one that is not verified here yet`}`,
  'sync-caught-up': ({ height = '' }) => `caught up at ${height}; new blocks are followed`,
  'sync-behind': ({ height = '', target = '' }) => `at ${height}, too far behind ${target}: syncing`,
  'sync-failed': ({ reason = '', height = '' }) => `the sync stopped at ${height}, and is tried again: ${textOf(String(reason))}`,
  'consensus-established': ({ height = '' }) => `consensus established at ${height}`,
  'consensus-lost': ({ height = '' }) => `consensus lost at ${height}`,
  'consensus-connecting': 'looking for consensus',
  'unknown-version': ({ peer = '', height = '' }) => `peer ${shortPeer(String(peer))} showed a newer block version at ${height}`,
  'seed-unusable': ({ address = '', reason = '' }) => `seed ${address} cannot be used: ${textOf(String(reason))}`,
  'relay-unusable': ({ address = '', reason = '' }) => `relay ${address} cannot be used: ${textOf(String(reason))}`,
  'relay-reserved': ({ address = '' }) => `other browsers reach this one at relay ${address}`,
  'relay-lost': ({ address = '' }) => `no longer reached at relay ${address}`,
  'relay-failed': ({ address = '', reason = '' }) => `relay ${address} gave no place: ${reason}`,
  'webrtc-not-loaded': 'the code for links with other browsers could not be loaded; this client goes on with the network’s nodes alone',
  'browser-refused': ({ peer = '' }) => `browser ${shortPeer(String(peer))} called, and was refused`,
  'browser-not-reached': ({ peer = '', reason = '' }) => `browser ${shortPeer(String(peer))} called, and no link came of it: ${textOf(String(reason))}`,
  'rtc-channel': ({ way = '' }) => (way === 'pump' ? 'a link with another browser is open' : 'a link with another browser is open, by way of the page itself'),
  'rtc-ended': ({ reason = '' }) => `a link with another browser ended: ${textOf(String(reason))}`,
  'commit-failed': ({ code = '', height = '', reason = '' }) => `could not store ${height === '' ? textOf(String(reason)) : `block ${height}: ${textOf(String(code))}`}`,
  'policy-violation': ({ directive = '', blocked = '' }) => `the security policy refused ${blocked} (${directive})`,
  'storage-abandoned': 'what was stored belongs to another chain; it was set aside',
  'storage-not-yet': ({ reason = '' }) => `the database cannot be used yet: ${textOf(String(reason))}`,
  'keys-not-stored': 'decoded keys could not be stored; they are decoded again next time',
  jumped: ({ from = '', to = '' }) => `the blocks between ${from} and ${to} were left out: that both are of one branch is the word of a server`,
  'jumped-linked': ({ from = '', to = '' }) => `the blocks between ${from} and ${to} were left out, after hashes had led from one to the other`,
  'stored-chain-restored': ({ height = '' }) => `the stored chain was loaded, up to ${height}`,
  'stored-chain-checked': ({ height = '' }) => `what the stored chain rests on was verified again, up to election block ${height}`,
  'stored-chain-unchecked': ({ height = '' }) => `what is stored does not show what election block ${height} rests on; peers are asked for it`,
  'stored-chain-not-checked': ({ error = '' }) => `what is stored could not be verified again (${error})`,
  'not-set-aside': 'the database could not be emptied; it is written anew with the next blocks',
  'verifier-ended': ({ backend = '', jobs = 0 }) => `a verifier has ended, as there is nothing more for it: ${jobs} jobs on ${backend === 'wasm' ? backEndNames.wasm : backEndNames.bigint}`,
  'verifier-lost': ({ reason = '' }) => `a verifier is gone (${reason}); its job is done elsewhere`,
  'verifier-wrong': 'a verifier called something valid invalid; it is asked no more',
  'queue-full': 'too much waits to be verified',
  'announcement-failed': ({ error = '' }) => `internal error with an announced block: ${error}`,
  'listener-failed': ({ event = '', error = '' }) => `internal error in a listener of ${event}: ${error}`,
  'gossip-listener-failed': ({ topic = '', error = '' }) => `internal error in a listener of ${topic}: ${error}`,
  'task-failed': ({ error = '' }) => `internal error: ${error}`,
} satisfies Texts;

/** Why a verifier uses BigInt instead of WebAssembly. */
const backEndTexts: Readonly<Record<BackEndReason, Text>> = {
  starting: 'it is starting',
  'not-loaded': 'the WebAssembly part could not be loaded',
  'no-wasm': 'this browser has no WebAssembly',
  csp: 'this site’s security policy does not allow WebAssembly',
  'no-relaxed-simd': 'this browser has no relaxed SIMD',
  'not-fused': 'this processor or browser has no fused multiply-add',
  'wrong-answer': 'WebAssembly computes wrong numbers here',
};

/** Why there is no link with another browser, or no longer one. Some of these words mean something else elsewhere. */
const linkTexts: Readonly<Record<string, Text>> = {
  'no-page': 'no tab makes connections at the moment',
  budget: 'every tab has made as many connections as it may',
  busy: 'too many connections are being made',
  unsupported: 'this browser has no WebRTC',
  'no-answer': 'the tab did not answer in time',
  'page-left': 'the tab that held the connection was closed',
  failed: 'the two browsers found no way to each other',
  'remote-closed': 'the other browser closed the connection',
  closed: 'was closed here',
  overflow: 'sent more than it may without waiting',
  malformed: 'said what the protocol does not know',
  'relay-cap': 'as much has gone through relays as may within an hour',
};

const linkReasonTexts = Object.fromEntries(Object.entries(linkTexts).map(([code, text]) => [`rtc-${code}`, text]));

/** Codes of closed lists. The compiler refuses a code without a text. */
type Listed = ReasonCode | BackEndReason | ProblemCode | LogCode;

/** Notices and log entries, reasons of peers, phases and back ends, problems: all share one name space. */
export const codeTexts: Texts = {
  ...linkTexts, ...linkReasonTexts, ...backEndTexts, ...ruleTexts, ...peerTexts, ...noticeTexts, ...causeTexts, ...reasonTexts, ...problemTexts, ...logTexts,
} satisfies Texts & Readonly<Record<Listed, Text>>;

/** Maximum characters of a value: a value from the URL may have any length. */
const MAX_FACT = 400;

const cut = (text: string) => (text.length > MAX_FACT ? `${text.slice(0, MAX_FACT)}…` : text);

/** The texts of codes that only the chain of this page has. */
let textsOfChain: CodeTexts = {};

/** To be called when the page's chain is known: from then on its own texts go before the common ones. */
export function takeCodeTexts(texts: CodeTexts): void {
  textsOfChain = texts;
}

/** A text that continues a sentence, as a sentence of its own. */
export const sentenceOf = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/u.test(text) ? '' : '.'}`;

/** The text of a code, with numbers in the reader's locale. A code without a text is shown as it is, with its data. */
export function textOf(code: string, data: Data = {}): string {
  const text = [textsOfChain, codeTexts].find((texts) => Object.hasOwn(texts, code))?.[code];
  const formatted = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, typeof value === 'number' ? figures.format(value) : cut(value)]));
  if (typeof text === 'function') return text(formatted, data, textOf);
  if (text !== undefined) return text;
  const details = Object.entries(formatted).map(([key, value]) => `${key} ${value}`);
  return [code.replaceAll('-', ' '), ...details].join(', ');
}
