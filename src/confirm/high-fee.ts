/** Luna: 1 NIM. The largest transactions that this page makes cost less than 0.01 NIM at the highest rate of the wallet. */
const HIGH = 100_000n;

/** Whether a site asks for a fee (luna) that no person would choose. */
export function isHighFee(fee: bigint): boolean {
  return fee >= HIGH;
}
