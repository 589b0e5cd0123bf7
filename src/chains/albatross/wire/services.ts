/**
 * What a peer offers, as bits of a u32 (Albatross network reference, 2.10; interop reference, section 4). Bit 2 is unused. Unknown bits are
 * kept when a contact is encoded again, because its signature covers them.
 */
export const services = {
  fullBlocks: 1,
  history: 2,
  accountsProof: 8,
  accountsChunks: 16,
  mempool: 32,
  transactionIndex: 64,
  validator: 128,
  preGenesisTransactions: 256,
  /** Petrel's own bit, sent in `/petrel/peers/1` and never in a contact: headers and justifications, by the requests of `serve/serve.ts`. */
  headers: 0x0100_0000,
} as const;

export type ServiceName = keyof typeof services;

/** Whether `offered` has every bit of `required`. */
export function providesServices(offered: number, required: number): boolean {
  return (offered & required) >>> 0 === required >>> 0;
}

/** The names of the known bits in `bits`, lowest first. */
export function serviceNames(bits: number): ServiceName[] {
  return (Object.keys(services) as ServiceName[]).filter((name) => (bits & services[name]) !== 0);
}
