import type { Machine } from '../machine.ts';
import { machineLine } from '../machine-line.ts';
import type { Spread } from '../spread.ts';
import type { TabsFigures } from './tabs-figures.ts';

export interface TabsReport {
  readonly machine: Machine;
  readonly runs: number;
  readonly network: { readonly peers: number; readonly epochs: number; readonly height: number };
  /** Milliseconds from the last tab's consensus to the memory reading. */
  readonly settle: number;
  /** True: source files are newer than Petrel's build. */
  readonly staleBuild: boolean;
  /** Petrel first, then the client it is compared with. */
  readonly clients: readonly [Client, Client];
  /** Figures of the blank pages, which are subtracted from the clients' figures. */
  readonly blank: readonly TabsFigures[];
  /** Milliseconds until Petrel's hub noticed the loss; undefined where no tab was lost that way. */
  readonly lost: { readonly closed: Spread | undefined; readonly crashed: Spread | undefined };
}

interface Client {
  readonly name: string;
  readonly figures: readonly TabsFigures[];
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const spread = (values: Spread | undefined, format: (value: number) => string, unit: string): string =>
  values ? `${format(values.median)}${unit} (${format(values.min)} - ${format(values.max)})` : '—';
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The report as Markdown. */
export function tabsTable({ machine, runs, network, settle, staleBuild, clients, blank, lost }: TabsReport): string {
  const [ours, theirs] = clients;
  const kind = blank[0]?.memory?.kind;
  const rows = ours.figures.map((mine, i) => {
    const other = theirs.figures[i]!;
    const ratio = mine.memory && other.memory ? (other.memory.above.median / mine.memory.above.median).toFixed(2) : '—';
    return [
      String(mine.tabs),
      ...[mine, other].map(({ memory }) => spread(memory?.above, megabytes, ' MB')),
      ratio,
      spread(blank[i]?.memory?.total, megabytes, ' MB'),
      [mine, other].map(({ connections }) => whole(connections.median)).join(' / '),
    ];
  });
  return [
    machineLine(machine, staleBuild),
    '',
    line(['Tabs', ...clients.map(({ name }) => `${name}, above as many blank pages`), `${theirs.name} ÷ ${ours.name}`, 'The blank pages themselves', `Connections to peers, ${ours.name} / ${theirs.name}`]),
    line(['---:', '---:', '---:', '---:', '---:', '---:']),
    ...rows.map(line),
    ...further(clients),
    '',
    `Median (smallest - largest) of ${runs} Chromiums each, ${kind === undefined ? 'memory not measured on this system' : `${kind} from /proc of every process of the browser`}, ${settle} ms after the last tab's consensus. ` +
      `Each with a new profile; the tabs are opened one after the other, the next when the one before has consensus (three peers joined, the client calls it established, its head is the network's newest block). The clients in turns, the order of every second ` +
      `round reversed. One local network of ${network.peers} peers, ${network.epochs} finished epochs, head at ${network.height}, no new blocks while measuring. ` +
      `All tabs of ${ours.name} share one client; with ${theirs.name}, used as its README says, each tab has its own. The newest tab is in front and hides the others, but the browser is told not to slow down what is in the background.`,
    '',
    `A lost tab is noticed, from the command to the browser to the hub's log entry \`tab-left\`: closed ${spread(lost.closed, whole, ' ms')}${count(lost.closed)}, its process crashed ${spread(lost.crashed, whole, ' ms')}${count(lost.crashed)}. ` +
      `With ${theirs.name} there is nothing to compare: no tab knows of another.`,
  ].join('\n');
}

const count = (values: Spread | undefined): string => (values ? `, ${values.count} times` : '');

/** Average memory of each further tab, between the smallest and the largest number of tabs. */
function further(clients: TabsReport['clients']): string[] {
  const each = clients.map(({ figures }) => {
    const [first, last] = [figures[0], figures.at(-1)];
    return first?.memory && last?.memory && last.tabs > first.tabs ? (last.memory.above.median - first.memory.above.median) / (last.tabs - first.tabs) : undefined;
  });
  const [mine, other] = each;
  if (mine === undefined || other === undefined) return [];
  return [line(['each further', `${megabytes(mine)} MB`, `${megabytes(other)} MB`, mine > 0 ? (other / mine).toFixed(2) : '—', '', ''])];
}
