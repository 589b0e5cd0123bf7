/**
 * The entry `petrel/react`: a client and its state as React hooks.
 * @module
 */

export { useClient, type ClientState } from '../react/use-client.ts';
export { useHead, useLog, useNotices, usePeers, useStatus, useTrust } from '../react/hooks.ts';
