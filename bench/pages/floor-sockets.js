// A SharedWorker that opens the sockets that a page names, and tells how many are open when all are.
addEventListener('connect', ({ ports: [port] }) => {
  port.addEventListener('message', async ({ data }) => {
    const open = (url) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(url);
        socket.addEventListener('open', () => resolve(socket));
        socket.addEventListener('error', () => reject(new Error(`no socket to ${url}`)));
      });
    const sockets = await Promise.all(data.map(open));
    port.postMessage(sockets.length);
  });
  port.start();
});
