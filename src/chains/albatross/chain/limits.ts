/** Slots of an epoch. Albatross block reference, section 3. */
export const slotCount = 512;
/** Signing slots a justification needs: ceil(2 * 512 / 3). Albatross block reference, section 3. */
export const twoFPlusOne = 342;
/** Most bytes of extra data in a valid block. Albatross block reference, 5.1. */
export const maxExtraData = 32;
