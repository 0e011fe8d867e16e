import { UsageError } from "../../usage-error.ts";
import { column, type Row, readCsv } from "./csv.ts";
import type { Student } from "./student.ts";
import type { Unnamed } from "./submission.ts";

/**
 * Reads who is in the class: a gradebook as Canvas exports it, a roster as Gradescope does, or any table with such columns.
 *
 * @throws UsageError if it is none.
 */
export async function readRoster(file: string, shown: string): Promise<readonly Student[]> {
	const rows = await readCsv(file, shown);
	const students = rows.flatMap((row) => studentOf(row) ?? []);
	// Canvas has a line with the points that are possible, and a student for trying things out.
	const real = students.filter(({ name }) => !/^(?:Points Possible|Student, Test)$/i.test(name));
	if (real.length === 0)
		throw new UsageError(`${shown} names no students: a first line such as Student,ID,Section is expected`);
	return real;
}

/** The student in a row, if there is one. */
export function studentOf(row: Row): Student | undefined {
	const both = [column(row, "first name"), column(row, "last name", "surname")].filter((part) => part !== undefined);
	const email = column(row, "email", "email address");
	const name = column(row, "student", "name", "full name") ?? (both.length > 0 ? both.join(" ") : email);
	if (name === undefined) return undefined;
	return {
		name,
		id: column(row, "id", "identifier"),
		sid: column(row, "sis user id", "sid", "student id", "id number"),
		login: column(row, "sis login id", "login", "username"),
		email,
		section: column(row, "section", "sections"),
	};
}

/** What is known of somebody from the roster is added to what an export tells of them. `unknown` are those that it doesn't name. */
export function joinRoster(
	submissions: readonly Unnamed[],
	roster: readonly Student[],
): { readonly submissions: Unnamed[]; readonly absent: readonly Student[]; readonly unknown: readonly Student[] } {
	const present = new Set<Student>();
	const unknown: Student[] = [];
	const joined = submissions.map((submission): Unnamed => {
		const [first, ...others] = submission.students.map((student) => {
			const known = roster.find((entry) => isSame(student, entry));
			if (known === undefined) {
				unknown.push(student);
				return student;
			}
			present.add(known);
			const defined = Object.entries(student).filter(([, value]) => value !== undefined);
			return { ...known, ...Object.fromEntries(defined), ...(known.name === "" ? {} : { name: known.name }) };
		});
		return { ...submission, students: [first as Student, ...others] };
	});
	return { submissions: joined, absent: roster.filter((entry) => !present.has(entry)), unknown };
}

function isSame(student: Student, entry: Student): boolean {
	for (const key of ["id", "sid", "email"] as const) {
		if (student[key] !== undefined && entry[key] !== undefined) return student[key] === entry[key];
	}
	if (entry.login !== undefined && student.name.toLowerCase() === entry.login.toLowerCase()) return true;
	return squash(student.name) === squash(entry.name) || squash(student.name) === squash(turned(entry.name));
}

/** Canvas squashes "Doe, Jane" to `doejane`. */
function squash(name: string): string {
	return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** The last name first: "Jane Doe" as "Doe Jane"; "Doe, Jane" as "Jane Doe". */
function turned(name: string): string {
	const comma = name.indexOf(",");
	if (comma !== -1) return `${name.slice(comma + 1)} ${name.slice(0, comma)}`;
	const space = name.lastIndexOf(" ");
	return space === -1 ? name : `${name.slice(space + 1)} ${name.slice(0, space)}`;
}
