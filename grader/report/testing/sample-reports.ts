import type { FailureReport, GradeReport, ReportPlace, RunRecord, TestReport } from "../schema.ts";

/** Texts that come from a submission, in every field of a report that can hold one. */
export interface UntrustedTexts {
	readonly message: string;
	readonly value: string;
	readonly file: string;
	readonly functionName: string;
	readonly event: string;
	readonly advice: string;
	readonly target: string;
}

const FRIENDLY: UntrustedTexts = {
	message: "two leaders in term 3: S0 and S5",
	value: "one leader",
	file: "src/raft.ts",
	functionName: "becomeLeader",
	event: 'S0 1.658 s AppendEntries to S4: {"term":3}',
	advice: "20 heartbeats a second to each peer; ten are enough",
	target: "src/raft.ts",
};

/** What only a hidden test's report may show. */
export const HIDDEN_SECRETS = [
	"SecretStory",
	"secret title",
	"secret message",
	"secret.ts",
	"secret event",
	"secret cause",
] as const;

/** The same text wherever a submission can put one. */
export function everywhere(text: string): UntrustedTexts {
	return { message: text, value: text, file: text, functionName: text, event: text, advice: text, target: text };
}

/** Two parts, all well. */
export function passingReport(): GradeReport {
	return report("passed", [
		testReport("InitialElection", "2A", { runs: [run("InitialElection", 0)], advice: [FRIENDLY.advice] }),
		testReport("BasicAgree", "2B", { runs: [run("BasicAgree", 0)] }),
	]);
}

/**
 * Eight schedules of each test: one test passes, one fails in two ways, one fails in a way that has no place, and of two hidden ones one
 * passes and one fails.
 */
export function failingReport(texts: UntrustedTexts = FRIENDLY): GradeReport {
	const repeated = (test: string) => Array.from({ length: 8 }, (_, i) => run(test, i));
	const twoLeaders = failure("ManyElections", [0, 3, 5, 6, 7, 2], {
		check: "election-safety",
		message: texts.message,
		expected: texts.value,
		actual: texts.value,
		places: [place(texts.file, texts.functionName), place("src/node.ts", "")],
		lastEvents: [texts.event, texts.event],
		trace: texts.file,
	});
	const stopped = failure("ManyElections", [4], {
		check: "step-timeout",
		message: texts.message,
		contained: true,
		paper: "",
		causes: [],
	});
	const shrunk = {
		run: "BasicAgree@95320fe3532c7459~L20h",
		decisions: 292,
		summary: "1 of 292 chance decisions matters.",
		choices: [texts.event],
		message: texts.message,
		atMs: 312.5,
		replay: texts.value,
	};
	const noPlace = failure("BasicAgree", [1], { message: texts.message, lastEvents: [texts.event], shrunk });
	const secret = failure("SecretStory", [0, 1], {
		message: "secret message",
		places: [place("src/secret.ts", "secret")],
		lastEvents: ["secret event"],
		causes: ["secret cause"],
	});
	const made = report("failed", [
		testReport("InitialElection", "2A", { runs: repeated("InitialElection"), advice: [texts.advice] }),
		testReport("ManyElections", "2A", { runs: repeated("ManyElections"), failures: [twoLeaders, stopped] }),
		testReport("BasicAgree", "2B", { runs: repeated("BasicAgree"), failures: [noPlace] }),
		testReport("SecretStory", "2B", {
			title: "secret title",
			visibility: "hidden",
			runs: repeated("SecretStory"),
			failures: [secret],
			advice: ["secret advice"],
		}),
		testReport("OtherSecretStory", "2B", {
			title: "other secret title",
			visibility: "hidden",
			runs: repeated("OtherSecretStory"),
		}),
	]);
	return { ...made, target: { ...made.target, name: texts.target } };
}

/** A target that could not be loaded. */
export function unusableReport(
	message = 'src/raft.ts:3:1: Could not resolve "./log.ts"\nexport make, please',
): GradeReport {
	return { ...report("unusable", []), message, target: { name: "src/raft.ts", hash: null } };
}

/** One test over, one begun, one not begun, one hidden and not begun. */
export function interruptedReport(): GradeReport {
	return report("interrupted", [
		testReport("InitialElection", "2A", { planned: 2, runs: [run("InitialElection", 0), run("InitialElection", 1)] }),
		testReport("ReElection", "2A", { planned: 2, runs: [run("ReElection", 0)] }),
		testReport("BasicAgree", "2B", { planned: 2, runs: [] }),
		testReport("SecretStory", "2B", { title: "secret title", visibility: "hidden", planned: 2, runs: [] }),
	]);
}

/** All kinds, by name. */
export const sampleReports = {
	passing: passingReport,
	failing: () => failingReport(),
	unusable: () => unusableReport(),
	interrupted: interruptedReport,
} as const;

function report(status: GradeReport["status"], tests: TestReport[]): GradeReport {
	const sum = (of: (test: TestReport) => number) => tests.reduce((total, test) => total + of(test), 0);
	return {
		format: 1,
		tool: { name: "raft-grade", version: "0.1.0", node: "v20.20.2" },
		target: { name: FRIENDLY.target, hash: "0f".repeat(32) },
		status,
		message: null,
		seed: "5eed",
		shard: null,
		scoring: "fraction",
		wallMs: 1234.5678,
		points: { earned: sum(({ points }) => points.earned), possible: sum(({ points }) => points.possible) },
		tests,
	};
}

function testReport(test: string, part: string, known: Partial<TestReport> & { runs: RunRecord[] }): TestReport {
	const failures = known.failures ?? [];
	const failedRuns = new Set(failures.flatMap(({ runs }) => runs));
	const runs = known.runs.map(
		(record): RunRecord => (failedRuns.has(record.run) ? { ...record, status: "failed" } : record),
	);
	const planned = known.planned ?? runs.length;
	const passed = runs.length - failedRuns.size;
	const isOver = runs.length === planned;
	return {
		test,
		part,
		title: `the story of ${test}`,
		visibility: "visible",
		status: failures.length > 0 ? "failed" : isOver ? "passed" : "incomplete",
		points: { earned: isOver ? (3 * passed) / planned : 0, possible: 3 },
		planned,
		passed,
		virtualMs: runs.length === 0 ? null : { median: 1679, worst: 17_800 },
		failures: [],
		advice: [],
		...known,
		runs,
	};
}

function run(test: string, repetition: number): RunRecord {
	return {
		run: runName(test, repetition),
		repetition,
		schedule: repetition === 0 ? "calm" : "race",
		status: "passed",
		virtualMs: 1679,
		wallMs: 36.125,
		servers: 3,
		rpcs: 138,
		bytes: 10_549,
		agreements: 0,
	};
}

function failure(test: string, repetitions: readonly number[], known: Partial<FailureReport>): FailureReport {
	const runs = repetitions.map((repetition) => runName(test, repetition));
	return {
		check: "check",
		message: "failed",
		atMs: 1679,
		expected: null,
		actual: null,
		places: [],
		contained: false,
		runs,
		replay: `npx raft-grade ${runs[0]}`,
		paper: "§5.2 (election safety), figure 2: votedFor",
		causes: [
			"A server voted twice in that term: votedFor isn't looked at, or is cleared although the term stays the same.",
		],
		lastEvents: [],
		...known,
	};
}

function place(file: string, functionName: string): ReportPlace {
	return { file, line: 12, column: 3, functionName };
}

function runName(test: string, repetition: number): string {
	return `${test}@${(0x95320fe3532c7458n + BigInt(repetition)).toString(16)}`;
}
