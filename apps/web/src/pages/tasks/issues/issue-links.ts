/** As GitHub has them: whatever else a row may say must not become an address. */
const repoName = /^[\w.-]{1,100}\/[\w.-]{1,100}$/;

/** Where an issue can be read; undefined: the repository's name is none of GitHub's. */
export const issueAddress = (repo: string, number: number): string | undefined =>
  repoName.test(repo) ? `https://github.com/${repo}/issues/${number}` : undefined;

/** The address of a pull request, if it is one that may be followed. */
export const pullAddress = (url: string | null): string | undefined =>
  url !== null && /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/pull\/\d+$/.test(url)
    ? url
    : undefined;
