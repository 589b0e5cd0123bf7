import { expect, it } from 'vitest';
import { ClientError, HelloError } from '../bridge/errors.ts';
import type { ClientOptions } from '../client/create-client.ts';
import type { Client } from '../client/types.ts';
import { problemOf, type ProblemFacts } from './problem-of.ts';
import type { Query } from './query.ts';
import { startClient } from './start-client.ts';
import { textOf } from './code-texts.ts';

const client = {} as Client;
const badSetting = (setting: string, from: string) => new HelloError('bad-settings', { setting, from });

async function start(query: Partial<Query>, check: (options: ClientOptions) => void) {
  const leftOut: string[] = [];
  const tried: ClientOptions[] = [];
  const create = async (options: ClientOptions) => {
    tried.push(options);
    check(options);
    return client;
  };
  const result = startClient({ network: 'x', seeds: undefined, host: undefined, settings: {}, ...query }, 'unit-albatross', create, ({ code }) => leftOut.push(code));
  return { result: await result.catch((error: unknown) => error), leftOut, last: tried.at(-1) };
}

it('ignores each wrong value of the address, reports it, and keeps the rest', async () => {
  const { result, leftOut, last } = await start({ seeds: ['nonsense'], host: 'moon' as never, settings: { witnesses: '0', minPeers: 'many', prove: 'false' } }, ({ host, seeds, settings }) => {
    if (host) throw new ClientError('bad-host', { host });
    for (const name of ['witnesses', 'minPeers']) if (settings?.[name] !== undefined) throw badSetting(name, 'url');
    if (seeds) throw new HelloError('bad-network', { field: 'seeds' });
  });
  expect(result).toBe(client);
  expect(leftOut).toEqual(['bad-host', 'bad-settings', 'bad-settings', 'bad-network']);
  expect(last).toEqual({ network: 'unit-albatross', seeds: undefined, host: undefined, settings: { prove: 'false' } });
});

it('reports whether wrong seeds come from the address or from the network file', async () => {
  const problems: ProblemFacts[] = [];
  const create = async ({ seeds }: ClientOptions): Promise<Client> => {
    throw new HelloError('bad-network', { field: 'seeds', reason: 'out-of-range', message: seeds ? 'not these' : 'nor those' });
  };
  await startClient({ network: '/own.json', seeds: ['nonsense'], host: undefined, settings: {} }, 'unit-albatross', create, (problem) => problems.push(problem)).catch((error: unknown) => problems.push(problemOf(error)));
  const [ofAddress, ofFile] = problems.map(({ code, data }) => textOf(code, data));
  expect(ofAddress).toMatch(/not these.*in the address, or take it out: then/u);
  expect(ofFile).toMatch(/nor those.*Correct the network file/u);
});

it('fails where the address is not to blame', async () => {
  for (const error of [badSetting('witnesses', 'network'), badSetting('other', 'url'), new HelloError('bad-network', { field: 'seeds' }), new ClientError('bad-host'), 'text']) {
    const { result, leftOut } = await start({ settings: { witnesses: '3' } }, () => {
      throw error;
    });
    expect([result, leftOut]).toEqual([error, []]);
  }
});

it('takes no fewer witnesses from a link than the default, where coins have value', async () => {
  const asked = async (network: ClientOptions['network'], witnesses: string) => {
    const problems: ProblemFacts[] = [];
    let given: ClientOptions['settings'];
    const create = async ({ settings }: ClientOptions): Promise<Client> => {
      given = settings;
      return client;
    };
    await startClient({ network: 'x', seeds: undefined, host: undefined, settings: { witnesses, prove: 'true' } }, network, create, (problem) => problems.push(problem));
    return { given, told: problems.map(({ code, data }) => textOf(code, data)) };
  };
  const refused = await asked('main-albatross', '1');
  expect(refused.given).toEqual({ prove: 'true' });
  expect(refused.told).toEqual([expect.stringMatching(/“witnesses”.*not ask for fewer than 3/u)]);
  expect((await asked('main-albatross', '5')).given).toEqual({ witnesses: '5', prove: 'true' });
  expect(await asked('unit-albatross', '1')).toEqual({ given: { witnesses: '1', prove: 'true' }, told: [] });
});
