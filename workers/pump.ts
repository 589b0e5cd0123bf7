/**
 * The pump: moves the bytes of a page's data channels to the hub and back, so that a busy page delays nothing. It does not interpret the
 * bytes.
 */

import { pumpChannel } from '../src/bridge/ports/channel-port.ts';
import type { Port } from '../src/bridge/ports/port.ts';
import { readPumpOrder, readPumpSent, type PumpReport } from '../src/bridge/ports/pump-messages.ts';

const page = globalThis as unknown as Port;

const report = (message: PumpReport) => page.postMessage(message, []);

addEventListener('message', ({ data }) => {
  const sent = readPumpSent(data);
  if (sent) return report({ kind: 'read', id: sent.id });
  const order = readPumpOrder(data);
  if (!order) return;
  pumpChannel(order.channel, order.port);
  report({ kind: 'pumping', id: order.id });
});
