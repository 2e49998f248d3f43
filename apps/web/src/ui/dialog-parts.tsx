import { X } from 'lucide-react';
import { AlertDialog as Alert, Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { common } from '../i18n/common.ts';
import { useWords } from '../settings/settings.tsx';
import { Button, IconButton } from './button.tsx';
import { cx } from './cx.ts';

const veil = 'fixed inset-0 z-40 bg-black/35 backdrop-blur-[2px] animate-appear';
const sheet = cx(
  'fixed z-50 flex max-h-[85dvh] w-full flex-col gap-4 overflow-y-auto bg-surface p-5 shadow-float animate-rise',
  'inset-x-0 bottom-0 rounded-t-xl pb-[max(1.25rem,env(safe-area-inset-bottom))]',
  'sm:inset-auto sm:top-[12vh] sm:left-1/2 sm:max-w-lg sm:-translate-x-1/2 sm:rounded-xl sm:border sm:border-line',
);

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

export function DialogParts({
  open,
  onClose,
  title,
  description,
  children,
  className,
}: DialogProps) {
  const words = useWords(common);
  return (
    <Radix.Root open={open} onOpenChange={(opened) => opened || onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={veil} />
        <Radix.Content
          className={cx(sheet, className)}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header className="flex items-start gap-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="font-semibold text-lg">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-1 text-soft text-sm">
                  {description}
                </Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton icon={X} label={words.close} small className="-mt-0.5 -mr-1" />
            </Radix.Close>
          </header>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface ConfirmProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen, and what will be gone. */
  readonly children: ReactNode;
  /** The deed in a word: `Delete`. */
  readonly action: string;
  readonly onConfirm: () => void;
  readonly pending?: boolean;
}

export function ConfirmParts({
  open,
  onClose,
  title,
  children,
  action,
  onConfirm,
  pending,
}: ConfirmProps) {
  const words = useWords(common);
  return (
    <Alert.Root open={open} onOpenChange={(opened) => opened || onClose()}>
      <Alert.Portal>
        <Alert.Overlay className={veil} />
        <Alert.Content className={sheet}>
          <Alert.Title className="font-semibold text-lg">{title}</Alert.Title>
          <Alert.Description asChild>
            <div className="text-sm leading-relaxed">{children}</div>
          </Alert.Description>
          <div className="flex flex-wrap justify-end gap-2">
            <Alert.Cancel asChild>
              <Button>{words.cancel}</Button>
            </Alert.Cancel>
            <Button tone="danger" onClick={onConfirm} pending={pending === true}>
              {action}
            </Button>
          </div>
        </Alert.Content>
      </Alert.Portal>
    </Alert.Root>
  );
}
