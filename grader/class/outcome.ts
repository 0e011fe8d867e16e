import { failureKind } from "../report/group.ts";
import type { GradeReport, TestReport } from "../report/schema.ts";
import type { FoundModule } from "./files/find-module.ts";
import type { Submission } from "./find/submission.ts";

/** What became of a submission: enough for the gradebook and the page about the class, and little, since there are hundreds. */
export interface Outcome {
	readonly submission: Submission;
	/** Undefined if it was not found. */
	readonly module: FoundModule | undefined;
	/** What was left out, or chosen among several. */
	readonly notes: readonly string[];
	/** Undefined if it has not been graded: because of a fault of raft-grade, or not yet. */
	readonly result: ResultDigest | undefined;
	/** A fault of raft-grade's own. */
	readonly fault: string | undefined;
}

/** A report in short. */
export interface ResultDigest extends Pick<GradeReport, "status" | "message" | "points"> {
	/** Real seconds. */
	readonly seconds: number;
	readonly tests: readonly TestDigest[];
}

export interface TestDigest extends Pick<TestReport, "test" | "status" | "passed" | "planned"> {
	readonly failures: readonly FailureDigest[];
}

export interface FailureDigest {
	/** The same for failures of one kind, in whatever test. */
	readonly kind: string;
	readonly message: string;
	readonly cause: string | undefined;
	readonly isContained: boolean;
	/** The file that shows it, in the results' folder. */
	readonly page: string | undefined;
}

const MESSAGE_MAX_LENGTH = 300;

export function digestOf({ status, message, points, tests }: GradeReport, seconds: number): ResultDigest {
	return {
		status,
		message,
		points,
		seconds,
		tests: tests.map(({ test, status, passed, planned, failures }) => ({
			test,
			status,
			passed,
			planned,
			failures: failures.map((failure) => ({
				kind: failureKind(failure).slice(0, MESSAGE_MAX_LENGTH),
				message: failure.message.slice(0, MESSAGE_MAX_LENGTH),
				cause: failure.causes[0],
				isContained: failure.contained,
				page: failure.trace,
			})),
		})),
	};
}
