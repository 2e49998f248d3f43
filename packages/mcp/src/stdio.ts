import { Writable } from 'node:stream';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

/** Where the protocol is spoken. */
export interface StdioParts {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** Gets what anybody else writes to the output: the protocol must be alone there. */
  readonly aside: NodeJS.WritableStream;
}

/** Serve one client over standard input and output. Resolves when it has gone away. */
export async function serveStdio(mcp: McpServer, parts: StdioParts): Promise<void> {
  const { input } = parts;
  const gone = new Promise<void>((resolve) => {
    // The end of the input is how a client says goodbye.
    input.once('end', resolve);
    input.once('close', resolve);
    parts.output.once('close', resolve);
    parts.output.on('error', () => resolve());
    mcp.server.onclose = resolve;
  });
  await mcp.connect(new StdioServerTransport(input, keepToProtocol(parts)));
  await gone;
  await mcp.close();
}

/** @returns the output, for the protocol alone */
function keepToProtocol({ output, aside }: StdioParts): Writable {
  const write = output.write.bind(output);
  output.write = aside.write.bind(aside) as typeof output.write;
  return new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      write(chunk, (error) => done(error ?? null));
    },
  });
}
