import { parseArgs } from 'node:util';
import { CodedError } from '../src/base/coded-error.ts';
import { ZKP_MODES, type ZkpMode } from './zkp-mode.ts';

/** Options of a devnet before it starts. Every field has a default; `HELP` describes each. */
export interface DevnetOptions {
  readonly peers: number;
  /** Port of peer 0; peer i listens on `port + i`. 0: each peer takes a free port. */
  readonly port: number;
  /** Port of the relay. 0: a free port. Undefined: no relay. */
  readonly relay: number | undefined;
  /** Milliseconds between blocks. 0: blocks are made only on command. */
  readonly blockTime: number;
  readonly epochs: number;
  readonly until: number | undefined;
  readonly seed: string | undefined;
  readonly data: string | undefined;
  readonly version: number | undefined;
  readonly networkFile: string | undefined;
  readonly validators: number | undefined;
  readonly skipEvery: number | undefined;
  readonly forkEvery: number | undefined;
  /** Share of the blocks that no peer announces, from 0 to 1. */
  readonly withhold: number;
  /** Number of peers, from the first on, that serve a forged chain. */
  readonly lie: number;
  /** Epoch whose last block (an election block) is the first forged one. Undefined: the newest finished epoch. */
  readonly lieFrom: number | undefined;
  /** Undefined: `fresh` while the newest election block has version 1, `none` from version 2 on. */
  readonly zkp: ZkpMode | undefined;
  /** Factor on the time that an official node waits for a client's answer. */
  readonly patience: number;
}

export type OptionsErrorCode = 'unknown-option' | 'bad-value' | 'conflict';

/** A wrong option. The message names the option and its allowed values; the command line exits with code 2. */
export class OptionsError extends CodedError<OptionsErrorCode> {
  override readonly name = 'OptionsError';
}

export const DEFAULT_OPTIONS: DevnetOptions = {
  peers: 4,
  port: 8650,
  relay: undefined,
  blockTime: 1000,
  epochs: 0,
  until: undefined,
  seed: undefined,
  data: undefined,
  version: undefined,
  networkFile: undefined,
  validators: undefined,
  skipEvery: undefined,
  forkEvery: undefined,
  withhold: 0,
  lie: 0,
  lieFrom: undefined,
  zkp: undefined,
  patience: 1,
};

/** Milliseconds. Below this block time, one process cannot announce and answer for all its peers. */
export const MIN_BLOCK_TIME = 50;
/** All peers run in one process on one machine, where more peers add no new case to test. */
export const MAX_PEERS = 64;
/** Enough for every test of catching up; one election block takes some 20 ms to make. */
export const MAX_EPOCHS = 5000;
/** Each validator needs one of the 512 slots; lists of real networks are far shorter than 64. */
export const MAX_VALIDATORS = 64;

/** A longer interval than this would not come up in any test run. */
const MAX_EVERY = 1_000_000;

interface NumberOption {
  readonly key: keyof DevnetOptions;
  readonly min: number;
  readonly max: number;
  /** A value below `min` that is also allowed. */
  readonly also?: number;
  /** Fractions are allowed, not only whole numbers. */
  readonly fraction?: true;
}

const NUMBERS: Readonly<Record<string, NumberOption>> = {
  peers: { key: 'peers', min: 1, max: MAX_PEERS, also: 0 },
  port: { key: 'port', min: 1, max: 65535, also: 0 },
  relay: { key: 'relay', min: 1, max: 65535, also: 0 },
  'block-time': { key: 'blockTime', min: MIN_BLOCK_TIME, max: 3_600_000, also: 0 },
  epochs: { key: 'epochs', min: 0, max: MAX_EPOCHS },
  until: { key: 'until', min: 1, max: 0xffff_ffff },
  version: { key: 'version', min: 1, max: 65535 },
  validators: { key: 'validators', min: 1, max: MAX_VALIDATORS },
  'skip-every': { key: 'skipEvery', min: 2, max: MAX_EVERY },
  'fork-every': { key: 'forkEvery', min: 2, max: MAX_EVERY },
  withhold: { key: 'withhold', min: 0, max: 1, fraction: true },
  lie: { key: 'lie', min: 0, max: MAX_PEERS },
  'lie-from': { key: 'lieFrom', min: 1, max: MAX_EPOCHS },
  patience: { key: 'patience', min: 1, max: 1000 },
};

const STRINGS: Readonly<Record<string, keyof DevnetOptions>> = { seed: 'seed', data: 'data', 'network-file': 'networkFile', zkp: 'zkp' };

/** Checks options given as values and fills in the defaults. Throws `OptionsError`. */
export function checkOptions(given: Partial<DevnetOptions>): DevnetOptions {
  const options = { ...DEFAULT_OPTIONS, ...given };
  for (const [name, rule] of Object.entries(NUMBERS)) {
    const value = options[rule.key];
    if (value === undefined && DEFAULT_OPTIONS[rule.key] === undefined) continue;
    const good = typeof value === 'number' && (Number.isInteger(value) || (rule.fraction === true && Number.isFinite(value))) && (value === rule.also || (value >= rule.min && value <= rule.max));
    if (!good) {
      const range = `${rule.also === undefined ? '' : `${rule.also} or `}${rule.min} to ${rule.max}`;
      throw new OptionsError('bad-value', `--${name} takes a ${rule.fraction ? '' : 'whole '}number, ${range}; got '${String(value)}'`);
    }
  }
  for (const [name, key] of Object.entries(STRINGS)) {
    if (options[key] === '') throw new OptionsError('bad-value', `--${name} needs a value`);
  }
  if (options.zkp !== undefined && !ZKP_MODES.includes(options.zkp)) throw new OptionsError('bad-value', `--zkp takes ${ZKP_MODES.join(', ')}; got '${String(options.zkp)}'`);
  if (options.port !== 0 && options.port + options.peers - 1 > 65535) {
    throw new OptionsError('conflict', `--port ${options.port} with --peers ${options.peers} goes past port 65535`);
  }
  if (options.peers === 0 && options.relay === undefined) throw new OptionsError('conflict', '--peers 0 leaves nothing to do without --relay');
  if (options.lie > options.peers) throw new OptionsError('conflict', `--lie ${options.lie} is more than --peers ${options.peers}`);
  return options;
}

