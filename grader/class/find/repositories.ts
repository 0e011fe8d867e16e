import path from "node:path";
import { UsageError } from "../../usage-error.ts";
import { column, readCsv } from "./csv.ts";
import { studentOf } from "./roster.ts";
import type { Unnamed } from "./submission.ts";

/**
 * Reads a list of repositories: a table with the columns `student` and `repository` (relative to the list), and perhaps `at` (a branch, tag, commit or
 * date), `id`, `email` and `section`.
 *
 * @param at - for those for which the list doesn't say.
 * @throws UsageError if it is none.
 */
export async function readRepositories(file: string, at: string | undefined, cwd: string): Promise<Unnamed[]> {
	const shown = path.relative(cwd, file) || file;
	const rows = await readCsv(file, shown);
	return rows.map((row, i) => {
		const repository = column(row, "repository", "repo", "path");
		const student = studentOf(row);
		if (repository === undefined || student === undefined) {
			const missing = repository === undefined ? "repository" : "student";
			throw new UsageError(
				`${shown}, row ${i + 2}: the ${missing} is missing: give a table whose first line is student,repository,at`,
			);
		}
		const place = path.resolve(path.dirname(file), repository);
		return {
			students: [student],
			from: repository,
			isLate: false,
			source: { kind: "git", repository: place, at: column(row, "at", "ref", "branch", "tag", "date") ?? at },
		};
	});
}
