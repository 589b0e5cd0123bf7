// Petrel's app exposes its client as `petrel`. This script listens to that client through its public API.
(() => {
  let client;
  const listen = () => {
    bench.mark('client');
    client.on('status', ({ phase, consensus, peers, host }) => {
      bench.mark(`phase ${phase}`);
      if (host.verifiers > 0) bench.mark('verifier');
      bench.tell({ established: consensus === 'established', peers: peers.connected });
    });
    client.on('head', ({ head }) => {
      if (head.known) bench.mark('headline');
      if (head.known) bench.mark(`level ${head.latest.trust}`);
      bench.tell({ head: head.latest.hash });
    });
  };
  Object.defineProperty(globalThis, 'petrel', {
    configurable: true,
    get: () => client,
    set: (value) => {
      client = value;
      listen();
    },
  });
  // The hub's own log, with times by the wall clock.
  bench.afterwards = async () => {
    for (const { code, time } of await client.getLog()) bench.mark(`hub ${code}`, time - performance.timeOrigin);
  };
})();
