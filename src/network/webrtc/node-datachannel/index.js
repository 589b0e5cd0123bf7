/** Needed only for connections with servers (WebRTC Direct), which Petrel does not make. */
export const PeerConnection = undefined;
export const IceUdpMuxListener = undefined;
