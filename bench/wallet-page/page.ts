/** A wallet on `petrel/nimiq`, in a page as bare as the one of the official client. */

import { Client, ClientConfiguration } from '../../src/package/nimiq.ts';
import { run } from './run.ts';

// This chain makes blocks only on command, so the client must not call it stale.
await run(ClientConfiguration, (config) => Client.create(config, { settings: { staleBlocks: '100000' } }));
