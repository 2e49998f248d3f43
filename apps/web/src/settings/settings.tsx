import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { z } from 'zod';
import { createFormat, type Format } from '../i18n/create-format.ts';
import type { Dictionary, Translated } from '../i18n/words.ts';
import { store, stored } from './stored.ts';

const Language = z.enum(['en', 'zh']);
export type Language = z.infer<typeof Language>;
/** Each in its own words. */
export const languageChoices: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'zh', label: '中文' },
];

const Theme = z.enum(['system', 'light', 'dark']);
export type Theme = z.infer<typeof Theme>;
export const themes = Theme.options;

/** What a reader has chosen for this browser. */
export interface Settings {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  /** Figures and times, as the language writes them. */
  readonly format: Format;
  readonly theme: Theme;
  readonly setTheme: (theme: Theme) => void;
}

const Context = createContext<Settings | undefined>(undefined);

export function SettingsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(
    () => stored('language', Language) ?? languageOf(navigator.language),
  );
  const [theme, setTheme] = useState<Theme>(() => stored('theme', Theme) ?? 'system');
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  const format = useMemo(() => createFormat(language), [language]);
  const settings = useMemo<Settings>(
    () => ({
      language,
      setLanguage: (chosen) => {
        store('language', chosen);
        setLanguage(chosen);
      },
      format,
      theme,
      setTheme: (chosen) => {
        store('theme', chosen);
        setTheme(chosen);
      },
    }),
    [language, format, theme],
  );
  return <Context value={settings}>{children}</Context>;
}

const languageOf = (tag: string): Language => (tag.toLowerCase().startsWith('zh') ? 'zh' : 'en');

export function useSettings(): Settings {
  const settings = useContext(Context);
  if (settings === undefined) throw new Error('there is no SettingsProvider');
  return settings;
}

/** The words of a part of the page, in the reader's language. */
export function useWords<T>({ en, zh }: Dictionary<T>): Translated<T> {
  const { language } = useSettings();
  return language === 'zh' ? zh : (en as Translated<T>);
}
