/** The texts of the shared parts. */
export const uiTexts = {
  copy: 'Copy',
  copied: 'Copied',
  select: 'The browser did not let Petrel copy. Select the text and copy it.',
  qr: 'QR code',
  amountProblems: {
    empty: 'Enter an amount.',
    'not-a-number': 'An amount has digits and at most one decimal point, such as 12.5.',
    'ambiguous-group': 'Enter the amount without separators between thousands.',
    'too-precise': 'An amount has at most five decimals: 0.00001 NIM is the smallest.',
    'too-large': 'That is more NIM than there can be.',
  },
} as const;