/** Parses the command-line arguments (without node and script). Throws `OptionsError`. */
export function parseOptions(args: readonly string[]): { readonly help: true } | { readonly help: false; readonly options: DevnetOptions } {
  const names = [...Object.keys(NUMBERS), ...Object.keys(STRINGS)];
  const config = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({ args: [...args], options: { ...config, help: { type: 'boolean', short: 'h' } }, strict: true, allowPositionals: false }));
  } catch (error) {
    throw new OptionsError('unknown-option', `${(error as Error).message.split('\n')[0] ?? 'unknown option'} (see --help)`);
  }
  if (values['help'] === true) return { help: true };
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const number = NUMBERS[name];
    // A value that is not a number stays text, so that the message can quote it.
    if (number) given[number.key] = /^\d+(?:\.\d+)?$/.test(String(value)) ? Number(value) : value;
    else if (STRINGS[name]) given[STRINGS[name]] = value;
  }
  return { help: false, options: checkOptions(given as Partial<DevnetOptions>) };
}

export const HELP = `A local Nimiq Albatross network in one process.

  npm run devnet -- [options]

  --peers n            number of peers, each with its own identity (${DEFAULT_OPTIONS.peers})
  --port n             port of the first peer, the others follow; 0: free ports, printed (${DEFAULT_OPTIONS.port})
  --relay port         beside the peers a relay for browsers, which speaks no protocol of the network; 0: a free port, printed. With it
                       --peers 0 is possible
  --block-time ms      time between blocks, at least ${MIN_BLOCK_TIME}; 0: only on command (${DEFAULT_OPTIONS.blockTime})
  --epochs n           history of a new chain: n finished epochs before the start; the election blocks of all, the last epoch whole (0)
  --until height       stop producing at this height; the peers go on serving
  --seed text          repeatable identities and choices
  --data dir           keep chain and identities there, and continue them next time; a long history is made
                       once, and read from there after that
  --version n          block version from the next election block on (one step up per election block)
  --validators n       n validators, drawn anew by every election block from a pool of 1.3 n keys; slot bands by stake, and 342
                       to 512 slots sign. From the first election block on; with --network-file from genesis on
  --network-file path  a network of its own: makes a genesis block and writes the network's parameters (JSON) there
  --skip-every n       a skip block at every height that n divides
  --fork-every n       a branch after every such height: one that loses, a longer one, or a skip block that wins
  --withhold share     this share of the blocks (0 to 1) is not announced, only served
  --lie n              the first n peers (0 to n - 1) tell a forged chain, one for all of them: other validators from some election block
                       on, every block after it signed by those; it grows with the true one (0)
  --lie-from epoch     the election block that ends this epoch (1: the first after genesis) is the first forged one; until the chain
                       comes to it the liars are honest (the newest finished epoch, or the first)
  --zkp mode           zero-knowledge proofs: none (as nodes of 2.x), fresh, stale (one epoch old) or forged; left out: fresh, and none
                       once an election block is of version 2. THE TRAPDOOR OF A DEVELOPMENT NETWORK IS PUBLIC: its proofs prove nothing
  --patience n         a peer waits n times as long as an official node for a client's answer (10 s) and ping (20 s), for machines that are
                       busy with other things (1)
  --help               this text

Commands, one JSON object per line on stdin, each answered by {"event":"done"} or {"event":"error"} with the same "id":
  {"do":"produce","n":5}                            make blocks now ("skip":true: skip blocks)
  {"do":"skip","n":1}                               make skip blocks now
  {"do":"fork","back":2,"n":3}                      a branch of n blocks beside the last ones; the longer one wins
  {"do":"rebranch","back":2}                        replace the last blocks by a branch that wins ("skip":true: by a skip block)
  {"do":"stop","peer":1}  {"do":"start","peer":1}   take a peer down, bring it back with the same identity
  {"do":"stop","peer":"relay"}  {"do":"start","peer":"relay"}   the same with the relay
  {"do":"fault","peer":1,"fault":"signature"}       a peer ("peer":"all": every peer) lies. A fault of blocks: its next block is wrong ("count":3: the next
                                                    three; "height":300: the block there; "on": only a "micro", "checkpoint" or "election" block). A fault
                                                    of behaviour, as "mute": from now on. "fault":"none": the peer lies no more
  {"do":"faults"}                                   the names of all faults, each with what it does
  {"do":"lie","n":2}                                the first n peers lie from now on, the others not (see --lie; 0: nobody)
  {"do":"withhold","on":true}                       do not announce blocks; a number: only the next n blocks; false: announce again
  {"do":"zkp","mode":"stale"}                       as --zkp, from now on
  {"do":"send","to":"NQ07 ...","value":5}           a transaction from an account of "started" ("from": which, 0; "fee"); Luna
  {"do":"send","transaction":"00..."}               a signed transaction, bytes in hex
  {"do":"version","version":2}                      block version from the next election block on
  {"do":"look"}                                     the peers look at their clients now, as they do every 60 s
  {"do":"info"}                                     heights, hashes, peers, and how many clients each has that are live or not

Events are JSON lines on stdout. Exit code 2: a wrong option, a port in use, or a file or data directory that cannot be used.
`;
