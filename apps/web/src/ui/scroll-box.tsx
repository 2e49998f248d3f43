import type { ComponentProps } from 'react';

/** Something that may be larger than its place: it can be scrolled with the keyboard too. */
export function ScrollBox(props: ComponentProps<'div'>) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
  return <div tabIndex={0} {...props} />;
}
