/**
 * The entry `petrel`: a light client for Nimiq Albatross and other chains, shared by all tabs of an origin.
 * @module
 */

export { createClient, type ClientOptions } from '../client/create-client.ts';
export type { HostChoice } from '../client/host-choice.ts';
export type { WorkerFactories } from '../client/worker-factories.ts';
export { networkNamed, networkNames, type NetworkName } from '../client/networks.ts';
export * from '../client/types.ts';
export { CallError, ClientError, HelloError, HubError } from '../bridge/errors.ts';
export type { CallErrorCode, ClientErrorCode, HelloErrorCode } from '../bridge/errors.ts';
export type { ErrorData } from '../base/coded-error.ts';
export type { NetworkParameters, Seed, ZkpParameters } from '../chains/albatross/chain/network.ts';
