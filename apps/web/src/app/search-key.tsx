import { Search } from 'lucide-react';
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useContext,
  useEffect,
  useMemo,
  useState,
} from 'react';
import { common } from '../i18n/common.ts';
import { useWords } from '../settings/settings.tsx';
import { IconButton } from '../ui/button.tsx';

// Loaded when it is first wanted: most visits begin without a search.
const SearchDialog = lazy(async () => ({
  default: (await import('../pages/search/search-dialog.tsx')).SearchDialog,
}));

const Context = createContext<(() => void) | undefined>(undefined);

/** The search over everything, which `Ctrl-K` opens wherever one is. */
export function SearchProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen((was) => !was);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const show = useMemo(() => () => setOpen(true), []);
  return (
    <Context value={show}>
      {children}
      {open && (
        <Suspense>
          <SearchDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </Context>
  );
}

function useOpenSearch(): () => void {
  const show = useContext(Context);
  if (show === undefined) throw new Error('there is no SearchProvider');
  return show;
}

export function SearchButton() {
  const words = useWords(common);
  return (
    <button
      type="button"
      onClick={useOpenSearch()}
      className="flex h-9 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-sm text-soft transition-colors hover:border-edge hover:text-ink"
    >
      <Search className="size-4" aria-hidden />
      <span className="flex-1 text-left">{words.search}</span>
      <kbd className="rounded-sm border border-line px-1 font-sans text-xs">Ctrl K</kbd>
    </button>
  );
}

export function SearchIcon() {
  const words = useWords(common);
  return <IconButton icon={Search} label={words.search} onClick={useOpenSearch()} />;
}
