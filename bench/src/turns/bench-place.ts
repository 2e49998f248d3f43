import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkVersion, claudeEnvironment, findClaude } from '@mini-claude-bot/claude';
import {
  type FakeAnthropic,
  type SentDelta,
  startFakeAnthropic,
} from '@mini-claude-bot/fake-anthropic';
// Not exported: nobody but a benchmark has a use for them beside the session that they belong to.
import type { ClaudeSettings } from '../../../packages/claude/src/launch.ts';
import {
  type GatewayProcess,
  type GatewayProgram,
  startGatewayProcess,
} from '../gateway-process.ts';
import { scratchEnvironment } from '../scratch.ts';
import { SdkSession } from './sdk-session.ts';

/** Twenty words at once: the model itself takes next to no time. */
export const prompt = '[[words:20]]';

/** Where a run happens: a fake Messages API, scratch directories, and gateways on them. */
export interface BenchPlace {
  readonly fake: FakeAnthropic;
  /** Called for each delta that the fake sends. */
  onDelta: (sent: SentDelta) => void;
  /** What a gateway's Claude processes are started with, for those started beside it. */
  readonly claude: ClaudeSettings;
  readonly claudeVersion: string;
  /** A directory that nobody has used yet. */
  directory(): Promise<string>;
  /** A gateway with files of its own. */
  gateway(variables?: Readonly<Record<string, string>>): Promise<GatewayProcess>;
  /** A session on the SDK alone, in a directory of its own. */
  session(directory?: string): Promise<SdkSession>;
  /** End whatever was started here and remove its files. */
  close(): Promise<void>;
}

export async function openBenchPlace(program: GatewayProgram): Promise<BenchPlace> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'mcb-bench-')));
  const hooks: Pick<BenchPlace, 'onDelta'> = { onDelta: () => {} };
  const fake = await startFakeAnthropic({ keep: 20, onDelta: (sent) => hooks.onDelta(sent) });
  const directory = async (): Promise<string> => {
    const path = join(root, randomUUID());
    await mkdir(path);
    return path;
  };
  const environment = claudeEnvironment(scratchEnvironment(await directory(), fake.url), []);
  const executable = await findClaude(undefined);
  const gateways: GatewayProcess[] = [];
  const sessions: SdkSession[] = [];
  const claude: ClaudeSettings = {
    executable,
    environment,
    permissionMode: 'bypassPermissions',
    settingSources: ['user', 'project', 'local'],
  };
  return Object.assign(hooks, {
    fake,
    claude,
    claudeVersion: await checkVersion(executable, environment),
    directory,
    gateway: async (variables = {}) => {
      const own = scratchEnvironment(await directory(), fake.url);
      const gateway = await startGatewayProcess(program, { ...own, ...variables });
      gateways.push(gateway);
      return gateway;
    },
    session: async (own?: string) => {
      const session = new SdkSession(claude, own ?? (await directory()));
      sessions.push(session);
      return session;
    },
    close: async () => {
      await Promise.all(sessions.map((session) => session.close()));
      await Promise.all(gateways.map((gateway) => gateway.stop()));
      await fake.close();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  });
}
