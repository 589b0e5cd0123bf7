/**
 * The entry `petrel/widget`: defines `<petrel-widget>`. It depends on nothing, and does nothing on a server.
 * @module
 */

import { defineWidget } from '../widget/element.ts';

export { PetrelWidget } from '../widget/element.ts';
export { ProviderError } from '../widget/provider-error.ts';
export type { PaymentEvent } from '../widget/protocol.ts';

defineWidget();
