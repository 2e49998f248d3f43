import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Transcripts } from '@mini-claude-bot/claude';
import { ChatId, defaultBotId } from '@mini-claude-bot/contract';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/read-environment.ts';
import type { CronService } from '../cron/cron-service.ts';
import type { GatewayAction } from '../cron/gateway-executor.ts';
import type { Database } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import type { DeliveriesRepo } from '../outbox/deliveries-repo.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { LaneSessions } from '../sessions/lane-sessions.ts';
import { LaneSessionsRepo } from '../sessions/lane-sessions-repo.ts';
import type { Workspaces } from '../sessions/workspace.ts';
import type { LaneProfiles } from '../turns/lane-profile.ts';
import type { TurnService } from '../turns/turn-service.ts';
import { ReportDefinitions } from './definitions/definitions.ts';
import { shippedReports } from './definitions/shipped.ts';
import type { MailOf } from './describe-report.ts';
import { AddressRule } from './links/address-rule.ts';
import { checkLinks } from './links/check-links.ts';
import { ReportMail } from './mail-report.ts';
import { ReportJobs } from './report-jobs.ts';
import { ReportService, recipientsOf } from './report-service.ts';
import { removeAllOldRuns, removeOldRuns } from './runs/remove-old-runs.ts';
import { ReportFiles } from './runs/report-files.ts';
import { ReportRuns, type ReportRunsParts } from './runs/report-runs.ts';
import { ReportRunsRepo } from './runs/report-runs-repo.ts';
import type { Typesetter } from './typeset/typesetter.ts';
import { systemPrompt } from './writing/prompts.ts';
import { reportChat, reportLane } from './writing/report-lane.ts';
import { reportSchema } from './writing/report-schema.ts';

