import { plainExcerpt } from '../chats/plain-excerpt.ts';

/** More does not fit anyway. */
const longest = 300;

/** What came of a job, in one line. @param isClaude it is Markdown; what a command wrote is left as it is */
export const inOneLine = (text: string, isClaude: boolean): string => {
  const start = text.trim().slice(0, longest);
  return isClaude ? plainExcerpt(start) : start.replace(/\s+/g, ' ');
};
