import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

const id = '0b8f2a54-6a70-4a52-9f6e-1f4f3a0f7c11';

/** A report that was made and goes to nobody, as if it had been written. */
export function addReport(home: string): void {
  const directory = join(home, 'finished-reports', 'daily-en', `2026-03-01-${id.slice(0, 8)}`);
  const name = 'daily-en-2026-03-01.pdf';
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), '%PDF-1.7\n');
  const definition = {
    language: 'en',
    title: 'Daily Brief',
    time: '09:00',
    zone: 'America/Los_Angeles',
    sections: [{ id: 'news', title: 'News', instructions: 'What is new.' }],
  };
  const content = {
    name: 'daily-en',
    language: 'en',
    title: 'Daily Brief',
    date: '2026-03-01',
    timeZone: 'America/Los_Angeles',
    writtenAt: 0,
    headline: 'A quiet day',
    summary: [],
    sections: [{ id: 'news', title: 'News', items: [{ text: 'Nothing.', links: [] }] }],
  };
  const database = new Database(join(home, 'gateway.db'));
  try {
    database
      .prepare(
        `INSERT INTO report_runs (id, report, day, audience, state, definition, content, files, created_at_ms, finished_at_ms)
        VALUES (?, 'daily-en', '2026-03-01', 'nobody', 'finished', ?, ?, ?, 1, 2)`,
      )
      .run(
        id,
        JSON.stringify(definition),
        JSON.stringify(content),
        JSON.stringify([{ kind: 'pdf', name, size: 9 }]),
      );
  } finally {
    database.close();
  }
}
