import { randomBytes } from 'node:crypto';
import { hosts, planChaos, PEERS, type HostName } from './support/chaos/plan.ts';
import { ChaosWorld, runChaos } from './support/chaos/world.ts';
import { freezableBrowser } from './support/freezable.ts';
import { expect, test } from './support/fixtures.ts';
import { patience } from './support/patience.ts';
import { serveTwoBuilds } from './support/two-builds.ts';

/**
 * Opens, closes, reloads, freezes and kills tabs at random, in a sequence that the seed decides, while blocks are produced and
 * peers stop and start. `npm test` runs one fixed sequence on each host, and `npm run test:long` a new one besides. Every run prints its seed, and `npm
 * run chaos -- --seed x --actions 300 --host elected` repeats it.
 */
const { PETREL_CHAOS_SEED: seed, PETREL_CHAOS_ACTIONS: actions = '40', PETREL_CHAOS_HOST: only } = process.env;

/** Milliseconds until the first heartbeat ping. A tab that is noticed earlier was noticed by its lock. */
const FIRST_PING = 5_000;

const fresh = () => randomBytes(4).toString('hex');
const kinds: Readonly<Record<string, () => string>> = seed === undefined ? { fixed: () => 'petrel', ...(process.env['PETREL_LONG'] === '1' ? { random: fresh } : {}) } : { chosen: () => seed };
const runs = hosts.filter((host) => only === undefined || host === (only as HostName)).flatMap((host) => Object.entries(kinds).map(([kind, choose]) => ({ host, kind, choose })));

for (const { host, kind, choose } of runs) {
  test(`${host}: ${actions} actions of a ${kind} seed`, async ({ startDevnet, launchOptions }, info) => {
    test.setTimeout(patience(120_000 + Number(actions) * 10_000));
    const value = choose();
    info.annotations.push({ type: 'seed', description: value });
    const lines: string[] = [];
    const begun = Date.now();
    const say = (line: string) => void lines.push(`${String(Date.now() - begun).padStart(7)} ${line}`);
    const devnet = await startDevnet('--seed', `chaos ${value}`, '--peers', String(PEERS));
    const builds = await serveTwoBuilds();
    const { browser, context, close } = await freezableBrowser(launchOptions);
    const crashes: string[] = [];
    context.on('page', (page) => page.on('pageerror', (error) => crashes.push(String(error))));
    try {
      const world = new ChaosWorld({ host, browser, context, devnet, builds, say });
      await runChaos(world, planChaos(value, Number(actions), host), say);
      const noticed = await world.closingIsNoticed();
      if (noticed !== undefined) expect(noticed).toBeLessThan(FIRST_PING);
      expect(crashes, 'uncaught errors in pages').toEqual([]);
      const { grants, writes } = world.owners;
      process.stdout.write(`chaos ${host}, seed ${value}: ${actions} actions, ${world.judgements} judgements, ${grants} owners, ${writes} writes, a closed tab noticed in ${noticed ?? '-'} ms, ${Math.round((Date.now() - begun) / 1000)} s\n`);
    } catch (error) {
      process.stdout.write(`chaos ${host}, seed ${value} (npm run chaos -- --seed ${value} --actions ${actions} --host ${host}):\n${lines.join('\n')}\n`);
      throw error;
    } finally {
      await close();
      await builds.close();
    }
  });
}
