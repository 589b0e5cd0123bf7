import { parseArgs } from 'node:util';
import { OptionsError } from '../options.ts';

export interface StacksOptions {
  readonly gateways: number;
  /** Port of gateway 0; gateway i listens on `port + i`. 0: each takes a free port. */
  readonly port: number;
  /** Milliseconds between blocks; 0: blocks are made on command. */
  readonly blockTime: number;
  readonly seed: string;
  readonly networkFile: string | undefined;
  readonly cycleLength: number;
  readonly prepareLength: number;
  readonly signers: number;
  /** Cycles of Nakamoto that have blocks at the start. */
  readonly cycles: number;
  /** Blocks of Nakamoto at the start, at least. */
  readonly blocks: number;
  /** Cycle of the checkpoint; undefined: two below the newest. */
  readonly checkpoint: number | undefined;
  /** Bitcoin height at which Epoch 4.0 begins; undefined: it does not. */
  readonly epoch4: number | undefined;
  /** Cycle whose set is empty; undefined: none. */
  readonly emptyCycle: number | undefined;
  /** TCP port of a peer that answers questions for inventories; 0: a free one, undefined: there is none. */
  readonly peerPort: number | undefined;
  /** Folder of recorded answers that are served in place of a chain. */
  readonly replay: string | undefined;
}

export const DEFAULT_STACKS_OPTIONS: StacksOptions = {
  gateways: 1, port: 8850, blockTime: 2000, seed: 'petrel', networkFile: undefined, cycleLength: 20, prepareLength: 5, signers: 5, cycles: 3, blocks: 0, checkpoint: undefined, epoch4: undefined, emptyCycle: undefined, peerPort: undefined, replay: undefined,
};

const NUMBERS = {
  gateways: { key: 'gateways', min: 1, max: 16 },
  port: { key: 'port', min: 0, max: 65535 },
  'block-time': { key: 'blockTime', min: 0, max: 3_600_000 },
  'cycle-length': { key: 'cycleLength', min: 6, max: 2100 },
  prepare: { key: 'prepareLength', min: 2, max: 100 },
  signers: { key: 'signers', min: 4, max: 60 },
  cycles: { key: 'cycles', min: 1, max: 100 },
  blocks: { key: 'blocks', min: 0, max: 100_000 },
  checkpoint: { key: 'checkpoint', min: 1, max: 100 },
  'empty-cycle': { key: 'emptyCycle', min: 2, max: 1000 },
  'peer-port': { key: 'peerPort', min: 0, max: 65535 },
  'epoch-4': { key: 'epoch4', min: 1, max: 1_000_000 },
} as const;
const TEXTS = { seed: 'seed', 'network-file': 'networkFile', replay: 'replay' } as const;

/** Parses the command-line arguments (without node and script). Throws `OptionsError`. */
export function parseStacksOptions(args: readonly string[]): { readonly help: true } | { readonly help: false; readonly options: StacksOptions } {
  const names = [...Object.keys(NUMBERS), ...Object.keys(TEXTS)];
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
  for (const [name, key] of Object.entries(TEXTS)) {
    if (values[name] === '') throw new OptionsError('bad-value', `--${name} needs a value`);
    if (values[name] !== undefined) given[key] = values[name];
  }
  const options = { ...DEFAULT_STACKS_OPTIONS, ...(given as Partial<StacksOptions>) };
  const { port, gateways, prepareLength, cycleLength, checkpoint = 1, cycles } = options;
  if (port !== 0 && port + gateways - 1 > 65535) throw new OptionsError('conflict', `--port ${port} with --gateways ${gateways} goes past port 65535`);
  if (prepareLength > cycleLength - 4) throw new OptionsError('conflict', `--prepare ${prepareLength} leaves less than 4 blocks of --cycle-length ${cycleLength}`);
  if (options.emptyCycle !== undefined && options.emptyCycle <= cycles) throw new OptionsError('conflict', `--empty-cycle ${options.emptyCycle} is not above --cycles ${cycles}`);
  if (checkpoint > cycles && options.blocks === 0) throw new OptionsError('conflict', `--checkpoint ${checkpoint} is above --cycles ${cycles}`);
  if (options.peerPort !== undefined && options.replay !== undefined) throw new OptionsError('conflict', '--peer-port needs a chain, which --replay has not');
  return { help: false, options };
}

