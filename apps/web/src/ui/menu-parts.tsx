import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import { IconButton } from './button.tsx';
import { cx } from './cx.ts';
import type { MenuEntry, MenuProps } from './menu.tsx';

const item = cx(
  'flex select-none items-center gap-2.5 rounded-sm px-2.5 py-1.5 text-sm outline-none',
  'data-[highlighted]:bg-hover data-[disabled]:opacity-50',
);

export function MenuParts({ icon, label, entries }: MenuProps) {
  return (
    <Radix.Root modal={false} defaultOpen>
      <Radix.Trigger asChild>
        <IconButton icon={icon} label={label} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 min-w-48 animate-rise rounded-lg border border-line bg-surface p-1 shadow-float"
        >
          {entries.map((entry, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the entries of a menu stay in their order
            <Entry key={index} entry={entry} />
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  switch (entry.kind) {
    case 'line':
      return <Radix.Separator className="my-1 h-px bg-line" />;
    case 'item': {
      const { icon: Icon, label, onSelect, danger, disabled } = entry;
      return (
        <Radix.Item
          className={cx(item, danger === true && 'text-danger')}
          onSelect={onSelect}
          disabled={disabled === true}
        >
          {Icon !== undefined && <Icon className="size-4" aria-hidden />}
          {label}
        </Radix.Item>
      );
    }
    case 'choices':
      return (
        <Radix.Group>
          <Radix.Label className="px-2.5 pt-2 pb-1 font-medium text-soft text-xs">
            {entry.label}
          </Radix.Label>
          <Radix.RadioGroup value={entry.value}>
            {entry.choices.map(({ value, label, onSelect }) => (
              <Radix.RadioItem key={value} value={value} className={item} onSelect={onSelect}>
                <span className="flex-1">{label}</span>
                <Radix.ItemIndicator>
                  <Check className="size-4 text-accent" aria-hidden />
                </Radix.ItemIndicator>
              </Radix.RadioItem>
            ))}
          </Radix.RadioGroup>
        </Radix.Group>
      );
  }
}
