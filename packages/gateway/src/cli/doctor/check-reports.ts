import type { Config } from '../../config/config.ts';
import type { Environment } from '../../config/read-environment.ts';
import { runTool } from '../../host/run-tool.ts';
import { type Finding, ok, warning, wordsOf } from './finding.ts';

const withinMs = 15_000;

/** Whether reports can be set and mailed. The gateway works without; its reports then lack what is missing. */
export async function checkReports(config: Config, environment: Environment): Promise<Finding[]> {
  return [
    await checkXelatex(config, environment),
    await checkFonts(environment),
    await checkMail(config, environment),
  ];
}

async function checkXelatex({ XELATEX_BIN }: Config, environment: Environment): Promise<Finding> {
  const { toolEnvironment } = await import('../../reports/typeset/tool-environment.ts');
  const env = toolEnvironment(environment);
  const end = await runTool(XELATEX_BIN, ['--version'], { env, limitMs: withinMs });
  if (end.kind === 'exited' && end.code === 0) {
    const [version = 'XeTeX'] = end.stdout.split('\n');
    return ok('xelatex', `Reports are set by ${version.trim()}.`);
  }
  const fix =
    'Debian: apt-get install texlive-xetex texlive-lang-chinese. macOS: brew install --cask mactex-no-gui. ' +
    'Or name it with XELATEX_BIN.';
  const found =
    end.kind === 'missing'
      ? `XeLaTeX (${XELATEX_BIN}) is not installed: reports are mailed without a PDF.`
      : `XeLaTeX (${XELATEX_BIN}) does not say its version (${end.kind}): reports are mailed without a PDF.`;
  return warning('xelatex', found, fix);
}

async function checkFonts(environment: Environment): Promise<Finding> {
  const { readFontBook } = await import('../../reports/typeset/font-book.ts');
  const { chooseFonts } = await import('../../reports/typeset/choose-fonts.ts');
  const { toolEnvironment } = await import('../../reports/typeset/tool-environment.ts');
  const fix =
    'Debian: apt-get install fonts-noto-cjk fonts-noto-color-emoji. macOS has Songti SC and Apple Color Emoji; ' +
    'brew install fontconfig finds them.';
  try {
    const { serif, cjkSerif, emoji } = chooseFonts(
      await readFontBook(toolEnvironment(environment)),
    );
    if (emoji === undefined)
      return warning(
        'fonts',
        'There is no font with coloured emoji: reports show their numbers.',
        fix,
      );
    return ok('fonts', `Reports are set in ${serif.name}, ${cjkSerif.name} and ${emoji.name}.`);
  } catch (error) {
    return warning('fonts', wordsOf(error), fix);
  }
}

async function checkMail(config: Config, environment: Environment): Promise<Finding> {
  const { chooseTransport } = await import('../../mail/choose-transport.ts');
  const { wordsOfFailure } = await import('../../mail/decide-after-try.ts');
  const transport = chooseTransport(config, environment, process.platform);
  if (transport === undefined) {
    if (config.MAIL_TRANSPORT === 'smtp')
      return warning(
        'mail',
        'Mail is to go out by SMTP, and SMTP_URL is not set.',
        'Set SMTP_URL.',
      );
    return ok('mail', 'No mail goes out (SMTP_URL is not set).');
  }
  const failure = await transport.check(AbortSignal.timeout(withinMs));
  if (failure === undefined) return ok('mail', `Mail goes out by ${transport.name}.`);
  const fix =
    failure.kind === 'login_refused' && transport.name === 'Mail.app'
      ? 'Allow it in System Settings, Privacy & Security, Automation.'
      : 'Look at SMTP_URL (smtps://name:password@host:465), and whether this machine reaches that server.';
  return warning('mail', wordsOfFailure(failure, transport.name), fix);
}
