import type { Figures, Start } from './figures.ts';
import type { Machine } from './machine.ts';
import { machineLine } from './machine-line.ts';
import type { Spread } from './spread.ts';

export interface StartReport {
  readonly machine: Machine;
  /** Whether the floor of the machine is one of the clients. */
  readonly floor: boolean;
  readonly runs: number;
  readonly network: { readonly peers: number; readonly epochs: number; readonly height: number };
  /** Milliseconds from consensus to the reading of memory. */
  readonly settle: number;
  /** What the browser and its line were held to; empty: nothing. */
  readonly limits: string;
  /** The headers every file was served with. */
  readonly headers: Readonly<Record<string, string>>;
  /** True: files of the sources are newer than Petrel's build. */
  readonly staleBuild: boolean;
  readonly clients: readonly { readonly name: string; readonly starts: Readonly<Record<Start, Figures>> }[];
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const spread = (values: Spread, format: (value: number) => string, unit = ''): string => `${format(values.median)}${unit} (${format(values.min)} - ${format(values.max)})`;
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
const kilobytes = (bytes: number): string => (bytes < 10_000 ? (bytes / 1000).toFixed(1) : whole(bytes / 1000));

/** Rows of a table, each with a value per client. `—` where nothing was measured. */
const rows: readonly (readonly [title: string, value: (figures: Figures) => string])[] = [
  ['Open to consensus', ({ consensus }) => (consensus ? spread(consensus, whole, ' ms') : '—')],
  ['From the first head to the level proven', ({ levelAfterHead }) => (levelAfterHead ? spread(levelAfterHead, whole, ' ms') : '—')],
  ['Download to consensus, raw / gzip / brotli', ({ download: { raw, gzip, brotli } }) => (raw === 0 ? 'nothing' : `${kilobytes(raw)} / ${kilobytes(gzip)} / ${kilobytes(brotli)} kB`)],
  ['Files', ({ files }) => String(files.length)],
  ['Memory above a blank page, all processes', ({ memory }) => (memory ? spread(memory.above, megabytes, ' MB') : '—')],
  ['… renderer processes only', ({ memory }) => (memory ? spread(memory.renderersAbove, megabytes, ' MB') : '—')],
  ['JS heap above a blank page, page and workers, after GC', ({ heap }) => (heap ? spread(heap.used, megabytes, ' MB') : '—')],
  ['… array buffers beside it', ({ heap }) => (heap ? spread(heap.buffers, megabytes, ' MB') : '—')],
  ['… WebAssembly memory beside it', ({ heap }) => (heap ? spread(heap.wasm, megabytes, ' MB') : '—')],
  ['Long tasks of the page, number', ({ longTasks }) => spread(longTasks.count, whole)],
  ['Long tasks of the page, total', ({ longTasks }) => spread(longTasks.total, whole, ' ms')],
  ['CPU time to consensus, all processes', ({ cpuToConsensus }) => spread(cpuToConsensus, (seconds) => seconds.toFixed(2), ' s')],
  ['CPU time in all, above a blank page', ({ cpuTimeAbove }) => spread(cpuTimeAbove, (seconds) => seconds.toFixed(1), ' s')],
];

const starts: readonly Start[] = ['cold', 'warm'];

/** The report as Markdown. */
export function startTable({ machine, floor, runs, network, settle, limits, headers, staleBuild, clients }: StartReport): string {
  const [first] = clients;
  const names = clients.flatMap(({ name }) => starts.map((start) => `${name}, ${start}`));
  const values = (value: (figures: Figures) => string): string[] => clients.flatMap((client) => starts.map((start) => value(client.starts[start])));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const kind = first?.starts.cold.memory?.kind;
  const unread = Math.max(...clients.flatMap(({ starts: { cold, warm } }) => [cold.heapsUnread, warm.heapsUnread]));
  const refused = clients.filter(({ starts: { cold, warm } }) => cold.refused.length + warm.refused.length > 0);
  return [
    machineLine(machine, staleBuild) + limits,
    '',
    line(['', ...names]),
    line(['---', ...names.map(() => '---:')]),
    ...rows.map(([title, value]) => line([title, ...values(value)])),
    '',
    // The floor comes last in the table. It is a part of the others, not they of it.
    ...ratios(floor ? [...clients.slice(-1), ...clients.slice(0, -1)] : clients),
    '',
    `Median (smallest - largest) of ${runs} openings each, the clients in turns, the order of every second round reversed. One local network of ${network.peers} peers, ${network.epochs} finished epochs, ` +
      `head at ${network.height}, no new blocks while measuring. Every opening in a Chromium of its own, started some seconds before. Cold: a new profile. Warm: the profile of the cold opening, storage and caches kept, opened once more in between, for a browser keeps compiled scripts from the second opening on. ` +
      `Consensus: three peers joined, the client calls consensus established, and its head is the network's newest block, as the page is told; the clock starts with the navigation. ` +
      `“Petrel, bare page” is Petrel's client without its app: a page as bare as that of the official client, which shows height and level by \`textContent\`. The rest of “Petrel” is the cost of the app. ` +
      (floor ? '“The floor” is no client: a page that starts an empty SharedWorker and an empty worker, and opens a socket to each peer. It is done when all sockets are open. What it costs is the browser’s own part of the others’ costs. ' : '') +
      `Download: exactly the files the browser asked the server for until consensus (without limits it sends them raw; gzip -9 and brotli 11 are what a host would send). ` +
      `Memory (${kind === undefined ? 'not measured on this system' : `${kind} from /proc of every process of the browser`}), heap, CPU time and long tasks: from the navigation until ${settle} ms after consensus, or after the loading of the blank page, which is opened as often as the others.` +
      (unread > 0 ? ` The heaps of some openings (at most ${unread} of a column, with its blank pages) could not be read within a minute, so the rows of the heap leave these openings out.` : ''),
    '',
    refused.length === 0
      ? `All are served by the same server with the same headers (\`Content-Security-Policy: ${headers['Content-Security-Policy'] ?? ''}\`); nothing had to be relaxed for any, and the pages reported no violation.`
      : refused.map(({ name, starts: { cold, warm } }) => `${name}: the security policy refused ${[...cold.refused, ...warm.refused].join('; ')}.`).join('\n'),
    '',
    'The way to consensus, medians in ms since the navigation began (Petrel\'s `hub …` are entries of its hub\'s log, by the wall clock):',
    '',
    ...clients.flatMap((client) => starts.map((start) => `- ${client.name}, ${start}: ${client.starts[start].milestones.map(([name, time]) => `${name} ${whole(time)}`).join(', ')}`)),
  ].join('\n');
}

/** Each client's medians as parts of those of each later one, start by start. */
function ratios(clients: StartReport['clients']): string[] {
  const of: readonly (readonly [string, (figures: Figures) => number | undefined])[] = [
    ['time', ({ consensus }) => consensus?.median],
    ['processor time to it', ({ cpuToConsensus }) => cpuToConsensus.median],
    ['processor time in all', ({ cpuTimeAbove }) => cpuTimeAbove.median],
    ['memory', ({ memory }) => memory?.above.median],
  ];
  const pairs = clients.flatMap((first, at) => clients.slice(at + 1).map((other) => [first, other] as const));
  return pairs.flatMap(([first, other]) =>
    starts.map((start) => {
      const parts = of.map(([name, read]) => `${name} ${((read(first.starts[start]) ?? NaN) / (read(other.starts[start]) ?? NaN)).toFixed(2)}`);
      return `- ${first.name} as a part of ${other.name}, ${start}, to consensus: ${parts.join(', ')}`;
    }),
  );
}
