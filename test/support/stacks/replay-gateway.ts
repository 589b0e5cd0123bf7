/** An HTTP server on loopback that answers as the recorded node did. A path that was not recorded is 404, and a preflight is refused. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { derivedReplies, recordedPreflight, recordedReplies, textReply, type RecordedReply } from './recorded-replies.ts';

export interface ReplayGateway {
  readonly url: string;
  /** `GET /path` in their order. */
  readonly requests: string[];
  /** Answers in place of the recorded ones, by path with query; a function may do as it likes with the response, or give a reply. */
  readonly replies: Map<string, RecordedReply | ((request: IncomingMessage, response: ServerResponse) => RecordedReply | undefined)>;
  close(): Promise<void>;
}

export async function replayGateway(): Promise<ReplayGateway> {
  const requests: string[] = [];
  const replies: ReplayGateway['replies'] = new Map();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(`${request.method} ${path}`);
    if (request.method !== 'GET') {
      response.writeHead(recordedPreflight.status, { allow: 'GET', 'access-control-allow-origin': '*' }).end();
      return;
    }
    const recorded = recordedReplies.get(path);
    const found = replies.get(path) ?? (recorded?.status === 200 ? recorded : (derivedReplies.get(path) ?? recorded)) ?? textReply('Not Found', 404);
    const reply = typeof found === 'function' ? found(request, response) : found;
    if (reply) response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    replies,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
