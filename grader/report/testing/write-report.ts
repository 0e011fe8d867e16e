import type { Reporter } from "../reporter.ts";
import type { GradeReport } from "../schema.ts";

/** All that a reporter writes in the course of a grading. */
export function writeReport(reporter: Reporter, report: GradeReport): string {
	const { tests, target, seed, status } = report;
	const runs = tests.reduce((sum, { planned }) => sum + planned, 0);
	const begin = { target: target.name, seed, tests: tests.length, runs, schedules: "schedule calm" };
	const texts = [
		...(status === "unusable"
			? []
			: [reporter.begin?.(begin) ?? "", ...tests.map((test) => reporter.test?.(test) ?? "")]),
		reporter.end(report),
	];
	return texts.join("");
}
