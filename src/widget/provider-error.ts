/** Codes of EIP-1193 and of JSON-RPC. */
export const codes = {
  /** The person refused, or closed the window. */
  rejected: 4001,
  /** Not allowed for this host. */
  unauthorised: 4100,
  /** No such method, or not here. */
  unsupported: 4200,
  /** The frame or the network is not there. */
  disconnected: 4900,
  /** A parameter is wrong. */
  badParams: -32602,
  /** Too much at once. */
  busy: -32005,
  /** Something else failed. */
  failed: -32603,
} as const;

/** Why a request failed: `code` as EIP-1193 has it, `data.reason` what exactly happened. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly code: number;
  readonly data: { readonly reason: string; readonly field?: string | undefined };
  constructor(code: number, reason: string, field?: string) {
    super(field === undefined ? reason : `${reason}: ${field}`);
    this.code = code;
    this.data = field === undefined ? { reason } : { reason, field };
  }
}
