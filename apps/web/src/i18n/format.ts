import { useSettings } from '../settings/settings.tsx';

export type { Format } from './create-format.ts';

/** Figures and times as the reader's language writes them. */
export const useFormat = () => useSettings().format;

/** The database's times are UTC, without saying so. @returns Unix milliseconds */
export const momentOf = (timestamp: string): number =>
  Date.parse(`${timestamp.replace(' ', 'T')}Z`);
