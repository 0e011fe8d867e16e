import type { Student } from "./student.ts";

/** `Jane Doe_12345_assignsubmission_file_`, and what follows if all files lie in one folder. */
const NAME = /^(.+)_(\d+)_assignsubmission_(file|onlinetext)(?:_(.*))?$/;

/** Reads the name of a folder or a file that Moodle has exported; undefined if it is none. */
export function readMoodleName(
	name: string,
): { readonly student: Student; readonly isText: boolean; readonly file: string } | undefined {
	const [, student, id, kind, file = ""] = NAME.exec(name) ?? [];
	if (student === undefined || id === undefined) return undefined;
	return { student: { name: student, id }, isText: kind === "onlinetext", file };
}
