import { parseArgs } from 'node:util';
import { OptionsError } from '../options.ts';
import { DEFAULT_NET_OPTIONS, type HotStuff2NetOptions } from './hotstuff2-net.ts';

/** Options of the command line. */
export interface HotStuff2Options extends Omit<HotStuff2NetOptions, 'recording' | 'onEvent'> {
  readonly networkFile: string | undefined;
  readonly record: string | undefined;
}

/** The default of the reference; the vectors have 16 (HotStuff-2 reference, 4.1). */
const ENTRIES_PER_CHUNK = 1024;
const DEFAULT_PORT = 8670;
const DEFAULT_BLOCK_TIME = 1000;
/** All replicas run in one process; more add no new case. */
const MAX_REPLICAS = 64;
/** Milliseconds. Below, one process cannot answer its clients between two blocks. */
const MIN_BLOCK_TIME = 50;
const MAX_HISTORY = 100_000;

const NUMBERS = {
  replicas: { key: 'replicas', min: 1, max: MAX_REPLICAS, also: undefined },
  port: { key: 'port', min: 1, max: 65_535, also: 0 },
  'block-time': { key: 'blockTime', min: MIN_BLOCK_TIME, max: 3_600_000, also: 0 },
  'snapshot-every': { key: 'snapshotEvery', min: 1, max: 1_000_000, also: undefined },
  'chunk-entries': { key: 'entriesPerChunk', min: 1, max: 65_536, also: undefined },
  history: { key: 'history', min: 0, max: MAX_HISTORY, also: undefined },
} as const;

const TEXTS = { seed: 'seed', scheme: 'scheme', 'network-file': 'networkFile', record: 'record' } as const;

function numberOf(name: keyof typeof NUMBERS, text: string): number {
  const { min, max, also } = NUMBERS[name];
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value !== also && !(value >= min && value <= max)) throw new OptionsError('bad-value', `--${name} takes ${also === undefined ? '' : `${also} or `}${min} to ${max}; got '${text}'`);
  return value;
}

/** Parses the command-line arguments (without node and script). Throws `OptionsError`. */
export function parseHotStuff2Options(args: readonly string[]): { readonly help: true } | { readonly help: false; readonly options: HotStuff2Options } {
  const config = Object.fromEntries([...Object.keys(NUMBERS), ...Object.keys(TEXTS), 'deflate', 'help'].map((name) => [name, { type: name === 'deflate' || name === 'help' ? ('boolean' as const) : ('string' as const) }]));
  let values: Record<string, string | boolean | (string | boolean)[] | undefined>;
  try {
    ({ values } = parseArgs({ args: [...args], options: { ...config, help: { type: 'boolean', short: 'h' } }, strict: true, allowPositionals: false }));
  } catch (error) {
    throw new OptionsError('unknown-option', `${(error as Error).message.split('\n')[0] ?? 'unknown option'} (see --help)`);
  }
  if (values['help'] === true) return { help: true };
  const given: Record<string, unknown> = { deflate: values['deflate'] === true };
  for (const name of Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]) if (values[name] !== undefined) given[NUMBERS[name].key] = numberOf(name, String(values[name]));
  for (const [name, key] of Object.entries(TEXTS)) {
    if (values[name] === '') throw new OptionsError('bad-value', `--${name} needs a value`);
    if (values[name] !== undefined) given[key] = values[name];
  }
  if (given['scheme'] !== undefined && given['scheme'] !== 'ed25519' && given['scheme'] !== 'bls') throw new OptionsError('bad-value', `--scheme takes ed25519 or bls; got '${String(given['scheme'])}'`);
  const { recording: _, onEvent: __, ...defaults } = DEFAULT_NET_OPTIONS;
  const options: HotStuff2Options = { ...defaults, port: DEFAULT_PORT, blockTime: DEFAULT_BLOCK_TIME, entriesPerChunk: ENTRIES_PER_CHUNK, networkFile: undefined, record: undefined, ...given };
  if (!Number.isInteger(Math.log2(options.entriesPerChunk))) throw new OptionsError('bad-value', `--chunk-entries takes a power of two; got '${options.entriesPerChunk}'`);
  if (options.port !== 0 && options.port + options.replicas - 1 > 65_535) throw new OptionsError('conflict', `--port ${options.port} with --replicas ${options.replicas} goes past port 65535`);
  return { help: false, options };
}

export const HOTSTUFF2_HELP = `A local HotStuff-2 network in one process: replicas that propose, vote, time out and change leaders.
The block format and the protocol for clients are Petrel's own (hs2-light/1, hs2-sync/1); no public network is known.

  npm run devnet -- --chain hotstuff2 [options]

  --replicas n         number of replicas, each with its own server (${DEFAULT_NET_OPTIONS.replicas})
  --scheme name        with which they sign: ed25519, or bls (BLS12-381), which takes some 0.1 s of computing a block (${DEFAULT_NET_OPTIONS.scheme})
  --port n             port of the first replica, the others follow; 0: free ports, printed (${DEFAULT_PORT})
  --block-time ms      time between blocks, at least ${MIN_BLOCK_TIME}; 0: only on command, in a time of its own (${DEFAULT_BLOCK_TIME})
  --seed text          keys and choices follow from it (${DEFAULT_NET_OPTIONS.seed}). THE KEYS ARE PUBLIC
  --history n          make n final blocks before the start (0)
  --snapshot-every n   a snapshot at every final height that n divides; the newest 4 are served (${DEFAULT_NET_OPTIONS.snapshotEvery})
  --chunk-entries n    entries in a chunk of a snapshot, a power of two (${ENTRIES_PER_CHUNK})
  --deflate            servers agree to compress frames
  --network-file path  writes the network's parameters (JSON) there
  --record path        at the end, writes there what the network made, in the form of the test vectors, for the Go library to judge
  --help               this text

Commands, one JSON object per line on stdin, each answered by {"event":"done"} or {"event":"error"} with the same "id":
  {"do":"produce","n":5}                             run the consensus until 5 more blocks are final
  {"do":"pass","ms":5000}                            let time pass without blocks, so that replicas time out ("blocks":true: with blocks)
  {"do":"stop","replica":1}  {"do":"start","replica":1}   take a replica and its server down, bring it back with what it had
  {"do":"partition","groups":[[0,1],[2,3]]}          replicas hear only their own group; without "groups": heal
  {"do":"fault","replica":1,"fault":"forged-qc"}     a fault ("ms": how late "slow" is; "height": above which "held" begins; "fault":"none": no more)
  {"do":"faults"}                                    the names of all faults
  {"do":"put","key":"a","value":"b"}                 write to the state (texts in UTF-8)
  {"do":"hand-over"}                                 new keys for all replicas; the next leader announces their set (not with --scheme bls)
  {"do":"look"}                                      what clients have asked ("from": index of the first request)
  {"do":"info"}                                      heights, views, addresses and clients of the replicas

Events are JSON lines on stdout. Exit code 2: a wrong option, a port in use, or a file that cannot be written.
`;
