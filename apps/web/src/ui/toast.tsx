import { X } from 'lucide-react';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
} from 'react';
import { common } from '../i18n/common.ts';
import { useWords } from '../settings/settings.tsx';
import { Button, IconButton } from './button.tsx';
import { cx } from './cx.ts';

/** Something to be told in passing. */
export interface Toast {
  readonly text: string;
  readonly tone?: 'plain' | 'danger';
  /** What can still be done about it, such as undoing it. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

const Context = createContext<((toast: Toast) => void) | undefined>(undefined);

const shownMs = { plain: 5_000, danger: 9_000 } as const;
/** What can be undone waits longer: it must be found first. */
const withActionMs = 12_000;

export function ToastProvider({ children }: { children: ReactNode }) {
  const words = useWords(common);
  const [toasts, setToasts] = useState<readonly (Toast & { id: number })[]>([]);
  const nextId = useRef(0);
  const remove = useCallback(
    (id: number) => setToasts((all) => all.filter((one) => one.id !== id)),
    [],
  );
  const show = useCallback(
    (toast: Toast) => {
      const id = nextId.current++;
      setToasts((all) => [...all.slice(-2), { ...toast, id }]);
      const ms = toast.action === undefined ? shownMs[toast.tone ?? 'plain'] : withActionMs;
      setTimeout(() => remove(id), ms);
    },
    [remove],
  );
  const shown = useMemo(
    () =>
      toasts.map(({ id, text, tone, action }) => (
        <div
          key={id}
          className={cx(
            'pointer-events-auto flex items-center gap-3 rounded-lg border bg-surface py-2 pr-2 pl-4 text-sm shadow-float animate-rise',
            tone === 'danger' ? 'border-danger' : 'border-line',
          )}
        >
          <p className="min-w-0 flex-1 break-words">{text}</p>
          {action !== undefined && (
            <Button
              small
              onClick={() => {
                remove(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton icon={X} small label={words.close} onClick={() => remove(id)} />
        </div>
      )),
    [toasts, remove, words],
  );
  return (
    <Context value={show}>
      {children}
      <div
        aria-live="polite"
        className="pointer-events-none fixed inset-x-3 bottom-20 z-[60] mx-auto flex max-w-md flex-col gap-2 md:bottom-6"
      >
        {shown}
      </div>
    </Context>
  );
}

/** @returns shows a toast */
export function useToast(): (toast: Toast) => void {
  const show = useContext(Context);
  if (show === undefined) throw new Error('there is no ToastProvider');
  return show;
}
