import { expect, it } from 'vitest';

it('W2: can be imported where there is no document, and then defines nothing', async () => {
  const { PetrelWidget } = await import('../package/widget.ts');
  expect(PetrelWidget.observedAttributes).toContain('address');
  expect('customElements' in globalThis).toBe(false);
});
