/** In Node `@libp2p/webrtc` asks this module for WebRTC, in a browser the global scope: both are to give it ours (`../rtc-globals.ts`). */
export const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } = globalThis;
