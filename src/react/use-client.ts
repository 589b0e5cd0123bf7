import { useEffect, useState } from 'react';
import { createClient, type ClientOptions } from '../client/create-client.ts';
import type { Client } from '../client/types.ts';

/** The state of creating a client. */
export type ClientState =
  | { readonly state: 'connecting' }
  | { readonly state: 'ready'; readonly client: Client }
  /** The `ClientError` or `HelloError` with which `createClient` rejected. */
  | { readonly state: 'failed'; readonly error: unknown };

const connecting: ClientState = { state: 'connecting' };

/**
 * A client that lives as long as the component. Pass the same `options` object every time: another object creates another client.
 * @unstable Until version 1.0 anything here may change.
 */
export function useClient(options: ClientOptions): ClientState {
  const [made, setMade] = useState<{ readonly options: ClientOptions; readonly result: ClientState }>();
  useEffect(() => {
    let ended = false;
    const client = createClient(options);
    client.then(
      (ready) => !ended && setMade({ options, result: { state: 'ready', client: ready } }),
      (error: unknown) => !ended && setMade({ options, result: { state: 'failed', error } }),
    );
    return () => {
      ended = true;
      client.then((ready) => ready.close()).catch(() => undefined);
    };
  }, [options]);
  return made?.options === options ? made.result : connecting;
}
