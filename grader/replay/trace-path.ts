import path from "node:path";

/** Where pages go if nobody says where. */
export const TRACE_FOLDER = "raft-grade-traces";

/** The file of a run's page. A test of a course's own may have any name. */
export function tracePath(run: string, folder = TRACE_FOLDER): string {
	return path.join(folder, `${run.replaceAll(/[^\w@.+~-]/g, "_")}.html`);
}
