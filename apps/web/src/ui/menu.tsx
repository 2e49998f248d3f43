import type { LucideIcon } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { IconButton } from './button.tsx';

/** One line of a menu, or several that belong together. */
export type MenuEntry =
  | {
      readonly kind: 'item';
      readonly icon?: LucideIcon;
      readonly label: string;
      readonly onSelect: () => void;
      readonly danger?: boolean;
      readonly disabled?: boolean;
    }
  /** One of several, with a tick at the one that is in force. */
  | {
      readonly kind: 'choices';
      readonly label: string;
      readonly value: string;
      readonly choices: readonly {
        readonly value: string;
        readonly label: string;
        readonly onSelect: () => void;
      }[];
    }
  | { readonly kind: 'line' };

export interface MenuProps {
  /** Of the button that opens it. */
  readonly icon: LucideIcon;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
}

const load = () => import('./menu-parts.tsx');
const MenuParts = lazy(async () => ({ default: (await load()).MenuParts }));

/** A button with a menu. What a menu needs comes when somebody is about to open one. */
export function Menu(props: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const { icon, label } = props;
  const soon = (): void => void load().catch(() => {});
  const button = (
    <IconButton
      icon={icon}
      label={label}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={soon}
      onFocus={soon}
      onClick={() => setWanted(true)}
    />
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <MenuParts {...props} />
    </Suspense>
  );
}
