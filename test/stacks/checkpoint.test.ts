import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StacksNet } from '../../devnet/stacks/stacks-net.ts';
import { packageBin } from '../../scripts/setup.mjs';
import { runCheckpoint } from '../../scripts/stacks-checkpoint/run-checkpoint.ts';
import { readEpochs } from '../../scripts/stacks-checkpoint/read-epochs.ts';
import { checkStacksNetwork } from '../../src/chains/stacks/chain/network.ts';

const folder = mkdtempSync(join(tmpdir(), 'petrel-checkpoint-'));
const out = join(folder, 'network.json');
let net: StacksNet;
beforeAll(async () => {
  net = await StacksNet.start({ gateways: 3, seed: 'checkpoint' });
});
beforeEach(() => net.fault('all', 'none'));
afterAll(async () => {
  await net.close();
  rmSync(folder, { recursive: true, force: true });
});

const asking = (...gateways: readonly number[]) => gateways.flatMap((at) => ['--gateway', net.gateways[at]!.url]);

describe('npm run stacks:checkpoint', () => {
  it('writes a network file whose checkpoint is a confirmed block that the signers of its cycle signed, and says what is trusted', async () => {
    const { status, text } = await runCheckpoint([...asking(0, 1), '--out', out, '--development']);
    expect(status).toBe(0);
    const network = checkStacksNetwork(JSON.parse(readFileSync(out, 'utf8')));
    const { name: _, gateways, checkpoint: taken, ...rest } = network;
    const { name: _name, gateways: urls, checkpoint: _checkpoint, ...expected } = net.network;
    expect(rest).toEqual(expected);
    expect(gateways).toEqual(urls.slice(0, 2));
    expect(taken.signers).toEqual(net.networkWith({ checkpoint: taken.cycle }).checkpoint.signers);
    expect(taken.block.height).toBe(net.info().confirmed);
    expect(net.chain.main.tip.height).toBeGreaterThan(taken.block.height);
    expect(text).toContain(taken.block.id);
    expect(text).toMatch(/they say the same.*Trusted by whoever uses this file.*Nothing of Bitcoin was verified/su);
    expect(text).not.toContain('WARNING');
  });

  it('warns where only one gateway was asked, and takes nothing where gateways differ or the signatures do not do', async () => {
    net.fault(1, 'forged-set');
    net.fault(2, 'weight-69');
    const said = (gateways: readonly number[]) => runCheckpoint([...asking(...gateways), '--out', join(folder, `${gateways.join('-')}.json`)]);
    expect(await said([0])).toMatchObject({ status: 0, text: expect.stringContaining('WARNING: only one gateway was asked') });
    expect(await said([0, 1])).toMatchObject({ status: 1, text: expect.stringMatching(/^No checkpoint was taken: http\S+ and http\S+ say different things \(checkpoint\)/u) });
    expect(await said([2])).toMatchObject({ status: 1, text: expect.stringMatching(/^No checkpoint was taken: the signers of cycle \d+ that the gateways name have not signed block [0-9a-f]{64} \(weight\)/u) });
    net.fault(0, 'gateway-down');
    expect(await said([0])).toMatchObject({ status: 1, text: expect.stringMatching(/^No checkpoint was taken: http:\S+: no connection\.\n$/u) });
    expect(readdirSync(folder).toSorted()).toEqual(['0.json', 'network.json']);
  });

  it('refuses wrong arguments before it asks anybody', async () => {
    for (const words of [['--out', out], ['--gateway', 'http://example.org', '--out', out], ['--nonsense']]) expect(await runCheckpoint(words)).toMatchObject({ status: 2, text: expect.stringContaining('--gateway URL   https') });
    const { status, stdout, stderr } = spawnSync(process.execPath, [packageBin('tsx'), join(import.meta.dirname, '../../scripts/stacks-checkpoint.ts'), '--gateway', 'http://example.org', '--out', out], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain("https address, or an http one of this machine; got 'http://example.org'");
  });
});

it('reads the epochs of a node: without ones that have no block or are not decided, and nothing else', () => {
  const epoch = (id: string, start: unknown) => ({ epoch_id: id, start_height: start });
  expect(readEpochs({ epochs: [epoch('Epoch10', 0), epoch('Epoch20', 0), epoch('Epoch2_05', 5), epoch('Epoch25', 9), epoch('Epoch30', 42), epoch('Epoch40', Number.MAX_SAFE_INTEGER)] })).toEqual([
    { id: '2.0', startHeight: 0 }, { id: '2.05', startHeight: 5 }, { id: '2.5', startHeight: 9 }, { id: '3.0', startHeight: 42 },
  ]);
  for (const pox of [undefined, null, {}, { epochs: {} }, { epochs: [1] }, { epochs: [epoch('X', 1)] }, { epochs: [epoch('Epoch30', '1')] }]) expect(readEpochs(pox)).toBeUndefined();
});
