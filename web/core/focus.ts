/** What has the focus, inside of whatever shadow roots; null: the page as a whole. */
export const focusedElement = (): HTMLElement | null => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at instanceof HTMLElement && at !== document.body ? at : null;
};
