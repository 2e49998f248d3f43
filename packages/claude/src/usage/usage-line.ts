import { z } from 'zod';

/** Tokens of one request to the model. */
export interface RequestTokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Written to the cache for five minutes. */
  readonly cacheWrite5m: number;
  /** Written to the cache for an hour. */
  readonly cacheWrite1h: number;
}

/** One request to the model, or one message to Claude. Its id is the same in every copy of the conversation. */
export type UsageRecord = {
  readonly id: string;
  readonly sessionId: string;
  /** Unix milliseconds. */
  readonly atMs: number;
} & (
  | { readonly kind: 'request'; readonly model: string; readonly tokens: RequestTokens }
  | { readonly kind: 'prompt' }
);

/** What a line of a transcript says of usage: nothing, or that it can't be read. */
export type LineReading = UsageRecord | 'nothing' | 'broken';

const tokens = z.int().nonnegative().catch(0);

const Usage = z.object({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation_input_tokens: tokens,
  cache_creation: z
    .object({ ephemeral_1h_input_tokens: tokens })
    .catch({ ephemeral_1h_input_tokens: 0 }),
});

const common = {
  sessionId: z.string().min(1),
  timestamp: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
};

const RequestLine = z.object({
  ...common,
  message: z.object({ id: z.string().min(1), model: z.string().min(1), usage: Usage }),
});

const PromptLine = z.object({
  ...common,
  uuid: z.string().min(1),
  message: z.object({ content: z.union([z.string(), z.array(z.looseObject({}))]) }),
});

const Marks = z.object({
  type: z.unknown().optional(),
  isMeta: z.unknown().optional(),
  isSidechain: z.unknown().optional(),
  isCompactSummary: z.unknown().optional(),
});

/** What the program puts in by itself, where no model was asked. */
const synthetic = '<synthetic>';

/**
 * Read one line of a transcript. A request to the model stands in as many lines as its answer has blocks, each
 * with the usage of the whole.
 */
export function readUsageLine(line: Buffer): LineReading {
  if (isOfNoUse(line)) return 'nothing';
  let value: unknown;
  try {
    value = JSON.parse(line.toString('utf8'));
  } catch {
    return 'broken';
  }
  const marks = Marks.safeParse(value);
  if (!marks.success) return 'broken';
  if (marks.data.type === 'assistant') return readRequest(value);
  if (marks.data.type === 'user') return readPrompt(value, marks.data);
  return 'nothing';
}

const [openBrace, closeBrace] = [0x7b, 0x7d];
const anyType = Buffer.from('"type":"');
const assistantType = Buffer.from('"type":"assistant"');
const userType = Buffer.from('"type":"user"');
const toolResultType = Buffer.from('"type":"tool_result"');
const usageKey = Buffer.from('"usage":');

/**
 * Whether a line that is whole can be passed over without being parsed, as most of a transcript can: within a
 * text of JSON's a quote has a backslash before it, so that these stand in nothing that somebody wrote.
 */
function isOfNoUse(line: Buffer): boolean {
  if (line[0] !== openBrace || line[line.length - 1] !== closeBrace) return false;
  if (!line.includes(anyType)) return false;
  const isRequest = line.includes(assistantType) && line.includes(usageKey);
  const isPrompt = line.includes(userType) && !line.includes(toolResultType);
  return !isRequest && !isPrompt;
}

function readRequest(value: unknown): LineReading {
  const parsed = RequestLine.safeParse(value);
  // Some have no usage, such as what the program says of an error.
  if (!parsed.success) return 'nothing';
  const { sessionId, timestamp, message } = parsed.data;
  const { usage } = message;
  if (message.model === synthetic) return 'nothing';
  const written = usage.cache_creation_input_tokens;
  const cacheWrite1h = Math.min(usage.cache_creation.ephemeral_1h_input_tokens, written);
  return {
    kind: 'request',
    id: message.id,
    sessionId,
    atMs: timestamp,
    model: message.model,
    tokens: {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheRead: usage.cache_read_input_tokens,
      cacheWrite5m: written - cacheWrite1h,
      cacheWrite1h,
    },
  };
}

/** What somebody said: not a tool's result, nor what one agent tells another, nor what the program adds. */
function readPrompt(value: unknown, marks: z.infer<typeof Marks>): LineReading {
  if (marks.isMeta === true || marks.isSidechain === true || marks.isCompactSummary === true) {
    return 'nothing';
  }
  const parsed = PromptLine.safeParse(value);
  if (!parsed.success) return 'nothing';
  const { uuid, sessionId, timestamp, message } = parsed.data;
  const { content } = message;
  const isResult = Array.isArray(content) && content.some(({ type }) => type === 'tool_result');
  return isResult ? 'nothing' : { kind: 'prompt', id: uuid, sessionId, atMs: timestamp };
}
