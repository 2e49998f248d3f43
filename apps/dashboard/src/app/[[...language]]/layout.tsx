import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { dashboardTitle } from '../../dashboard.ts';
import { wordsIn } from '../../words/words.ts';
import './page.css';
import { type LanguageParams, languageOf } from './language-of.ts';

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f3ee' },
    { media: '(prefers-color-scheme: dark)', color: '#16130f' },
  ],
};

export async function generateMetadata({
  params,
}: {
  readonly params: LanguageParams;
}): Promise<Metadata> {
  const words = wordsIn((await languageOf(params)) ?? 'en');
  return { title: dashboardTitle(), description: words.description };
}

export default async function Layout({
  params,
  children,
}: {
  readonly params: LanguageParams;
  readonly children: ReactNode;
}): Promise<ReactNode> {
  const language = (await languageOf(params)) ?? 'en';
  return (
    <html lang={language === 'zh' ? 'zh-CN' : 'en'}>
      <body>{children}</body>
    </html>
  );
}
