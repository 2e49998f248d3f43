import {
  type ContentItem,
  reply,
  type Script,
  type ScriptCall,
  text,
  toolUse,
  webSearch,
} from '@mini-claude-bot/fake-anthropic';

/** What a model that writes reports was asked, and does. */
export interface ReportModel {
  readonly script: Script;
  /** The prompts of its turns, in order. */
  readonly prompts: string[];
  /** What its tools answered. */
  readonly toolResults: ReadonlySet<string>;
  /** Names of the tools that it was offered. */
  readonly tools: Set<string>;
}

export interface ReportModelOptions {
  /** Pages that a search finds; the first is fetched, too. */
  readonly pages: readonly { readonly title: string; readonly url: string }[];
  /** What it hands over, by its prompt and by how many turns there were before; undefined: it only talks. */
  readonly write: (prompt: string, turn: number) => Record<string, unknown> | undefined;
  /** Tried beside the others: a tool that it has not. */
  readonly forbidden?: ContentItem;
}

/** A model that searches, reads the first page, and hands over a report. */
export function reportModel({ pages, write, forbidden }: ReportModelOptions): ReportModel {
  const prompts: string[] = [];
  const toolResults = new Set<string>();
  const tools = new Set<string>();
  const turns = new Map<string, number>();
  const script: Script = (call: ScriptCall) => {
    const { request, conversation } = call;
    const names = request.tools.map(({ name }) => String(name));
    if (names.includes('web_search'))
      return reply(webSearch('news', ...pages), text('That is what was found.'));
    if (!names.includes('StructuredOutput')) return reply(text('Hello!'));
    for (const name of names) tools.add(name);
    const { prompt, step } = conversation;
    const key = JSON.stringify([...conversation.earlierPrompts, prompt]);
    if (!turns.has(key)) {
      turns.set(key, turns.size);
      prompts.push(prompt);
    }
    for (const { blocks } of request.messages)
      for (const block of blocks) if (block.type === 'tool_result') toolResults.add(block.text);
    if (step === 0) return reply(text('I look it up.'), toolUse('WebSearch', { query: 'news' }));
    if (step === 1)
      return reply(
        toolUse('WebFetch', { url: pages[0]?.url ?? '', prompt: 'What does it say?' }),
        ...(forbidden === undefined ? [] : [forbidden]),
      );
    const written = write(prompt, turns.get(key) ?? 0);
    return written === undefined
      ? reply(text('I have nothing to hand over.'))
      : reply(toolUse('StructuredOutput', written));
  };
  return { script, prompts, toolResults, tools };
}
