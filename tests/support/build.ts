import '../../scripts/build.mjs';

/** The programs that tests start are built from the sources as they are now. */
export const setup = (): void => {};
