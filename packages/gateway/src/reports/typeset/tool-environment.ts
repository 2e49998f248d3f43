/** What TeX and fontconfig need of an environment. Nothing else of it is any business of theirs. */
const wanted =
  /^(PATH|HOME|LANG|LC_\w+|TMPDIR|XDG_\w+|FONTCONFIG_\w+|TEXMF\w*|TEXINPUTS|OSFONTDIR)$/;

/** Their environment: files are read and written within the scratch directory alone. */
export function toolEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = Object.entries(environment).flatMap(([name, value]): [string, string][] =>
    wanted.test(name) && value !== undefined ? [[name, value]] : [],
  );
  return {
    ...Object.fromEntries(kept),
    openin_any: 'p',
    openout_any: 'p',
    shell_escape: 'f',
    // Lines of the log are not broken, so that they can be read.
    max_print_line: '10000',
  };
}
