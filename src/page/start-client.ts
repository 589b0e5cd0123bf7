import type { Client } from '../client/types.ts';
import type { ClientOptions } from '../client/create-client.ts';
import { problemOf, type ProblemFacts } from './problem-of.ts';
import { isDevelopment } from './default-network.ts';
import type { Query } from './query.ts';

/**
 * The setting's default. A link with fewer witnesses and with the seeds of its author would make the page believe the author's peers without a
 * warning. All tabs share the client, also the wallet.
 */
const LEAST_WITNESSES = 3;

/**
 * Starts the client that the URL asks for. A wrong value among the settings, the seeds or the host is left out and reported to `onLeftOut`,
 * and the client starts without it. A wrong network is an error: starting another network instead would surprise the user.
 * @throws what `create` throws.
 */
export async function startClient(query: Query, network: ClientOptions['network'], create: (options: ClientOptions) => Promise<Client>, onLeftOut: (problem: ProblemFacts) => void): Promise<Client> {
  let { seeds, host, settings }: Pick<Query, 'seeds' | 'host' | 'settings'> = query;
  const { witnesses } = settings;
  if (witnesses !== undefined && Number(witnesses) < LEAST_WITNESSES && !isDevelopment(network)) {
    settings = without(settings, 'witnesses');
    onLeftOut({ code: 'bad-settings', data: { setting: 'witnesses', from: 'url', message: `witnesses: a link may not ask for fewer than ${LEAST_WITNESSES} on a network whose coins have value` } });
  }
  for (;;) {
    try {
      return await create({ network, seeds, host, settings });
    } catch (error) {
      let problem = problemOf(error);
      const { setting, from, field } = problem.data;
      if (problem.code === 'bad-settings' && from === 'url' && typeof setting === 'string' && Object.hasOwn(settings, setting)) {
        settings = without(settings, setting);
      } else if (problem.code === 'bad-network' && field === 'seeds' && seeds) {
        seeds = undefined;
        // Wrong seeds in a network file get another text.
        problem = { ...problem, data: { ...problem.data, from: 'url' } };
      } else if (problem.code === 'bad-host' && host !== undefined) host = undefined;
      else throw error;
      onLeftOut(problem);
    }
  }
}

function without(settings: Query['settings'], setting: string): Query['settings'] {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name !== setting));
}
