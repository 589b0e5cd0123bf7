/**
 * The entry `petrel/provider`: a widget as a provider in the form of EIP-1193, announced by an event.
 * @module
 */

export { announceProvider, type AnnouncedProvider, findProviders, type PetrelProvider, type ProviderEvent, providerOf } from '../widget/provider.ts';
export { ProviderError } from '../widget/provider-error.ts';
