import { lazy, type ReactNode, Suspense, useRef } from 'react';
import type { ConfirmProps, DialogProps } from './dialog-parts.tsx';

// What a dialog needs comes with the first one that is opened.
const DialogParts = lazy(async () => ({
  default: (await import('./dialog-parts.tsx')).DialogParts,
}));
const ConfirmParts = lazy(async () => ({
  default: (await import('./dialog-parts.tsx')).ConfirmParts,
}));

/** A form or a question over the page; on a phone it rises from below. */
export const Dialog = (props: DialogProps) => (
  <OnceOpen open={props.open}>
    <DialogParts {...props} />
  </OnceOpen>
);

/** Asks before something is done that can't be undone. */
export const Confirm = (props: ConfirmProps) => (
  <OnceOpen open={props.open}>
    <ConfirmParts {...props} />
  </OnceOpen>
);

/** Stays after it was closed, so that it can close in its own way. */
function OnceOpen({ open, children }: { open: boolean; children: ReactNode }) {
  const wasOpen = useRef(false);
  wasOpen.current ||= open;
  return wasOpen.current ? <Suspense>{children}</Suspense> : null;
}
