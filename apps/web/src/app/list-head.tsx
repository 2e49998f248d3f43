import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { SearchIcon } from './search-key.tsx';
import { SettingsMenu } from './settings-menu.tsx';

export interface ListHeadProps {
  readonly title: ReactNode;
  readonly add: { readonly label: string; readonly onClick: () => void };
  readonly filter: {
    readonly label: string;
    readonly value: string;
    readonly onChange: (value: string) => void;
  };
  /** How many there are to filter. */
  readonly count: number;
}

/** More than this is worth a filter. */
const few = 8;

/** Above a list beside what is chosen of it: its name, a way to add to it, and, where it is long, a filter. */
export function ListHead({ title, add, filter, count }: ListHeadProps) {
  return (
    <>
      <header className="flex items-center gap-1 px-4 pt-3 pb-2">
        <h1 className="flex-1 font-semibold text-xl tracking-tight">{title}</h1>
        <span className="flex md:hidden">
          <SearchIcon />
          <SettingsMenu />
        </span>
        <IconButton icon={Plus} label={add.label} onClick={add.onClick} />
      </header>
      {count > few && (
        <div className="px-4 pb-2">
          <Input
            type="search"
            aria-label={filter.label}
            placeholder={filter.label}
            value={filter.value}
            onChange={({ target }) => filter.onChange(target.value)}
          />
        </div>
      )}
    </>
  );
}
