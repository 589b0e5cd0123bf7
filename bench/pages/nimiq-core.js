// Uses the official client as its README says: the web build, without a bundler. The bench replaces the package's name by the
// served path.
import init, * as Nimiq from '@nimiq/core/web';

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

const tellConsensus = async (state) => {
  bench.mark(`consensus ${state}`);
  if (state !== 'established') return;
  // The client reports consensus only with three or more peers (its `min_peers`), even if they joined before this code listened.
  bench.tell({ established: true, peers: 3 });
  bench.tell({ head: await client.getHeadHash() });
};
await client.addPeerChangedListener((_peer, _reason, peers) => bench.tell({ peers }));
await client.addHeadChangedListener((head) => bench.tell({ head }));
await client.addConsensusChangedListener(tellConsensus);
if (await client.isConsensusEstablished()) await tellConsensus('established');
