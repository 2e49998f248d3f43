import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { ActivityCard } from '../../cards/activity-card.tsx';
import { HarnessCard } from '../../cards/harness-card.tsx';
import { JobsCard } from '../../cards/jobs-card.tsx';
import { ChatCard, MemoryCard } from '../../cards/stored-cards.tsx';
import { SystemCard } from '../../cards/system-card.tsx';
import { UptimeCard } from '../../cards/uptime-card.tsx';
import { UsageCard } from '../../cards/usage-card.tsx';
import type { View } from '../../cards/view.ts';
import { dashboard, dashboardTitle } from '../../dashboard.ts';
import { Follow } from '../../follow.tsx';
import { versionOf } from '../../public-view.ts';
import { SettingsError } from '../../settings.ts';
import { StoreError } from '../../store/store.ts';
import { type Words, wordsIn } from '../../words/words.ts';
import { writingOf } from '../../words/writing.ts';
import { type LanguageParams, languageOf } from './language-of.ts';

export default async function Page({
  params,
}: {
  readonly params: LanguageParams;
}): Promise<ReactNode> {
  const language = await languageOf(params);
  if (language === undefined) notFound();
  const words = wordsIn(language);
  const found = await findView(words);
  return (
    <>
      <header className="top">
        <div className="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="9" />
            <path d="M9 20v-6M16 24V8M23 20v-6" />
          </svg>
          <h1>{dashboardTitle()}</h1>
          <a href={`/${words.other.language}`} hrefLang={words.other.language}>
            {words.other.label}
          </a>
        </div>
        {'state' in found && <Status {...found} />}
      </header>
      <main>
        {'state' in found ? (
          <Cards {...found} />
        ) : (
          <section className="card wide empty-page">
            <h2>{found.title}</h2>
            <p>{found.text}</p>
          </section>
        )}
      </main>
      <footer>
        {'state' in found && found.state.leftOut.length > 0 && (
          <p>{words.footer(found.state.leftOut.join(', '))}</p>
        )}
        <p>
          <a href="/api/metrics">{words.json}</a>
        </p>
      </footer>
    </>
  );
}

/** What there is to show, or why there is nothing. */
async function findView(words: Words): Promise<View | { title: string; text: string }> {
  try {
    const { store, settings } = dashboard();
    const state = await store.read();
    if (state === undefined) return words.waiting;
    const nowMs = Date.now();
    const writing = writingOf(words.locale, nowMs);
    return { state, words, writing, nowMs, staleMs: settings.staleMs };
  } catch (error) {
    if (error instanceof StoreError || error instanceof SettingsError) {
      return { title: words.fault.title, text: error.message };
    }
    throw error;
  }
}

function Status({ state, words, nowMs, staleMs }: View): ReactNode {
  const { status, locale } = words;
  return (
    <Follow
      pushedAt={Date.parse(state.metrics.timestamp)}
      version={versionOf(state)}
      staleMs={staleMs}
      renderedAt={nowMs}
      words={{
        locale,
        live: status.live,
        stale: status.stale,
        staleNote: status.staleNote('{ago}'),
        pushed: status.pushed('{ago}'),
      }}
    />
  );
}

const Cards = (view: View): ReactNode => (
  <div className="cards">
    <UptimeCard {...view} />
    <SystemCard {...view} />
    <UsageCard {...view} />
    <ActivityCard {...view} />
    <div className="column">
      <JobsCard {...view} />
      <ChatCard {...view} />
    </div>
    <div className="column">
      <HarnessCard {...view} />
      <MemoryCard {...view} />
    </div>
  </div>
);
