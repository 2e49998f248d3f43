export * from './list-transcripts.ts';
export * from './read-usage.ts';
export type { RequestTokens, UsageRecord } from './usage-line.ts';
