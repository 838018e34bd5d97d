/**
 * Focuses an element when it appears. Use it as `ref` in a dialog that is already open, since browsers apply `autofocus`
 * only when a dialog opens.
 */
export const focusOnMount = (element: HTMLElement | null): void => element?.focus();