const { gateways, port, blockTime, seed, cycleLength, prepareLength, signers, cycles, blocks } = DEFAULT_STACKS_OPTIONS;

export const STACKS_HELP = `A local Stacks network in one process: invented Bitcoin blocks with sortitions, tenures of Nakamoto blocks that miners and signers signed, a
state with proofs, and gateways that serve them over HTTP as a node does. It runs no Clarity and no Bitcoin.

  --gateways n         number of gateways of the one chain, each with its own port (${gateways})
  --port n             port of the first gateway, the others follow; 0: free ports, printed (${port})
  --block-time ms      time between blocks, a new tenure each 5 blocks; 0: only on command (${blockTime})
  --seed text          keys and blocks follow from it (${seed})
  --cycle-length n     Bitcoin blocks in a cycle (${cycleLength})
  --prepare n          of these, those of the prepare phase (${prepareLength})
  --signers n          signers of each set (${signers})
  --epoch-4 height     Bitcoin height from which headers have version 1; none without it
  --empty-cycle n      a cycle in which nobody signs: its set is written empty, and the chain ends before it
  --cycles n           cycles of Nakamoto that have blocks at the start (${cycles})
  --blocks n           blocks of Nakamoto at the start, at least (${blocks})
  --checkpoint cycle   cycle of the network file's checkpoint; without it, two cycles below the newest
  --peer-port n        TCP port of a peer that answers questions for inventories (npm run stacks:inventory); 0: a free one; none without it
  --network-file path  writes the network's parameters (JSON) there
  --replay folder      serves the recorded answers of this folder (test/vectors/stacks) in place of a chain, which does not go on
  --help               this text

Commands, one JSON object per line on stdin, each answered by {"event":"done"} or {"event":"error"} with the same "id":
  {"do":"produce","blocks":5}                         blocks of the running tenure ("n": the same)
  {"do":"produce","tenures":2}                        new tenures; with "blocks": so many blocks each
  {"do":"produce","sortitions":1,"won":true}          Bitcoin blocks without Stacks blocks; "won": a miner wins, and builds nothing
  {"do":"nextCycle"}                                  tenures up to the first one of the next cycle
  {"do":"fork","back":1,"n":1}                        a tenure in place of the newest ones, n blocks higher
  {"do":"reorg","back":2,"n":1}                       other Bitcoin blocks in place of the newest ones, and a tenure on them
  {"do":"transfer","to":"ST…","amount":5}             waits for the next block ("from": an account of info)
  {"do":"setVariable","name":"counter","value":7}     "counter" or "greeting" of the demo contract, likewise
  {"do":"setNote","key":3,"text":"a note"}            an entry of its map, likewise; without "text" it is deleted
  {"do":"mint","amount":5,"to":"ST…"}                 its tokens; with "badge": its asset of that number
  {"do":"stop","gateway":1}  {"do":"start","gateway":1}
  {"do":"fault","gateway":1,"fault":"slow"}           a fault ("gateway":"all"; "height", "delay", "seconds", "requests", "tenures"; "fault":"none": no more)
  {"do":"faults"}                                     the names of all faults, and what each does
  {"do":"look"}                                       the requests to each gateway, in order ("gateway": of one; "clear":true forgets them)
  {"do":"info"}                                       the tip, accounts with keys and balances, the contract, keys of the state, transactions, gateways

Events are JSON lines on stdout. Exit code 2: a wrong option, a port in use, or a file that cannot be written.
`;
