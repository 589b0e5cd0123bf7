/** `npm run stacks:inventory`: which tenures Stacks nodes say they have, asked over TCP. */
import { readFileSync } from 'node:fs';
import { checkStacksNetwork } from '../../../src/chains/stacks/chain/network.ts';
import { StacksNetworkError } from '../../../src/chains/stacks/chain/network-error.ts';
import { OptionsError } from '../../options.ts';
import { optionsFrom, refuse } from '../../process.ts';
import { GatewayError } from './ask-gateway.ts';
import { collectInventories } from './collect.ts';
import { INVENTORY_HELP, parseInventoryOptions } from './options.ts';

const COMMAND = 'stacks:inventory';

function networkOf(path: string) {
  try {
    return checkStacksNetwork(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw error instanceof StacksNetworkError ? error : new OptionsError('bad-value', `--network cannot be read: ${(error as Error).message}`);
  }
}

async function run(): Promise<void> {
  const options = optionsFrom(parseInventoryOptions, INVENTORY_HELP, COMMAND);
  if (!options) return;
  const network = networkOf(options.network);
  if (options.gateway === undefined && network.gateways.length === 0) throw new OptionsError('bad-value', 'the network file names no gateway; give one with --gateway');
  const { lines, reached } = await collectInventories(options, network);
  process.stdout.write(`${lines.join('\n')}\n`);
  // One that reached nobody has failed.
  if (reached === 0) process.exitCode = 1;
}

await run().catch((error: unknown) => refuse(error, [GatewayError, StacksNetworkError], COMMAND));
