// The official client as its README says: the web build, no bundler.
import init, * as Nimiq from './nimiq-core/web/index.js';

const seeds = new URLSearchParams(location.search).get('seeds').split(',');

await init();
bench.mark('main-thread module');
const config = new Nimiq.ClientConfiguration();
config.network('UnitAlbatross');
config.seedNodes(seeds);
config.onlySecureWsConnections(false);
config.logLevel('error');
const client = await Nimiq.Client.create(config.build());
bench.mark('client');

const tellHead = async () => bench.tell({ head: await client.getHeadHash() });
const tellConsensus = (state) => {
  bench.mark(`consensus ${state}`);
  bench.tell({ established: state === 'established' });
  if (state === 'established') void tellHead();
};
await client.addPeerChangedListener((_peer, _reason, peers) => bench.tell({ peers }));
await client.addHeadChangedListener((head) => bench.tell({ head }));
await client.addConsensusChangedListener(tellConsensus);
// Whatever came before the listeners.
bench.tell({ peers: (await client.getPeers?.())?.length ?? 0 });
if (await client.isConsensusEstablished()) tellConsensus('established');
