// Runs in every page of the bench before the page's own scripts. It defines consensus for both clients: three peers have joined,
// the client reports consensus, and the newest block of the network is its head. Times are milliseconds since the navigation began.
(() => {
  const { promise, resolve } = Promise.withResolvers();
  const known = { established: false, peers: 0, head: '' };
  const bench = {
    /** Hash of the network's newest block; the bench inserts it. */
    expectedHead: '',
    /** Time of the first mark of each name. */
    marks: {},
    /** Tasks of the page's main thread that took longer than 50 ms: [begin, duration]. */
    longTasks: [],
    /** Violations of the security policy. */
    refused: [],
    /** Uncaught errors of the page. */
    errors: [],
    /** The client's part sets it, to read values that would disturb the measurement if read earlier. */
    afterwards: async () => {},
    consensus: promise,
    mark: (name, time = performance.now()) => {
      bench.marks[name] ??= time;
    },
    tell: (news) => {
      Object.assign(known, news);
      if (known.peers > 0) bench.mark('first peer');
      if (known.peers >= 3) bench.mark('third peer');
      if (known.head === bench.expectedHead) bench.mark('head');
      if (!known.established || known.peers < 3 || known.head !== bench.expectedHead) return;
      bench.mark('consensus');
      resolve(bench.marks.consensus);
    },
  };
  globalThis.bench = bench;
  addEventListener('securitypolicyviolation', (event) => bench.refused.push(`${event.violatedDirective} ${event.blockedURI}`));
  addEventListener('error', (event) => bench.errors.push(`${event.message ?? 'not loaded'} ${event.filename ?? event.target?.src ?? ''}`), { capture: true });
  addEventListener('unhandledrejection', ({ reason }) => bench.errors.push(String(reason)));
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) bench.longTasks.push([startTime, duration]);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntriesByName('first-contentful-paint')) bench.mark('first paint', startTime);
  }).observe({ type: 'paint', buffered: true });
})();
