import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkOfRun, runThrough, testChain } from '../../test/support/hotstuff2/test-chain.ts';
import { vectors, type VectorBlock, type Vectors } from '../../test/support/hotstuff2/vectors.ts';
import { verifyHere } from '../../test/support/verify-here.ts';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { hashOf, hashOfSet } from '../../src/chains/hotstuff2/chain/hash.ts';
import { decodeItem, type Hs2Item } from '../../src/chains/hotstuff2/chain/hs2-block.ts';
import { verifyQc } from '../../src/chains/hotstuff2/chain/verify-qc.ts';
import { decodeMessage } from '../../src/chains/hotstuff2/wire/messages.ts';
import { decodeValidatorSet } from '../../src/chains/hotstuff2/wire/validator-set.ts';

interface Run extends Omit<Vectors['n4'], 'blocks' | 'viewGaps'> {
  readonly blocks: readonly (VectorBlock & { readonly engineCommitted: boolean; readonly proposer: number; readonly time: number })[];
  readonly viewGaps: readonly (Vectors['n4']['viewGaps'][number] & { readonly parentEngineCommitted: boolean })[];
  readonly epochs: readonly { readonly validatorsBytes: string; readonly validatorsHash: string; readonly seeds: readonly string[] }[];
}

const SCRIPT = fileURLToPath(new URL('../../scripts/devnet.mjs', import.meta.url));
const { signal } = new AbortController();
let folder: string;
let child: ChildProcess;
let exitCode: unknown;
let format: string;
let run: Run;
let items: readonly Hs2Item[];
/** The bytes of the sets by their hashes. */
let sets: ReadonlyMap<string, Uint8Array>;

