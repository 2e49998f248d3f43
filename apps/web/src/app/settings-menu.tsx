import { LogOut, Settings2 } from 'lucide-react';
import { useSignOut } from '../access/use-sign-out.ts';
import { common } from '../i18n/common.ts';
import { languageChoices, themes, useSettings, useWords } from '../settings/settings.tsx';
import { Menu } from '../ui/menu.tsx';

export function SettingsMenu() {
  const words = useWords(common);
  const { language, setLanguage, theme, setTheme } = useSettings();
  const signOut = useSignOut();
  return (
    <Menu
      icon={Settings2}
      label={words.settings}
      entries={[
        {
          kind: 'choices',
          label: words.language,
          value: language,
          choices: languageChoices.map(({ value, label }) => ({
            value,
            label,
            onSelect: () => setLanguage(value),
          })),
        },
        { kind: 'line' },
        {
          kind: 'choices',
          label: words.theme,
          value: theme,
          choices: themes.map((value) => ({
            value,
            label: words.themes[value],
            onSelect: () => setTheme(value),
          })),
        },
        ...(signOut === undefined
          ? []
          : [
              { kind: 'line' } as const,
              {
                kind: 'item',
                icon: LogOut,
                label: words.signOut,
                onSelect: () => void signOut(),
              } as const,
            ]),
      ]}
    />
  );
}
