/** Milliseconds in which changes of the size are told once. */
const DEBOUNCE = 60;

/** Calls `onChange` with the height in CSS pixels that the content needs. It depends on the width of the frame only, so the host's answer causes no further change. */
export function watchSize(element: Element, onChange: (height: number) => void): void {
  let told = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  new ResizeObserver(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      const height = Math.ceil(element.getBoundingClientRect().height);
      if (height === told) return;
      told = height;
      onChange(height);
    }, DEBOUNCE);
  }).observe(element);
}
