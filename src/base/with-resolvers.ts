/**
 * `Promise.withResolvers` where it is missing (Node 20, Safari before 17.4). libp2p 3 calls it while it is being imported, so every entry
 * file imports this file first.
 * @see https://caniuse.com/mdn-javascript_builtins_promise_withresolvers
 * @module
 */

if (typeof Promise.withResolvers !== 'function') {
  Object.defineProperty(Promise, 'withResolvers', {
    configurable: true,
    writable: true,
    value: function withResolvers<T>(this: PromiseConstructor): PromiseWithResolvers<T> {
      let resolve!: PromiseWithResolvers<T>['resolve'];
      let reject!: PromiseWithResolvers<T>['reject'];
      const promise = new this<T>((res, rej) => {
        resolve = res;
        reject = rej;
      });
      return { promise, resolve, reject };
    },
  });
}
