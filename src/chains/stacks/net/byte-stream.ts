/** A connection that moves bytes in order, such as of TCP. Who opens it gives it to one reader. */
export interface ByteStream {
  /** Takes bytes to send, in order. After the end they are dropped. */
  send(bytes: Uint8Array): void;
  /** The one listener for bytes as they come, cut anywhere. What came before is handed to it at once. */
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** The one listener for the end, by either side; it is called once. */
  onClose(listener: () => void): void;
  close(): void;
}
