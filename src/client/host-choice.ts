/** Where the hub runs: `shared`, a SharedWorker; `elected`, the worker of one tab for all tabs; `single`, a worker for this tab alone. */
export type HostChoice = 'shared' | 'elected' | 'single';
