import { createServer, connect, type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ShapedLine } from './shaped-line.ts';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

it('delivers all bytes in order, no sooner than the line allows', async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const line = new ShapedLine({ roundTrip: 40, kilobits: 8_000 });
  closing.push(() => line.close(), () => server.close());
  const port = await line.to((server.address() as AddressInfo).port);
  const sent = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
  const begun = performance.now();
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  closing.push(() => socket.destroy());
  socket.end(sent);
  const came: Buffer[] = [];
  for await (const data of socket) came.push(data as Buffer);
  expect(new Uint8Array(Buffer.concat(came))).toEqual(sent);
  // Two round trips (one of them opens the connection) and the time of the bytes once: the two directions overlap.
  expect(performance.now() - begun).toBeGreaterThan(2 * 40 + 100_000 / 1_000 - 5);
});
