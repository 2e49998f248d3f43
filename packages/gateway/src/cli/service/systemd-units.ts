import { join } from 'node:path';
import {
  type MemoryLimit,
  type ServiceFile,
  type ServicePlan,
  serviceName,
  watchdogName,
  watchEverySeconds,
} from './service-plan.ts';

export const serviceUnit = `${serviceName}.service`;
export const watchdogTimer = `${watchdogName}.timer`;

/** Between the soft limit, where the kernel begins to slow down, and the hard one. */
const softShare = 0.9;

/**
 * The units of the service, for a user's own systemd (systemd.service(5), systemd.timer(5)). The watchdog is a timer
 * that asks `/health`: systemd's own would need word from a process that may not come to it.
 * @param directory where they are put
 */
export function systemdUnits(plan: ServicePlan, directory: string): ServiceFile[] {
  return [
    { path: join(directory, serviceUnit), text: service(plan) },
    { path: join(directory, `${watchdogName}.service`), text: watchdog(plan) },
    { path: join(directory, watchdogTimer), text: timer },
  ];
}

const service = (plan: ServicePlan): string => `[Unit]
Description=mini-claude-bot: Claude Code for chats
StartLimitIntervalSec=600
StartLimitBurst=10

[Service]
Type=simple
${surroundings(plan)}
ExecStart=${command(plan, 'start')}
Restart=always
RestartSec=5
# A wrong configuration does not become right by itself.
RestartPreventExitStatus=2
# It is asked to end first; what is left of Claude's processes goes with it.
KillMode=mixed
TimeoutStopSec=${plan.stopSeconds}
# Claude's processes count too. One that takes too much is ended, and the gateway goes on.
MemoryHigh=${memory(scaled(plan.memoryMax, softShare))}
MemoryMax=${memory(plan.memoryMax)}
OOMPolicy=continue

[Install]
WantedBy=default.target
`;

const watchdog = (plan: ServicePlan): string => `[Unit]
Description=mini-claude-bot: starts it again when it is stuck

[Service]
Type=oneshot
${surroundings(plan)}
ExecStart=${command(plan, 'service', 'watch', '--restart')}
TimeoutStartSec=180
`;

const timer = `[Unit]
Description=mini-claude-bot: looks whether it is well

[Timer]
OnStartupSec=${2 * watchEverySeconds}
OnUnitInactiveSec=${watchEverySeconds}
AccuracySec=10

[Install]
WantedBy=timers.target
`;

const surroundings = ({ directory, environment }: ServicePlan): string =>
  [
    `WorkingDirectory=${directory.replaceAll('%', '%%')}`,
    ...Object.entries(environment).map(
      ([name, value]) => `Environment=${quoted(`${name}=${value}`)}`,
    ),
    'UMask=0077',
  ].join('\n');

/** A program of a name with certain signs is refused, whatever is around it: it is then started by another. */
const command = ({ node, program }: ServicePlan, ...words: string[]): string =>
  [...(/^[\w./+@,:=-]+$/.test(node) ? [node] : ['/usr/bin/env', inCommand(node)])]
    .concat([program, ...words].map(inCommand))
    .join(' ');

const inCommand = (word: string): string => quoted(word).replaceAll('$', '$$$$');

/** One word, in which nothing means anything to systemd (systemd.syntax(7)); in commands `$` does, too. */
const quoted = (word: string): string =>
  `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;

const scaled = ({ kind, value }: MemoryLimit, share: number): MemoryLimit => ({
  kind,
  value: Math.max(1, Math.floor(value * share)),
});

const memory = ({ kind, value }: MemoryLimit): string =>
  `${value}${kind === 'percent' ? '%' : 'M'}`;
