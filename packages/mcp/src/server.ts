import { allOperations, GatewayError } from '@mini-claude-bot/contract';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  type Resource,
  type ServerNotification,
  type ServerRequest,
  type Tool as ToolListing,
} from '@modelcontextprotocol/sdk/types.js';
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js';
import { answerOf, type CallParts, callTool, resultOf } from './call-tool.ts';
import { faultOf, faultResult } from './faults.ts';
import { LongAnswers } from './long-answers.ts';
import { prompts } from './prompts.ts';
import { readMore, readMoreTool } from './read-more.ts';
import { pageOf, Resources } from './resources.ts';
import type { CallContext } from './send-message.ts';
import type { Offer } from './speaker.ts';
import { type Tool, toolsOf } from './tool.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** What a server is made from. */
export interface McpServerParts extends Omit<CallParts, 'answers'> {
  readonly version: string;
  /** Told to the model once, about all tools. */
  readonly instructions: string;
  /** As {@link contractTools} gives them for this scope. */
  readonly tools: readonly Tool[];
}

/** The contract's tools, for servers that offer this. */
export const contractTools = (offer: Offer): readonly Tool[] => toolsOf(allOperations(), offer);

/**
 * Checks what people write into forms of ours: there are none. The SDK's own checker takes longer to be made than all the
 * rest of a server, and each chat's process has a server.
 */
const formless: jsonSchemaValidator = {
  getValidator: () => {
    throw new Error('a form was asked for, and there is nothing to check it with');
  },
};

/** The standard's code for a resource that is not there. */
const resourceNotFound = -32002;

/** An MCP server over the gateway's operations. It serves one client, once it is connected to a transport. */
export function createMcpServer(parts: McpServerParts): McpServer {
  const { version, instructions, tools } = parts;
  // There, tools alone, all of them in the model's sight from the beginning.
  const { insideChat = false } = parts.scope;
  const resources = new Resources(tools);
  const answers = new LongAnswers();
  const calls: CallParts = { ...parts, answers };
  const mcp = new McpServer(
    { name: 'mini-claude-bot', title: 'mini-claude-bot', version },
    { instructions, jsonSchemaValidator: formless },
  );
  // Not in the options: with those, the SDK says that the lists change, which they don't.
  mcp.server.registerCapabilities({
    tools: {},
    ...(insideChat ? {} : { prompts: {} }),
    ...(!insideChat && resources.any ? { resources: {} } : {}),
  });
  serveTools(mcp, tools, calls, answers, insideChat);
  if (insideChat) return mcp;
  servePrompts(mcp, tools);
  if (resources.any) serveResources(mcp, resources, calls);
  return mcp;
}

function serveTools(
  mcp: McpServer,
  tools: readonly Tool[],
  calls: CallParts,
  answers: LongAnswers,
  insideChat: boolean,
): void {
  const byName = new Map(tools.map((tool) => [tool.listing.name, tool]));
  const listings = [...tools.map(({ listing }) => listing), readMoreTool].map(
    (listing): ToolListing => (insideChat ? listingInChat(listing) : listing),
  );
  mcp.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listings }));
  mcp.server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const { name, arguments: given = {} } = params;
    if (name === readMoreTool.name) return readMoreResult(given, answers);
    const tool = byName.get(name);
    if (tool !== undefined) return callTool(tool, given, calls, contextOf(mcp, extra));
    throw new McpError(ErrorCode.InvalidParams, `There is no tool ${JSON.stringify(name)}.`);
  });
}

/**
 * In the model's sight from the beginning. Of what a result looks like the model is told nothing, and Claude Code
 * takes longer to prepare for it than for all the rest, at each start of a process.
 */
const listingInChat = ({ outputSchema: _, ...listing }: ToolListing): ToolListing => ({
  ...listing,
  _meta: { 'anthropic/alwaysLoad': true },
});

function readMoreResult(given: unknown, answers: LongAnswers) {
  try {
    return resultOf(readMore(given, answers));
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    return faultResult(fault);
  }
}

function contextOf(mcp: McpServer, { signal, sendNotification, _meta }: Extra): CallContext {
  let told = 0;
  const progressToken = _meta?.progressToken;
  return {
    signal,
    isTakenBack: () => mcp.isConnected(),
    progress: (message) => {
      if (progressToken === undefined || signal.aborted) return;
      told += 1;
      const params = { progressToken, progress: told, message };
      // A client that has gone away learns nothing more.
      sendNotification({ method: 'notifications/progress', params }).catch(() => {});
    },
  };
}

function servePrompts(mcp: McpServer, tools: readonly Tool[]): void {
  const names = new Set(tools.map(({ listing }) => listing.name));
  const offered = prompts.filter(({ needs }) => needs.every((name) => names.has(name)));
  mcp.server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: offered.map(({ listing }) => listing),
  }));
  mcp.server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const { name, arguments: given = {} } = params;
    const prompt = offered.find(({ listing }) => listing.name === name);
    if (prompt === undefined)
      throw new McpError(ErrorCode.InvalidParams, `There is no prompt ${JSON.stringify(name)}.`);
    const missing = (prompt.listing.arguments ?? [])
      .filter((argument) => argument.required === true && !given[argument.name]?.trim())
      .map((argument) => argument.name);
    if (missing.length > 0)
      throw new McpError(ErrorCode.InvalidParams, `The prompt needs: ${missing.join(', ')}.`);
    return {
      description: prompt.listing.description,
      messages: [
        { role: 'user' as const, content: { type: 'text' as const, text: prompt.text(given) } },
      ],
    };
  });
}

function serveResources(mcp: McpServer, resources: Resources, calls: CallParts): void {
  mcp.server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: resources.templates(),
  }));
  mcp.server.setRequestHandler(ListResourcesRequestSchema, async ({ params }, extra) => {
    const found: Resource[] = resources.fixed();
    // Addresses are short: all of them are listed, page by page.
    const whole = { ...calls, answers: uncut };
    for (const { tool, resourceOf } of resources.listers()) {
      const { items } = await asked(() => answerOf(tool, {}, whole, contextOf(mcp, extra)));
      found.push(...(Array.isArray(items) ? items : []).map(resourceOf));
    }
    const { items, ...rest } = pageOf(found, params?.cursor);
    return { resources: [...items], ...rest };
  });
  mcp.server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, extra) => {
    const found = resources.find(uri);
    if (found === undefined)
      throw new McpError(resourceNotFound, `There is no resource ${uri.slice(0, 200)}`, { uri });
    const { tool, given } = found;
    const answer = await asked(() => answerOf(tool, given, calls, contextOf(mcp, extra)), uri);
    const text = JSON.stringify(answer);
    return { contents: [{ uri, mimeType: 'application/json', text }] };
  });
}

const uncut = {
  fitObject: (value: Readonly<Record<string, unknown>>) => ({ ...value }),
  fitList: (items: readonly unknown[]) => ({ items }),
};

/** Faults of what has no result of its own to tell them in. @throws McpError */
async function asked<T>(ask: () => Promise<T>, uri?: string): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    const missing = error instanceof GatewayError && error.code === 'not_found';
    const code = missing ? resourceNotFound : ErrorCode.InternalError;
    throw new McpError(code, fault.message, uri === undefined ? undefined : { uri });
  }
}
