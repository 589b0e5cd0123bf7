/**
 * What a gateway answers to a request.
 * @module
 */
export interface GatewayAnswer {
  readonly status: number;
  readonly type: 'application/json' | 'application/octet-stream' | 'text/plain' | 'text/html';
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export function json(value: unknown, status = 200): GatewayAnswer {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

export function octets(body: Uint8Array): GatewayAnswer {
  return { status: 200, type: 'application/octet-stream', body };
}

export function plain(status: number, body: string): GatewayAnswer {
  return { status, type: 'text/plain', body };
}
