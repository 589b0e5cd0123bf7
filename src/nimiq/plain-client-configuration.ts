/** The official client's options. */
export interface PlainClientConfiguration {
  networkId?: string;
  seedNodes?: string[];
  logLevel?: string;
  onlySecureWsConnections?: boolean;
  desiredPeerCount?: number;
  peerCountMax?: number;
  peerCountPerIpMax?: number;
  peerCountPerSubnetMax?: number;
  networkBufferSize?: number;
  syncMode?: string;
  numInitialConnections?: number;
}
