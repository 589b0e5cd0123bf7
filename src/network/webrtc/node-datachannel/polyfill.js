/**
 * In Node `@libp2p/webrtc` takes WebRTC from this module, in a browser from the global scope: both must give it ours (`../rtc-globals.ts`).
 */
export const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } = globalThis;
