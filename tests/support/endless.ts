import { type Operation, operations } from '@mini-claude-bot/contract';

export const isEndless = ({ output }: Operation): boolean =>
  output.kind === 'events' && output.endless === true;

const endlessPaths = Object.values<Operation>(operations)
  .filter(isEndless)
  .map(({ path }) => path);

/** The text of an answer; of a stream without an end, its first event. */
export async function answerText(response: Response): Promise<string> {
  const endless = endlessPaths.includes(new URL(response.url).pathname);
  if (!endless || !response.ok || response.body === null) return response.text();
  let text = '';
  const decoder = new TextDecoder();
  // Leaving the loop hangs up.
  for await (const piece of response.body) {
    text += decoder.decode(piece, { stream: true });
    if (text.includes('\n\n')) break;
  }
  return text;
}
