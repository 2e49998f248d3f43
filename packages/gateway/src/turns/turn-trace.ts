import type { ToolUse, TurnEvent } from '@mini-claude-bot/contract';

/** What Claude did in a turn beside its reply. */
export interface TurnTrace {
  readonly thinking: string;
  readonly tools: readonly ToolUse[];
}

/** Characters. It is kept with every turn, so its end must do. */
const mostThinking = 8_000;
const mostTools = 100;
/** Characters of one input. */
const longestInput = 300;

/** What is worth keeping of a turn's events; undefined: nothing. What was taken back is not. */
export function traceOf(events: Iterable<TurnEvent>): TurnTrace | undefined {
  let thinking = '';
  const tools: ToolUse[] = [];
  for (const event of events) {
    if (event.type === 'restart') thinking = '';
    if (event.type === 'thinking') thinking = lastOf(thinking + event.content);
    if (event.type !== 'tool') continue;
    tools.push({ name: event.name, content: cut(event.content) });
    if (tools.length > mostTools) tools.shift();
  }
  return thinking === '' && tools.length === 0 ? undefined : { thinking, tools };
}

/** Never from within a character. */
function lastOf(text: string): string {
  if (text.length <= mostThinking) return text;
  return text.slice(-mostThinking).replace(/^[\udc00-\udfff]/, '');
}

const cut = (text: string): string =>
  text.length <= longestInput
    ? text
    : `${text.slice(0, longestInput).replace(/[\ud800-\udbff]$/, '')}…`;
