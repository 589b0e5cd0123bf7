/** Runs all attacks at full size, one after the other, and writes the results into `docs/threats.md`. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine } from '../../bench/machine.ts';
import { writeBetweenMarkers } from '../../bench/write-between-markers.ts';
import { packageBin, root } from '../../scripts/setup.mjs';
import type { Figures } from './figures.ts';
import { attacksTable } from './attacks-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'petrel-attacks-'));
const report = join(folder, 'report');
const { status } = spawnSync(process.execPath, [packageBin('vitest'), 'run', '--project', 'system', '--no-file-parallelism', '--testTimeout=900000', 'test/attacks'], {
  cwd: root, stdio: 'inherit', env: { ...process.env, PETREL_ATTACKS_REPORT: report },
});
const figures = existsSync(report) ? readFileSync(report, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Figures) : [];
rmSync(folder, { recursive: true, force: true });
if (status === 0) writeBetweenMarkers(join(root, 'docs/threats.md'), 'attacks', attacksTable(figures, machine('')), { title: 'Who can lie about what', heading: 'Attacks that are run' });
process.exitCode = status === 0 ? 0 : 1;
