/**
 * The pump: moves the bytes of a page's data channels to the hub and back, so that a busy page delays nothing. It does not interpret the
 * bytes.
 */

import { pumpChannel } from '../src/bridge/ports/channel-port.ts';
import type { Port } from '../src/bridge/ports/port.ts';
import { readPumpOrder, type PumpReport } from '../src/bridge/ports/pump-messages.ts';

const page = globalThis as unknown as Port;

addEventListener('message', (event) => {
  const order = readPumpOrder(event.data);
  if (!order) return;
  pumpChannel(order.channel, order.port);
  page.postMessage({ kind: 'pumping', id: order.id } satisfies PumpReport, []);
});

addEventListener('messageerror', () => page.postMessage({ kind: 'lost' } satisfies PumpReport, []));
