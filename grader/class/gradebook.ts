import { csvText } from "../report/csv-text.ts";
import { roundPoints } from "../report/points.ts";
import type { Student } from "./find/student.ts";
import type { Platform } from "./find/submissions.ts";
import type { Outcome } from "./outcome.ts";

/** For which program grades.csv is. */
export type GradebookFormat = "canvas" | "gradescope" | "plain";

/** What is not to be found in the outcomes. */
export interface GradebookOptions {
	readonly format: GradebookFormat;
	/** The name of the assignment, as Canvas knows it. */
	readonly assignment: string;
	/** How many points there are. */
	readonly possible: number;
	/** Those in the class who handed nothing in. */
	readonly absent: readonly Student[];
}

/** The format that suits where the submissions come from. */
export function usualFormat(platform: Platform): GradebookFormat {
	return platform === "canvas" || platform === "gradescope" ? platform : "plain";
}

interface Line {
	readonly student: Student;
	readonly outcome: Outcome | undefined;
}

/**
 * The gradebook, a line for each student: of a group, for each of its members. In an order that depends on nothing but the students. Whoever has not
 * been graded has an empty cell, which an import leaves alone. What a spreadsheet would take for a formula is given an apostrophe.
 */
export function gradebook(outcomes: readonly Outcome[], options: GradebookOptions): string {
	const lines = [
		...outcomes.flatMap((outcome) => outcome.submission.students.map((student): Line => ({ student, outcome }))),
		...options.absent.map((student): Line => ({ student, outcome: undefined })),
	].sort(byStudent);
	return csvText(FORMATS[options.format](lines, options));
}

type Cell = string | number | undefined;

const FORMATS: Readonly<
	Record<GradebookFormat, (lines: readonly Line[], options: GradebookOptions) => readonly (readonly Cell[])[]>
> = {
	// What Canvas exports and imports: any further column would be another assignment.
	canvas: (lines, { assignment, possible }) => [
		["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment],
		["Points Possible", "", "", "", "", possible],
		...lines.map(({ student, outcome }) => [
			student.name,
			student.id,
			student.sid,
			student.login,
			student.section,
			pointsOf(outcome),
		]),
	],
	gradescope: (lines, { possible }) => [
		["First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points", "Status", "Submission ID"],
		...lines.map(({ student, outcome }) => [
			...firstAndLast(student.name),
			student.sid,
			student.email,
			student.section,
			pointsOf(outcome),
			possible,
			outcome === undefined ? "Missing" : outcome.result === undefined ? "Ungraded" : "Graded",
			outcome?.submission.from.replace(/^submission_/, ""),
		]),
	],
	plain: (lines, { possible }) => [
		["student", "id", "email", "section", "points", "possible", "status", "late", "submission", "remarks"],
		...lines.map(({ student, outcome }) => [
			student.name,
			student.id ?? student.sid,
			student.email,
			student.section,
			pointsOf(outcome),
			possible,
			statusOf(outcome),
			outcome?.submission.isLate === true ? "late" : "",
			outcome?.submission.from,
			outcome === undefined ? "" : remarksOn(outcome),
		]),
	],
};

/** What grades.csv says of a submission's points; empty if it has not been graded. */
function pointsOf(outcome: Outcome | undefined): Cell {
	return outcome?.result === undefined ? "" : roundPoints(outcome.result.points.earned);
}

/** In a word. */
export function statusOf(outcome: Outcome | undefined): string {
	if (outcome === undefined) return "nothing handed in";
	return outcome.result?.status ?? (outcome.fault === undefined ? "not graded yet" : "not graded");
}

/** What is to be said of a submission besides its points. */
export function remarksOn({ result, fault, notes, module }: Outcome): string {
	return [result?.message ?? fault, ...notes, ...(module?.notes ?? [])].filter((text) => text !== undefined).join("; ");
}

function firstAndLast(name: string): [string, string] {
	const comma = name.indexOf(",");
	if (comma !== -1) return [name.slice(comma + 1).trim(), name.slice(0, comma).trim()];
	const space = name.lastIndexOf(" ");
	return space === -1 ? [name, ""] : [name.slice(0, space), name.slice(space + 1)];
}

/** Not as any country sorts: the same everywhere. */
function byStudent(a: Line, b: Line): number {
	const key = ({ student, outcome }: Line) => [
		student.name,
		student.id ?? student.sid ?? "",
		outcome?.submission.from ?? "",
	];
	const [left, right] = [key(a).join("\0"), key(b).join("\0")];
	return left < right ? -1 : left > right ? 1 : 0;
}
