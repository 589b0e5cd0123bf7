/** Only of use to connections with servers (WebRTC Direct), of which Petrel makes none. */
export const PeerConnection = undefined;
export const IceUdpMuxListener = undefined;
