/** The hub, with all chains of the registry. */

// First: it tells the pages if later code throws while it loads.
import { loaded } from '../src/hub/tabs/guarded-load.ts';
import '../src/base/with-resolvers.ts';
import { chains } from '../src/chains/registry.ts';
import { runHub } from '../src/hub/run-hub.ts';

runHub(chains, loaded);