/** What reports need of the rest of the gateway. */
export interface ReportAppParts {
  readonly config: Config;
  readonly environment: Environment;
  readonly database: Database;
  readonly claude: ClaudeRuntime;
  readonly workspaces: Workspaces;
  readonly transcripts: Transcripts;
  readonly profiles: LaneProfiles;
  readonly turns: TurnService;
  readonly outbox: Outbox;
  readonly mailbox: Mailbox;
  readonly deliveries: DeliveriesRepo;
  readonly secrets: KnownSecrets;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Reports, put together. */
export interface ReportApp {
  /** What jobs ask for. */
  readonly action: GatewayAction;
  /** How far a mail is. */
  readonly mailOf: MailOf;
  /** With the jobs, which ask for reports in turn. */
  readonly serve: (cron: CronService) => ReportService;
  /** What was broken off goes on. After turns are recovered. */
  readonly recover: () => void;
  /** Begin nothing more. Before turns are shut down. */
  readonly stop: () => Promise<void>;
}

const linkLimitMs = 15_000;
const linksAtOnce = 8;

/** The part of the composition root that is about reports. */
export function composeReports(parts: ReportAppParts): ReportApp {
  const { config, database, turns, outbox, clock, logger } = parts;
  const repo = new ReportRunsRepo(database);
  const files = new ReportFiles(config.REPORTS_DIR);
  const keep = { repo, files, count: config.REPORTS_KEEP, days: config.REPORTS_KEEP_DAYS };
  const rule = new AddressRule(config.REPORT_TRUSTED_HOSTS ?? []);
  const laneSessions = new LaneSessionsRepo(database);
  const sessions = sessionsOfReports(parts, laneSessions, rule);
  const alertChat = ChatId.safeParse(config.REPORT_ALERT_CHAT).data;
  const mail = new ReportMail({
    mailbox: parts.mailbox,
    deliveries: parts.deliveries,
    sender: config.REPORT_SENDER?.[0],
    chatOf: (report) =>
      alertChat === undefined ? reportChat(report) : { botId: defaultBotId, chatId: alertChat },
  });
  const tell = (report: string, problem: string, id: string): void => {
    if (alertChat === undefined) return;
    outbox.enqueue({
      botId: defaultBotId,
      chatId: alertChat,
      text: failureWords(config.GATEWAY_LANGUAGE === 'zh', report, problem),
      format: 'plain',
      source: { kind: 'report', id },
    });
  };
  const runs = new ReportRuns({
    database,
    repo,
    turns,
    sessions,
    files,
    check: (addresses, signal) =>
      checkLinks(addresses, { rule, clock, limitMs: linkLimitMs, atOnce: linksAtOnce }, signal),
    set: settingOf(parts),
    mail: (run, content, made) =>
      mail.post(run, content, made, recipientsOf(run.definition, run.audience, config)),
    tellFailure: (run, problem) => tell(run.report, problem, run.id),
    onFinished: ({ report }) => removeOldRuns(report, keep, clock.now()),
    clock,
    logger,
    secrets: parts.secrets,
  });
  parts.profiles.register(
    'report',
    reportLane({
      sessions,
      laneSessions,
      runs,
      limitMs: config.REPORT_TIMEOUT * 1000,
      noProgressMs: config.GATEWAY_BUSY_STUCK_TIMEOUT * 1000,
    }),
  );
  let service: ReportService | undefined;
  return {
    action: (call) => {
      if (service === undefined) throw new Error('reports are asked for before they are there');
      return service.runDue(call);
    },
    serve: (cron) => {
      service = new ReportService({
        definitions: new ReportDefinitions({
          own: config.REPORTS_CONFIG_DIR,
          shipped: shippedReports(),
        }),
        jobs: new ReportJobs(database, cron, logger),
        runs,
        repo,
        files,
        addresses: config,
        hasSender: config.REPORT_SENDER?.[0] !== undefined,
        newRunId: randomUUID,
        removeOld: () => removeAllOldRuns(keep, clock.now()),
        tellFault: (report, problem) => tell(report, problem, report),
        clock,
        logger,
      });
      return service;
    },
    mailOf: mail.find,
    recover: () => runs.recover(),
    stop: async () => {
      await service?.close();
      await runs.close();
    },
  };
}

/** What sets reports is loaded with the first of them: a gateway that sets none need not hold it. */
function settingOf({ config, environment, logger }: ReportAppParts): ReportRunsParts['set'] {
  const templates = join(config.REPORTS_CONFIG_DIR, 'templates');
  let typesetter: Typesetter | undefined;
  return async ({ definition: { template } }, content, signal) => {
    const { setReport } = await import('./set-report.ts');
    const { Typesetter } = await import('./typeset/typesetter.ts');
    typesetter ??= new Typesetter({
      program: config.XELATEX_BIN,
      environment,
      templates,
      limitMs: config.REPORT_TYPESET_TIMEOUT * 1000,
      logger,
    });
    return setReport(content, { typesetter, templates, template }, signal);
  };
}

const sessionsOfReports = (
  { config, environment, claude, workspaces, transcripts, clock, logger }: ReportAppParts,
  repo: LaneSessionsRepo,
  rule: AddressRule,
): LaneSessions => {
  const research = {
    systemPrompt,
    outputSchema: reportSchema(),
    refuseFetch: (url: string) => rule.refusal(url.replace(/^http:/, 'https:')),
    skipDomainCheck: asksOtherApi(environment),
  };
  return new LaneSessions({
    kind: 'report',
    repo,
    workspaces,
    transcripts,
    claude,
    clock,
    logger,
    directory: ({ chat }) => join(config.GATEWAY_SESSION_DIR, chat.botId, chat.chatId),
    beginning: () => ({ kind: 'new' }),
    confinement: () => research,
  });
};

/** Then Anthropic itself, which is asked about domains, may not be within reach. */
const asksOtherApi = (environment: Environment): boolean =>
  ['ANTHROPIC_BASE_URL', 'CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_USE_VERTEX'].some(
    (name) => (environment[name] ?? '') !== '',
  );

const failureWords = (chinese: boolean, report: string, problem: string): string =>
  chinese
    ? `报告 ${report} 没有做成：${problem}`
    : `The report ${report} could not be made: ${problem}`;
