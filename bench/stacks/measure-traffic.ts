/**
 * Bytes of following a gateway, measured on the connection to one of the local network, and what they come to in a day.
 * @module
 */
import { Agent, get } from 'node:http';
import type { Socket } from 'node:net';
import { StacksNet } from '../../devnet/stacks/stacks-net.ts';
import { mainnetHeaders } from '../../test/support/stacks-vectors.ts';

export interface Traffic {
  /** Bytes received for one `/v3/tenures/info`, with its headers; and those of the body alone. */
  readonly poll: number;
  readonly pollBody: number;
  /** Bytes received for the sortition of a tenure. */
  readonly sortition: number;
  /** Bytes that an answer has around its body: status line and headers. */
  readonly around: number;
  /** Mean bytes of a header of the main network, and how many there are. */
  readonly header: number;
  readonly headers: number;
}

export interface DayOf {
  readonly name: string;
  readonly polls: number;
  readonly blocks: number;
  readonly tenures: number;
  /** Bytes. */
  readonly total: number;
}

const DAY = 86_400;

/** Seconds between two blocks, and between two tenures (Bitcoin blocks), as assumed for a day. */
export const BLOCK_TIME = 5;
export const TENURE_TIME = 600;

export async function measureTraffic(): Promise<Traffic> {
  const net = await StacksNet.start({ cycleLength: 10, prepareLength: 3, cycles: 1 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const { url } = net.gateways[0]!;
    // The first request opens the connection.
    await received(`${url}/v3/tenures/info`, agent);
    const poll = await received(`${url}/v3/tenures/info`, agent);
    const sortition = await received(`${url}/v3/sortitions/consensus/${net.tip.tenure.consensusHash}`, agent);
    const sizes = mainnetHeaders.map(({ header }) => header.length / 2);
    return { poll: poll.wire, pollBody: poll.body, sortition: sortition.wire, around: poll.wire - poll.body, header: sizes.reduce((sum, size) => sum + size, 0) / sizes.length, headers: sizes.length };
  } finally {
    agent.destroy();
    await net.close();
  }
}

/**
 * A day of polls each `seconds`: the header of each block is fetched once by its id and cut off after the header, and for each tenure its sortition and the first header of
 * the tenure before, as `GatewaySession` does.
 */
export function dayOf(name: string, seconds: number, { poll, sortition, around, header }: Traffic): DayOf {
  const [polls, blocks, tenures] = [DAY / seconds, DAY / BLOCK_TIME, DAY / TENURE_TIME];
  return { name, polls, blocks, tenures, total: polls * poll + blocks * (around + header) + tenures * (sortition + around + header) };
}

/** Bytes that the connection received for one answer, and those of its body. */
function received(url: string, agent: Agent): Promise<{ readonly wire: number; readonly body: number }> {
  return new Promise((resolve, reject) => {
    let socket: Socket | undefined;
    let before = 0;
    const request = get(url, { agent }, (response) => {
      let body = 0;
      response.on('data', (chunk: Buffer) => (body += chunk.length));
      response.on('end', () => resolve({ wire: (socket?.bytesRead ?? 0) - before, body }));
    });
    request.on('socket', (it) => {
      socket = it;
      before = it.bytesRead;
    });
    request.on('error', reject);
  });
}
