/**
 * How much work the client does for all pages together. `full`: some page is visible. `low`: no page is visible, or a page asks to save
 * data; the client then keeps no more peers than consensus needs. `none`: all pages are frozen and cannot show anything.
 */
export interface Attention {
  readonly mode: 'full' | 'low' | 'none';
  /** Whether any page says that the device is online. This is only a hint. */
  readonly online: boolean;
  /** Whether any page asks to save data. The client then also serves nothing to other peers. */
  readonly saveData: boolean;
}

export const fullAttention: Attention = { mode: 'full', online: true, saveData: false };
