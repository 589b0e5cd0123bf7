/** An event target with `on…` properties, like those of WebRTC's own objects; libp2p uses both ways. */
export class HandlerTarget extends EventTarget {
  /** Calls the listeners first and the property's handler last. */
  emit(event: Event): void {
    this.dispatchEvent(event);
    const handler: unknown = Reflect.get(this, `on${event.type}`);
    if (typeof handler === 'function') handler.call(this, event);
  }
}
