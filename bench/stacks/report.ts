import { primitivesTable } from '../chains/tables.ts';
import type { Group } from '../chains/primitives.ts';
import { duration, line } from '../crypto/table.ts';
import type { Machine } from '../machine.ts';
import type { HeaderTimes } from './measure-headers.ts';
import type { HeldMemory } from './measure-memory.ts';
import type { ProofTimes } from './measure-proofs.ts';
import { BLOCK_TIME, TENURE_TIME, type DayOf, type Traffic } from './measure-traffic.ts';

export interface StacksResults {
  readonly machine: Machine;
  readonly signers: number;
  readonly headers: HeaderTimes;
  readonly proofs: readonly ProofTimes[];
  readonly firstProof: { readonly bytes: number; readonly milliseconds: number };
  readonly memory: HeldMemory;
  readonly traffic: Traffic;
  readonly days: readonly DayOf[];
  readonly rivals: readonly Group[];
}

/** Above this load the report says that the figures are worth less. */
const QUIET = 0.5;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [line(head), line(['---', ...head.slice(1).map(() => '---:')]), ...rows.map(line)].join('\n');
const perSecond = (milliseconds: number): string => String(Math.round(Number((1000 / milliseconds).toPrecision(3)) * 10) / 10);
const bytes = (count: number): string => (count >= 1e6 ? `${(count / 1e6).toFixed(1)} MB` : count >= 10_000 ? `${(count / 1000).toFixed(1)} kB` : `${count.toFixed(0)} bytes`);

/** In Markdown. */
export function reportOf({ machine, signers, headers, proofs, firstProof, memory, traffic, days, rivals }: StacksResults): string {
  const { cpu, cores, memory: ram, system, node, date, commit, load } = machine;
  return [
    `${cpu}, ${cores} cores, ${(ram / 2 ** 30).toFixed(0)} GiB; ${system}; Node ${node}. ${date.slice(0, 10)}, commit ${commit}. Load before the start: ${load.toFixed(1)}${load > QUIET ? ' (not quiet: other processes ran too, so the times are longer than they need be)' : ''}. ` +
      'All on one thread, in this process. Medians of nine rounds. Processor time is what the process used, so other processes change it little.',
    '### Headers a second, one core',
    table(['headers', 'a header', 'processor', 'headers/s of processor time'], [
      [`signed by ${signers} of ${signers} signers: ${headers.signed.name}`, duration(headers.signed.milliseconds), duration(headers.signed.processor), perSecond(headers.signed.processor)],
      [`between proven tips, by hash links: ${headers.linked.name}`, duration(headers.linked.milliseconds), duration(headers.linked.processor), perSecond(headers.linked.processor)],
    ]),
    `The first header of the process, signed by ${signers}, took ${headers.first.toFixed(0)} ms: its code was cold, but for the signing before it. The signatures are of test keys. On the main network a header has as many signatures as it takes for 70 % of the weight.`,
    '### Proofs of the state a second, one core',
    table(['recorded proofs', 'how many', 'mean length', 'a proof', 'processor', 'proofs/s of processor time'], proofs.map((it) => [`${it.segments} segment${it.segments === 1 ? '' : 's'}`, String(it.proofs), bytes(it.bytes), duration(it.milliseconds), duration(it.processor), perSecond(it.processor)])),
    `The first proof of the process, ${bytes(firstProof.bytes)} in 2 segments, took ${firstProof.milliseconds.toPrecision(3)} ms with cold code. ` +
      'Decoded and verified with the headers that they pass; of a chain with few entries, so shorter than those of the main network.',
    '### Memory',
    `${memory.headers} decoded headers with ${signers} signatures each hold ${bytes(memory.held)} (${bytes(memory.held / memory.headers)} each); on the wire they are ${bytes(memory.wire)}.`,
    '### Bytes a day',
    table(['following', 'polls', 'headers', 'tenures', 'received'], days.map(({ name, polls, blocks, tenures, total }) => [name, polls.toFixed(0), blocks.toFixed(0), tenures.toFixed(0), bytes(total)])),
    `Computed: polls × ${traffic.poll} bytes + blocks × (${traffic.around} + ${traffic.header.toFixed(0)}) bytes + tenures × (${traffic.sortition} + ${traffic.around} + ${traffic.header.toFixed(0)}) bytes, the last for the sortition of each tenure and the first header of the one before. Measured on the connection to a gateway of the local network: an answer of \`/v3/tenures/info\` has ${traffic.poll} bytes, ${traffic.pollBody} of them its body, the rest status line and headers. ` +
      `${traffic.header.toFixed(0)} bytes is the mean of ${traffic.headers} recorded headers of the main network, each fetched once by its id and cut off after the header. A block each ${BLOCK_TIME} s and a tenure each ${TENURE_TIME} s are assumed. Not counted: requests, TLS, bytes of the block that are on their way when it is cut off, questions, and a hand-over each cycle.`,
    '### Operations, by processor time',
    primitivesTable(rivals.map(({ title, rows }) => ({ title, rows: rows.map((row) => ({ ...row, milliseconds: row.processor })) }))),
    'There is no rival client that verifies headers or proofs of Stacks outside of a node, so only operations are compared.',
  ].join('\n\n');
}
