import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx.ts';

const item = cx(
  'flex select-none items-center gap-2.5 rounded-sm px-2.5 py-1.5 text-sm outline-none',
  'data-[highlighted]:bg-hover data-[disabled]:opacity-50',
);

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly side?: 'top' | 'bottom';
  readonly align?: 'start' | 'end';
}

export function Menu({ trigger, children, side = 'bottom', align = 'end' }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 min-w-48 rounded-lg border border-line bg-surface p-1 shadow-float animate-rise"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface MenuItemProps {
  readonly icon?: LucideIcon;
  readonly onSelect: () => void;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

export function MenuItem({ icon: Icon, onSelect, danger, disabled, children }: MenuItemProps) {
  return (
    <Radix.Item
      className={cx(item, danger === true && 'text-danger')}
      onSelect={onSelect}
      disabled={disabled === true}
    >
      {Icon !== undefined && <Icon className="size-4" aria-hidden />}
      {children}
    </Radix.Item>
  );
}

export interface MenuChoicesProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChoose: (value: T) => void;
}

/** One of several, with a tick at the one that is in force. */
export function MenuChoices<T extends string>({ label, value, choices, onChoose }: MenuChoicesProps<T>) {
  return (
    <Radix.Group>
      <Radix.Label className="px-2.5 pt-2 pb-1 font-medium text-soft text-xs">{label}</Radix.Label>
      <Radix.RadioGroup value={value}>
        {choices.map((choice) => (
          <Radix.RadioItem
            key={choice.value}
            value={choice.value}
            className={item}
            onSelect={() => onChoose(choice.value)}
          >
            <span className="flex-1">{choice.label}</span>
            <Radix.ItemIndicator>
              <Check className="size-4 text-accent" aria-hidden />
            </Radix.ItemIndicator>
          </Radix.RadioItem>
        ))}
      </Radix.RadioGroup>
    </Radix.Group>
  );
}

export const MenuLine = () => <Radix.Separator className="my-1 h-px bg-line" />;
