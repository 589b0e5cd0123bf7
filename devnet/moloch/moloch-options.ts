import { parseArgs } from 'node:util';
import { OptionsError } from '../options.ts';

export interface MolochOptions {
  readonly nodes: number;
  /** Port of node 0; node i listens on `port + i`. 0: each node takes a free port. */
  readonly port: number;
  /** Milliseconds between blocks; 0: blocks are made on command. */
  readonly blockTime: number;
  readonly seed: string;
  readonly networkFile: string | undefined;
  /** Blocks that are made before the start. */
  readonly blocks: number;
  /** The network file pins a checkpoint at this height; 0: none. */
  readonly checkpoint: number;
  /** Bytes of a snapshot's chunk. */
  readonly chunkSize: number;
}

export const DEFAULT_MOLOCH_OPTIONS: MolochOptions = { nodes: 4, port: 8750, blockTime: 1000, seed: 'petrel', networkFile: undefined, blocks: 0, checkpoint: 0, chunkSize: 262_144 };

const NUMBERS = {
  nodes: { key: 'nodes', min: 1, max: 64 },
  port: { key: 'port', min: 0, max: 65535 },
  'block-time': { key: 'blockTime', min: 0, max: 3_600_000 },
  blocks: { key: 'blocks', min: 0, max: 100_000 },
  checkpoint: { key: 'checkpoint', min: 0, max: 100_000 },
  'chunk-size': { key: 'chunkSize', min: 1024, max: 4_194_304 },
} as const;

/** Parses the command-line arguments (without node and script). Throws `OptionsError`. */
export function parseMolochOptions(args: readonly string[]): { readonly help: true } | { readonly help: false; readonly options: MolochOptions } {
  const names = [...Object.keys(NUMBERS), 'seed', 'network-file'];
  const config = { ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])), help: { type: 'boolean' as const, short: 'h' } };
  let values: Readonly<Record<string, string | boolean | undefined>>;
  try {
    ({ values } = parseArgs({ args: [...args], options: config, strict: true, allowPositionals: false }));
  } catch (error) {
    throw new OptionsError('unknown-option', `${(error as Error).message.split('\n')[0] ?? 'unknown option'} (see --help)`);
  }
  if (values['help'] === true) return { help: true };
  const given: Record<string, unknown> = {};
  for (const [name, { key, min, max }] of Object.entries(NUMBERS)) {
    const text = values[name];
    if (text === undefined) continue;
    const value = /^\d+$/.test(String(text)) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw new OptionsError('bad-value', `--${name} takes a whole number, ${min} to ${max}; got '${String(text)}'`);
    given[key] = value;
  }
  for (const [name, key] of [['seed', 'seed'], ['network-file', 'networkFile']] as const) {
    if (values[name] === '') throw new OptionsError('bad-value', `--${name} needs a value`);
    if (values[name] !== undefined) given[key] = values[name];
  }
  const options = { ...DEFAULT_MOLOCH_OPTIONS, ...(given as Partial<MolochOptions>) };
  if (options.port !== 0 && options.port + options.nodes - 1 > 65535) throw new OptionsError('conflict', `--port ${options.port} with --nodes ${options.nodes} goes past port 65535`);
  if (options.checkpoint > options.blocks) throw new OptionsError('conflict', `--checkpoint ${options.checkpoint} is above --blocks ${options.blocks}`);
  return { help: false, options };
}

const { nodes, port, blockTime, seed, blocks, chunkSize } = DEFAULT_MOLOCH_OPTIONS;

export const MOLOCH_HELP = `A local Moloch network in one process. It is Petrel's own: there is no public Moloch network known to us, and no node program of the
crates' authors. Blocks, events, hashes and the messages of kind 0 to 20 are those of the crates; the profile moloch-ext/1 is ours.

  --nodes n            number of nodes, each with its own key and WebSocket; the four validators are divided among them (${nodes})
  --port n             port of the first node, the others follow; 0: free ports, printed (${port})
  --block-time ms      time between blocks; 0: only on command (${blockTime})
  --seed text          keys, blocks and events follow from it (${seed})
  --blocks n           blocks that are made before the start (${blocks})
  --checkpoint height  the network file pins a checkpoint at this height
  --chunk-size bytes   bytes of a chunk of its snapshot (${chunkSize})
  --network-file path  writes the network's parameters (JSON) there
  --help               this text

Commands, one JSON object per line on stdin, each answered by {"event":"done"} or {"event":"error"} with the same "id":
  {"do":"produce","n":5}                              make blocks now
  {"do":"fork","back":2,"n":3}                        a branch of n blocks beside the last ones, which must not be final
  {"do":"stop","node":1}  {"do":"start","node":1}     take a node down, bring it back on the same port
  {"do":"partition","groups":[[0,1],[2,3]]}           only nodes of one group hear each other; [] heals
  {"do":"fault","node":1,"fault":"slow"}              a fault ("node":"all": every node; "height", "delay"; "fault":"none": no more)
  {"do":"faults"}                                     the names of all faults, and what each does
  {"do":"look"}                                       what each client has asked
  {"do":"info"}                                       heights, hashes, and how many clients each node has

Events are JSON lines on stdout. Exit code 2: a wrong option, a port in use, or a file that cannot be written.
`;
