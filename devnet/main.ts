import '../src/base/with-resolvers.ts';
import { FAULTS } from './arm-fault.ts';
import { DataError } from './chain-file.ts';
import { parseCommand, type Command } from './commands.ts';
import { createDevnet, type Devnet } from './devnet.ts';
import { HELP, parseOptions } from './options.ts';
import { optionsFrom, refuse, say, serveCommands } from './process.ts';

async function run(devnet: Devnet, command: Command): Promise<unknown> {
  const short = (blocks: readonly { height: number; hash: string }[]): unknown => blocks.map(({ height, hash }) => ({ height, hash }));
  switch (command.do) {
    case 'produce':
      return short(await devnet.produce(command.n, { skip: command.skip }));
    case 'fork':
      return short(await devnet.fork(command.back, command.n));
    case 'rebranch':
      return short(await devnet.rebranch(command.back, { skip: command.skip }));
    case 'stop':
      return command.peer === 'relay' ? devnet.stopRelay() : devnet.stopPeer(command.peer);
    case 'start':
      return command.peer === 'relay' ? devnet.startRelay() : devnet.startPeer(command.peer);
    case 'fault':
      return (await devnet.fault(command.peer, command.request)).map(({ height, made }) => ({ height, hash: made.hash }));
    case 'faults':
      return FAULTS;
    case 'lie':
      return (await devnet.lie(command.n)).map(({ height, made }) => ({ height, hash: made.hash }));
    case 'withhold':
      return devnet.withhold(command.on);
    case 'zkp':
      return devnet.zkp(command.mode);
    case 'send':
      return { hash: devnet.send('transfer' in command ? devnet.transfer(command.transfer) : command.transaction) };
    case 'version':
      return devnet.version(command.version);
    case 'look':
      return devnet.look();
    case 'info':
      return devnet.info();
  }
}

const options = optionsFrom(parseOptions, HELP);
if (options !== undefined) {
  const devnet = await createDevnet({ ...options, onEvent: say }).catch((error: unknown) => refuse(error, [DataError]));
  serveCommands({ parse: parseCommand, run: (command) => run(devnet, command), close: () => devnet.close() });
}
