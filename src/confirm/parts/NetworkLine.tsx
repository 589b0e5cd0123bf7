import type { Status } from '../../client/types.ts';
import { developmentNetworks } from '../../page/default-network.ts';
import { texts } from '../texts.ts';

/** The network that is meant; a development network is told apart from the real one. */
export function NetworkLine({ network, status }: { readonly network: string; readonly status: Status | undefined }) {
  const development = developmentNetworks.has(network) || status?.network.development === true;
  return (
    <p className="network-line" data-development={development} data-testid={development ? 'development' : 'network'}>
      <strong dir="ltr">{status?.network.name ?? network}</strong>
      {development && <> · {texts.development}</>}
    </p>
  );
}