/** What `npm run devnet -- --chain hotstuff2 --record file` writes after a replica was down, a hand-over and a partition. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hs2-record-'));
  const file = join(folder, 'record.json');
  child = spawn(process.execPath, [SCRIPT, '--chain', 'hotstuff2', '--port', '0', '--block-time', '0', '--seed', 'record', '--record', file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const commands = [{ do: 'produce', n: 12 }, { do: 'stop', replica: 1 }, { do: 'produce', n: 12 }, { do: 'start', replica: 1 }, { do: 'hand-over' }, { do: 'put', key: 'k', value: 'v' }, { do: 'produce', n: 12 }, { do: 'partition', groups: [[0, 1], [2, 3]] }, { do: 'pass', ms: 20_000 }, { do: 'partition' }, { do: 'produce', n: 12 }];
  const done = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const { event, id } = JSON.parse(line) as { readonly event: string; readonly id?: number };
      if (event === 'error') reject(new Error(line));
      if (event === 'done' && id === commands.length - 1) resolve();
    });
  });
  child.stdin!.write(commands.map((command, id) => `${JSON.stringify({ ...command, id })}\n`).join(''));
  await done;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  exitCode = await closed;
  const record = JSON.parse(readFileSync(file, 'utf8')) as { readonly format: string; readonly n4: Run };
  format = record.format;
  run = record.n4;
  items = run.blocks.map(({ header, payload, qc = '' }) => decodeItem(fromHex(header + payload), fromHex(qc)));
  sets = new Map(run.epochs.map(({ validatorsBytes, validatorsHash }) => [validatorsHash, fromHex(validatorsBytes)]));
}, 30_000);

afterAll(() => {
  child.kill();
  rmSync(folder, { recursive: true, force: true });
});

const openChain = () => testChain(networkOfRun(run), { fetchSet: async (hash) => sets.get(hash) }).chain;

describe('a record of the local network', () => {
  it('has the form of the vectors', () => {
    expect([exitCode, format]).toEqual([0, 'hs2-light/1 vectors']);
    expect(Object.keys(run).toSorted()).toEqual([...Object.keys(vectors.n4), 'epochs'].toSorted());
    expect(Object.keys(run.blocks[1]!).toSorted()).toEqual(Object.keys(vectors.n4.blocks[1]!).toSorted());
    expect(Object.keys(run.messages[0]!).toSorted()).toEqual(Object.keys(vectors.n4.messages[0]!).toSorted());
    expect(Object.keys(run.engineCommitOrder[0]!).toSorted()).toEqual(Object.keys(vectors.n4.engineCommitOrder[0]!).toSorted());
    expect(Object.keys(run.viewGaps[0]!).toSorted()).toEqual(Object.keys(vectors.n4.viewGaps[0]!).toSorted());
    expect(run.epochs[0]).toMatchObject({ validatorsBytes: run.validatorsBytes, validatorsHash: run.validatorsHash, seeds: run.seeds });
  });

  it('says of each block what its bytes say', () => {
    expect(items.length).toBeGreaterThanOrEqual(49);
    for (const [i, { height, view, proposer, time, hash }] of run.blocks.entries()) {
      expect(items[i]).toMatchObject({ id: hash, height: i, block: { header: { height, view, proposer, time } } });
      expect(hashOf(items[i]!.block.headerBytes)).toBe(hash);
    }
    for (const [hash, bytes] of sets) expect(hashOfSet(decodeValidatorSet(bytes))).toBe(hash);
    expect(new Set(items.map(({ block }) => block.header.validators)).size).toBe(2);
  });

  it('is judged good by the rules of the client: every certificate, both sets, the state', async () => {
    const chain = openChain();
    const last = items.at(-1)!;
    expect(await runThrough(chain, items.slice(1), { each: true, target: { height: last.height, id: last.id, proven: true } })).toBeUndefined();
    expect(chain.tip()).toEqual({ height: last.height, id: last.id });
    expect(chain.state!.root()).toBe(last.block.header.stateRoot);
    expect(chain.state!.get(fromHex('6b'))).toEqual(fromHex('76'));
  });

  it.each([[3, 'qc'], [20, 'qc'], [40, 'qc']])('is judged bad with one bit of the certificate of block %i changed', async (height, code) => {
    const { block } = items[height]!;
    const qcBytes = block.qcBytes.with(block.qcBytes.length - 1, block.qcBytes.at(-1)! ^ 1);
    const forged = items.with(height, { ...items[height]!, block: { ...decodeItem(new Uint8Array([...block.headerBytes, ...block.payload!]), qcBytes).block } });
    const last = items.at(-1)!;
    expect(await runThrough(openChain(), forged.slice(1), { each: true, target: { height: last.height, id: last.id, proven: true } })).toMatchObject({ code, weight: 'lie', at: height });
  });

  it('names as committed by the engine what the two-chain rule alone makes final, and the gaps between views', () => {
    const losingPairs = new Set(run.notFinal.filter(({ qc }) => qc !== undefined).map(({ header, payload, view, qc }) => `${decodeItem(fromHex(header + payload), fromHex(qc!)).parent} ${view}`));
    const gaps: number[] = [];
    for (const [i, { height, view, hash, engineCommitted }] of run.blocks.entries()) {
      const next = run.blocks[i + 1];
      if (i === 0 || !next) continue;
      expect([height, engineCommitted]).toEqual([height, next.view === view + 1 || losingPairs.has(`${hash} ${view + 1}`)]);
      if (next.view !== view + 1) gaps.push(height);
    }
    expect(run.viewGaps.map(({ height }) => height)).toEqual(gaps);
    expect(gaps.length).toBeGreaterThan(0);
    for (const { height, view, childView, parentEngineCommitted } of run.viewGaps) {
      expect([run.blocks[height]!.view, run.blocks[height + 1]!.view, run.blocks[height]!.engineCommitted]).toEqual([view, childView, parentEngineCommitted]);
    }
    for (const { heights } of run.engineCommitOrder) for (const height of heights) expect([height, run.blocks[height]!.engineCommitted]).toEqual([height, true]);
    expect(new Set(run.engineCommitOrder.flatMap(({ heights }) => heights)).size).toBe(run.blocks.filter(({ engineCommitted }) => engineCommitted).length);
  });

  it('has messages that decode, with certificates that hold', async () => {
    expect(new Set(run.messages.map(({ type }) => type))).toEqual(new Set(['PROPOSAL', 'VOTE', 'NEWVIEW']));
    const headers = new Map(items.map(({ id, block }) => [id, block.header]));
    let certificates = 0;
    for (const { type, view, from, hex } of run.messages) {
      const message = decodeMessage(fromHex(hex));
      expect([message.kind.replace('-', '').toUpperCase(), message.view, message.sender]).toEqual([type, view, from]);
      const qc = message.kind === 'proposal' ? message.justify : message.kind === 'new-view' ? message.highest : undefined;
      const header = qc && headers.get(toHex(typeof qc.hash === 'string' ? fromHex(qc.hash) : qc.hash));
      if (!qc || !header || certificates >= 24) continue;
      certificates += 1;
      expect(await verifyQc({ qc, hash: qc.hash, view: header.view, set: decodeValidatorSet(sets.get(header.validators)!) }, verifyHere, signal)).toBeUndefined();
    }
    expect(certificates).toBe(24);
  });
});
