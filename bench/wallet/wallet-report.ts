import type { Machine } from '../machine.ts';
import { machineLine } from '../machine-line.ts';
import { spreadOf, type Spread } from '../spread.ts';
import type { WalletVisit } from './wallet-visit.ts';

export type Start = 'cold' | 'warm';

export interface WalletReport {
  readonly machine: Machine;
  /** Load averages of one minute, before and after. */
  readonly loads: readonly [number, number];
  readonly runs: number;
  readonly settle: number;
  readonly transactions: number;
  readonly height: number;
  /** In the order of the table; the first is compared with the second. */
  readonly clients: readonly { readonly name: string; readonly visits: Readonly<Record<Start, readonly WalletVisit[]>> }[];
  readonly blank: readonly WalletVisit[];
}

const starts: readonly Start[] = ['cold', 'warm'];
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const text = (values: Spread | undefined, format: (value: number) => string, unit: string): string => (values ? `${format(values.median)} ${unit} (${format(values.min)} - ${format(values.max)})` : '—');

type Answers = NonNullable<WalletVisit['answers']>;

/** Milliseconds, by the row's title. */
const times: readonly (readonly [title: string, read: (answers: Answers) => number])[] = [
  ['Open to consensus', ({ consensus }) => consensus],
  ['Open to the first proven balance', ({ balanceAt }) => balanceAt],
  ['History of the account', ({ history }) => history.took],
  ['Sending, until seen in a block', ({ sending }) => sending.took],
];

function spread(visits: readonly WalletVisit[], read: (answers: Answers) => number): Spread {
  return spreadOf(visits.map(({ answers }) => read(answers!)));
}

/** Bytes above the blank page's median; undefined where they cannot be read or compared. */
function memoryAbove(visits: readonly WalletVisit[], blank: readonly WalletVisit[]): Spread | undefined {
  const all = [...visits, ...blank].map(({ memory }) => memory);
  const kinds = new Set(all.map((memory) => memory?.kind));
  if (kinds.size !== 1 || kinds.has(undefined)) return undefined;
  const base = spreadOf(blank.map(({ memory }) => memory!.total)).median;
  return spreadOf(visits.map(({ memory }) => memory!.total - base));
}

/** The report as Markdown. */
export function walletTable({ machine, loads, runs, settle, transactions, height, clients, blank }: WalletReport): string {
  const columns = clients.flatMap(({ name, visits }) => starts.map((start) => ({ title: `${name}, ${start}`, visits: visits[start] })));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [first, second] = clients;
  const ratio = (start: Start, read: (answers: Answers) => number) => (spread(first!.visits[start], read).median / spread(second!.visits[start], read).median).toFixed(2);
  return [
    machineLine(machine, false),
    '',
    line(['', ...columns.map(({ title }) => title)]),
    line(['---', ...columns.map(() => '---:')]),
    ...times.map(([title, read]) => line([title, ...columns.map(({ visits }) => text(spread(visits, read), whole, 'ms'))])),
    line([`… transactions found of ${transactions}`, ...columns.map(({ visits }) => whole(spread(visits, ({ history }) => history.found).median))]),
    line(['… state that sending ended with', ...columns.map(({ visits }) => Array.from(new Set(visits.map(({ answers }) => answers!.sending.state))).join(', '))]),
    line(['Memory above a blank page, all processes', ...columns.map(({ visits }) => text(memoryAbove(visits, blank), (bytes) => (bytes / 1e6).toFixed(0), 'MB'))]),
    '',
    ...starts.map((start) => `- ${first!.name} as a part of ${second!.name}, ${start}: ${times.map(([title, read]) => `${title.toLowerCase()} ${ratio(start, read)}`).join(', ')}`),
    '',
    `Median (smallest - largest) of ${runs} openings each, the clients in turns, in a Chromium of its own each; the load of the machine was ${loads[0].toFixed(1)} at the start and ${loads[1].toFixed(1)} at the end. Both pages run the same wallet (\`bench/wallet-page/run.ts\`); only the import differs. ` +
      `One local network of 4 peers, head at ${height} at the end. Cold: a new profile. Warm: the profile of the cold opening, opened once more in between. The clock of the first two rows starts with the navigation. History: the receipts of an account, then its ${transactions} transactions in pages of 100, each proven. ` +
      `Sending: a basic transaction; the network makes a block as soon as a node has it. Memory: ${settle} ms after that.`,
  ].join('\n');
}
