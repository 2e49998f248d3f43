import { join } from 'node:path';
import {
  type ServiceFile,
  type ServicePlan,
  serviceName,
  watchdogName,
  watchEverySeconds,
} from './service-plan.ts';

/** As launchd knows them. */
export const serviceLabel = `local.${serviceName}`;
export const watchdogLabel = `local.${watchdogName}`;

type Value = string | number | boolean | readonly string[] | { readonly [name: string]: Value };

/**
 * The agents of the service, for a user's own launchd (launchd.plist(5)). macOS enforces no limit of memory.
 * @param logFile what both say goes there
 */
export function launchdPlists(
  plan: ServicePlan,
  directory: string,
  logFile: string,
): ServiceFile[] {
  const { node, program, environment, stopSeconds } = plan;
  const common = {
    WorkingDirectory: plan.directory,
    EnvironmentVariables: environment,
    StandardOutPath: logFile,
    StandardErrorPath: logFile,
    Umask: 0o077,
  };
  const agents = {
    [serviceLabel]: {
      ProgramArguments: [node, program, 'start'],
      RunAtLoad: true,
      KeepAlive: true,
      // One that can't start is not tried again and again without a pause.
      ThrottleInterval: 30,
      ExitTimeOut: stopSeconds,
      ...common,
    },
    [watchdogLabel]: {
      ProgramArguments: [node, program, 'service', 'watch', '--restart'],
      StartInterval: watchEverySeconds,
      ...common,
    },
  };
  return Object.entries(agents).map(([label, agent]) => ({
    path: join(directory, `${label}.plist`),
    text: plist({ Label: label, ...agent }),
  }));
}

const plist = (value: Value): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${xml(value, '')}
</plist>
`;

function xml(value: Value, indent: string): string {
  if (typeof value === 'boolean') return `${indent}<${value}/>`;
  if (typeof value === 'number') return `${indent}<integer>${value}</integer>`;
  if (typeof value === 'string') return `${indent}<string>${escaped(value)}</string>`;
  const inside = `${indent}  `;
  if (isList(value))
    return [
      `${indent}<array>`,
      ...value.map((each) => xml(each, inside)),
      `${indent}</array>`,
    ].join('\n');
  const pairs = Object.entries(value).flatMap(([key, each]) => [
    `${inside}<key>${escaped(key)}</key>`,
    xml(each, inside),
  ]);
  return [`${indent}<dict>`, ...pairs, `${indent}</dict>`].join('\n');
}

const isList = (value: Value): value is readonly string[] => Array.isArray(value);

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    // No XML may hold them, and no path that anybody uses does.
    .replace(/(?![\t\n\r])\p{Cc}/gu, '');
