// What a browser needs for the parts of a client that does nothing: a SharedWorker that opens a socket to each peer, and a worker. It
// verifies nothing and asks nothing. It tells the bench that it is done when all sockets are open and the worker has answered.
const sockets = new URLSearchParams(location.search)
  .get('seeds')
  .split(',')
  .map((seed) => `ws://127.0.0.1:${/\/tcp\/(\d+)/u.exec(seed)[1]}`);

const answered = new Promise((resolve) => {
  const worker = new Worker('/assets/idle.js', { type: 'module' });
  worker.addEventListener('message', resolve, { once: true });
});
const { port } = new SharedWorker('/assets/sockets.js', { name: 'floor', type: 'module' });
const open = new Promise((resolve) => port.addEventListener('message', ({ data }) => resolve(data), { once: true }));
port.start();
port.postMessage(sockets);
const [count] = await Promise.all([open, answered]);
document.getElementById('sockets').textContent = String(count);
bench.tell({ established: true, peers: count, head: bench.expectedHead });
