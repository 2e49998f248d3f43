export declare function buildPage(): Promise<boolean>;
