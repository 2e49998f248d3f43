import { Settings2 } from 'lucide-react';
import { common } from '../i18n/common.ts';
import { type Language, languages, themes, useSettings, useWords } from '../settings/settings.tsx';
import { IconButton } from '../ui/button.tsx';
import { Menu, MenuChoices, MenuLine } from '../ui/menu.tsx';

const languageChoices: readonly { value: Language; label: string }[] = [
  { value: 'en', label: languages.en },
  { value: 'zh', label: languages.zh },
];

export function SettingsMenu() {
  const words = useWords(common);
  const { language, setLanguage, theme, setTheme } = useSettings();
  return (
    <Menu trigger={<IconButton icon={Settings2} label={words.settings} />}>
      <MenuChoices
        label={words.language}
        value={language}
        choices={languageChoices}
        onChoose={setLanguage}
      />
      <MenuLine />
      <MenuChoices
        label={words.theme}
        value={theme}
        choices={themes.map((value) => ({ value, label: words.themes[value] }))}
        onChoose={setTheme}
      />
    </Menu>
  );
}
