/** The directory of the dashboard's package. */
export const dashboardDirectory: string;

/** Build the dashboard, unless it is built from what is there now. Whoever else builds it meanwhile is waited for. */
export function buildDashboard(say: (line: string) => void): Promise<void>;
