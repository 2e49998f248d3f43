import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface TabsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly onChoose: (value: T) => void;
  readonly tabs: readonly { readonly value: T; readonly label: ReactNode }[];
  /** What belongs to the tab that is chosen. */
  readonly children: ReactNode;
}

export function Tabs<T extends string>({ label, value, onChoose, tabs, children }: TabsProps<T>) {
  return (
    <Radix.Root
      value={value}
      onValueChange={(chosen) => {
        const tab = tabs.find((one) => one.value === chosen);
        if (tab !== undefined) onChoose(tab.value);
      }}
    >
      <Radix.List aria-label={label} className="flex gap-1 overflow-x-auto border-line border-b">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px whitespace-nowrap border-transparent border-b-2 px-3 py-2 font-medium text-sm text-soft transition-colors hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      <Radix.Content value={value} className="pt-4">
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}
