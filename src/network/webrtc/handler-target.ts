/** An event target with `on…` properties, as WebRTC's own have them; libp2p uses both ways. */
export class HandlerTarget extends EventTarget {
  /** Listeners first, the property's handler last. */
  emit(event: Event): void {
    this.dispatchEvent(event);
    const handler: unknown = Reflect.get(this, `on${event.type}`);
    if (typeof handler === 'function') handler.call(this, event);
  }
}
