/**
 * `npm run bench:stacks`: what it costs to follow Stacks: headers by signatures and by hash links, proofs of the state, memory, bytes a day. Prints tables; writes
 * bench/results/stacks.json and docs/bench.md. No figure makes it fail.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pollPace } from '../src/chains/stacks/net/gateway-pace.ts';
import { root } from '../scripts/setup.mjs';
import { machine } from './machine.ts';
import { parseOptions } from './parse-options.ts';
import { makeHeaders } from './stacks/make-headers.ts';
import { rivalsOfHeaders, timeHeaders } from './stacks/measure-headers.ts';
import { measureMemory } from './stacks/measure-memory.ts';
import { rivalsOfProofs, timeFirstProof, timeProofs } from './stacks/measure-proofs.ts';
import { dayOf, measureTraffic } from './stacks/measure-traffic.ts';
import { reportOf } from './stacks/report.ts';
import { writeBetweenMarkers } from './write-between-markers.ts';

const NUMBERS = {
  signers: { default: 31, min: 1, max: 4000 },
  headers: { default: 2048, min: 100, max: 100_000 },
} as const;

const HELP = `Measures what it costs to follow Stacks, on one core, in Node.

  npm run bench:stacks -- [options]

  --signers n   signers of each header, with test keys (${NUMBERS.signers.default})
  --headers n   headers held in memory, and linked by hashes (${NUMBERS.headers.default}: what a client keeps)
  --no-write    print only; write neither bench/results/stacks.json nor docs/bench.md
  --help        this text
`;

/** Headers whose signatures are made; the measurement goes round in them. */
const SIGNED = 8;

const { signers, headers: count, write } = parseOptions(process.argv.slice(2), 'bench:stacks', HELP, NUMBERS);
const facts = machine('none');
const say = (step: string): void => void process.stderr.write(`${step}\n`);

const firstProof = timeFirstProof();
say('bytes');
const traffic = await measureTraffic();
say('memory');
const links = makeHeaders(count, signers, 0);
const memory = measureMemory(links);
say('headers');
const made = makeHeaders(SIGNED, signers);
const headers = await timeHeaders(made, links);
say('proofs');
const proofs = await timeProofs();
say('operations');
const rivals = [...(await rivalsOfHeaders(made)), await rivalsOfProofs()];
const [looked, hidden] = (['full', 'none'] as const).map((mode) => pollPace({ mode, online: true, saveData: false }) / 1000) as [number, number];
const days = [dayOf(`a poll each ${looked} s, as while a page looks`, looked, traffic), dayOf(`a poll each ${hidden} s, as while none looks`, hidden, traffic)];
const results = { machine: facts, signers, headers, proofs, firstProof, memory, traffic, days, rivals };
const report = reportOf(results);
process.stdout.write(`${report}\n`);
if (write) {
  writeFileSync(join(root, 'bench/results/stacks.json'), `${JSON.stringify(results, undefined, 1)}\n`);
  writeBetweenMarkers(join(root, 'docs/bench.md'), 'bench:stacks', report, { title: 'Measurements', heading: 'Stacks (`npm run bench:stacks`)' });
}
